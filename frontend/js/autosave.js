// A declaration is saved while it is written. Without a network it stays on the device, says so,
// and leaves by itself when the network is back. <form data-autosave="address"> is sent there as
// it would be submitted; any 2xx answer means saved. `data-saved-at` on any element tells until when
// the server knows everything; `data-forget-drafts` that nothing need be kept.
import { dropDraft, dropDraftsUntil, draftOf, keepDraft, putBack } from "./drafts.js";
import { hour, now } from "./time.js";
import { fill } from "./words.js";

const PAUSE = 700;
const RETRY = 10_000;

class Autosave {
  constructor(form) {
    this.form = form;
    this.state = document.querySelector("[data-saved-state]");
    this.dirty = false;
    this.sending = false;
    this.leaving = false;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", () => this.submitted());
    addEventListener("online", () => this.send());
    addEventListener("offline", () => this.say("offline"));
    addEventListener("pagehide", () => this.leave());
    this.restore();
  }

  /** Show how safe the answers are, in the words the page brought. */
  say(state) {
    if (!this.state) return;
    this.state.dataset.state = state;
    const words = fill(this.state.dataset[state], { time: hour() });
    const place = this.state.querySelector("[data-saved-words]");
    if (place.textContent !== words) place.textContent = words;
  }

  restore() {
    const draft = draftOf(this.form);
    if (!draft) return;
    putBack(this.form, draft.entries);
    this.dirty = true;
    this.say("restored");
    this.later(PAUSE);
  }

  changed() {
    this.dirty = true;
    keepDraft(this.form, now());
    this.later(PAUSE);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  async send() {
    if (!this.dirty || this.sending) return;
    if (!navigator.onLine) return this.away();
    this.sending = true;
    this.dirty = false;
    try {
      const answer = await fetch(this.form.dataset.autosave, {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json" },
      });
      this.answered(answer);
    } catch {
      this.dirty = true;
      this.away();
    } finally {
      this.sending = false;
    }
  }

  answered(answer) {
    if (answer.ok) {
      if (!this.dirty) dropDraft(this.form);
      this.say("saved");
      if (this.dirty) this.later(PAUSE);
      return;
    }
    this.dirty = true;
    if (answer.status === 429 || answer.status >= 500) return this.away();
    return this.say("refused");
  }

  away() {
    this.say("offline");
    this.later(RETRY);
  }

  /** The form leaves: `network.js` has seen that the server is there. */
  submitted() {
    this.leaving = true;
    keepDraft(this.form, now(), true);
  }

  leave() {
    if (this.dirty && !this.leaving && navigator.onLine) {
      keepDraft(this.form, now(), true);
      navigator.sendBeacon(this.form.dataset.autosave, new FormData(this.form));
    }
  }
}

export function startAutosave() {
  const saved = document.querySelector("[data-saved-at]")?.dataset.savedAt;
  if (saved) dropDraftsUntil(Date.parse(saved));
  if (document.querySelector("[data-forget-drafts]")) dropDraftsUntil(Infinity);
  for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);
}
