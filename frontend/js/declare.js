// Pages without an account.
import { startAutosave } from "./autosave.js";
import { startClocks } from "./clocks.js";
import { startComboboxes } from "./combobox.js";
import { startKept } from "./kept.js";
import { startLive } from "./live.js";
import { startNetwork } from "./network.js";
import { startSmallComforts } from "./small.js";
import { startUploads } from "./uploads.js";

startSmallComforts();
startClocks();
startComboboxes();
startAutosave();
startKept();
startUploads();
startLive();
startNetwork();
