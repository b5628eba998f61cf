// What is typed into a form stays on the device until the server has it: a tab closes, a phone dies.
// <form data-draft="its address" data-draft-known="instant of the last one that the server has">.
import { dropDraft, draftOf, keepDraft, putBack, PRESSED } from "./drafts.js";
import { now } from "./time.js";

const TYPED = "textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=submit])";

class Kept {
  constructor(form) {
    this.form = form;
    this.restore();
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => keepDraft(form, now(), PRESSED));
  }

  get typed() {
    return [...this.form.querySelectorAll(TYPED)].some((field) => field.value.trim());
  }

  restore() {
    const draft = draftOf(this.form);
    if (!draft) return;
    if (draft.sent && draft.at <= Date.parse(this.form.dataset.draftKnown)) return dropDraft(this.form);
    if (this.typed) return; // a refused one is back from the server, with what is wrong
    putBack(this.form, draft.entries);
    const note = this.form.querySelector("[data-draft-back]");
    if (note) note.hidden = false;
  }

  changed() {
    if (this.typed) keepDraft(this.form, now());
    else dropDraft(this.form);
  }
}

export function startKept() {
  for (const form of document.querySelectorAll("form[data-draft]:not([data-autosave])")) new Kept(form);
}
