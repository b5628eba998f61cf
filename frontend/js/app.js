// The desk.
import { startAutosave } from "./autosave.js";
import { startClocks } from "./clocks.js";
import { startComboboxes } from "./combobox.js";
import { startHypertext } from "./hypertext.js";
import { startKeyboard } from "./keyboard.js";
import { startLive } from "./live.js";
import { startPictures } from "./pictures.js";
import { startSmallComforts } from "./small.js";
import { startUploads } from "./uploads.js";

startSmallComforts();
startClocks();
startComboboxes();
startUploads();
startAutosave();
startKeyboard();
startHypertext();
startLive();
startPictures();
