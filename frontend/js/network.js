// Going on waits for the network. A submitted form or a link leaves its page: before it does, ask
// whether the server answers at all, rather than lose the page to the browser's own error. What was
// typed stays where it is, and the page goes on by itself when the network is back.
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

/** Whether a click leads to another page of this site, in this window. */
function leads(event, link) {
  const elsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
  if (event.defaultPrevented || elsewhere || link.hasAttribute("download")) return false;
  if (link.origin !== location.origin || !["", "_self"].includes(link.target)) return false;
  const [page, part] = link.href.split("#");
  return part === undefined || page !== location.href.split("#")[0];
}

class Gate {
  constructor() {
    this.note = Object.assign(document.createElement("p"), { className: "waits notice is-serious" });
    this.note.setAttribute("role", "status");
    document.addEventListener("submit", (event) => this.hold(event), true);
    document.addEventListener("click", (event) => this.follow(event));
    document.addEventListener("input", () => this.stay());
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

  follow(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || !leads(event, link)) return;
    event.preventDefault();
    this.held = { href: link.href };
    this.open();
  }

  /** Who types on after a link was held stays here: the link is not followed under their fingers. */
  stay() {
    if (!this.held?.href) return;
    this.held = null;
    this.note.remove();
  }

  async open() {
    clearTimeout(this.timer);
    if (!this.held || this.asking) return;
    this.asking = true;
    const there = await reachable();
    this.asking = false;
    if (!this.held) return;
    if (there) return this.pass();
    this.say();
    this.timer = setTimeout(() => this.open(), RETRY);
  }

  pass() {
    const { form, submitter, href } = this.held;
    this.held = null;
    this.note.remove();
    if (href) return location.assign(href);
    if (!form.isConnected) return;
    this.passing = form;
    form.requestSubmit(submitter?.isConnected ? submitter : null);
    this.passing = null;
  }

  /** Say it beside the button that was pressed, where the eyes are; of a link, where it is in sight. */
  say() {
    const { form, submitter } = this.held;
    const place = submitter?.closest(".foot") ?? form ?? document.querySelector(".foot") ?? document.body;
    if (this.note.parentNode !== place) place.prepend(this.note);
    const words = phrase("waits");
    if (this.note.textContent !== words) this.note.textContent = words;
  }
}

export function startNetwork() {
  new Gate();
}
