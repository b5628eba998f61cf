// Going on waits for the network. A submitted form leaves its page: before it does, ask whether the
// server answers at all, rather than lose the page to the browser's own error. What was typed stays
// where it is, and leaves by itself when the network is back.
import { phrase } from "./words.js";

const RETRY = 5_000;
const LONGEST = 10_000;
const OWN_WAY = "[method=dialog], [data-upload], [data-theme-form]"; // these do not leave by themselves

/** A telephone that believes to be online may still reach nothing. */
async function reachable() {
  if (!navigator.onLine) return false;
  try {
    const signal = AbortSignal.timeout(LONGEST);
    return (await fetch("/healthz", { cache: "no-store", signal })).status < 500;
  } catch {
    return false;
  }
}

class Gate {
  constructor() {
    this.note = Object.assign(document.createElement("p"), { className: "waits notice is-serious" });
    this.note.setAttribute("role", "status");
    document.addEventListener("submit", (event) => this.hold(event), true);
    addEventListener("online", () => this.open());
  }

  hold(event) {
    const form = event.target;
    if (form === this.passing || form.matches(OWN_WAY)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.held = { form, submitter: event.submitter };
    this.open();
  }

  async open() {
    clearTimeout(this.timer);
    if (!this.held || this.asking) return;
    this.asking = true;
    const there = await reachable();
    this.asking = false;
    if (there) return this.pass();
    this.say();
    this.timer = setTimeout(() => this.open(), RETRY);
  }

  pass() {
    const { form, submitter } = this.held;
    this.held = null;
    this.note.remove();
    if (!form.isConnected) return;
    this.passing = form;
    form.requestSubmit(submitter?.isConnected ? submitter : null);
    this.passing = null;
  }

  /** Say it beside the button that was pressed, where the eyes are. */
  say() {
    const { form, submitter } = this.held;
    const place = submitter?.closest(".foot") ?? form;
    if (this.note.parentNode !== place) place.prepend(this.note);
    const words = phrase("waits");
    if (this.note.textContent !== words) this.note.textContent = words;
  }
}

export function startNetwork() {
  new Gate();
}
