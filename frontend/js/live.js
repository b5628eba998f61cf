// A page that renews itself and never moves what one is typing.
// <main data-live="/events"> listens to server-sent events; each `changed` event names the parts to
// fetch again (ids separated by spaces, none meaning all). Where events do not pass, or without an
// address (`data-live` alone), parts are asked for every `data-live-poll` seconds (20). A part: see ui.live_region.
import { busy, saidBy, spare } from "./reader.js";

const POLL = 20;
const TRIES = 3;
const AGAIN = 15; // seconds until events are tried again where they did not pass; doubled each time
const SELDOM = 300; // and never more than that
const AWAY = 3000; // milliseconds out of sight after which a page stops listening

class Part {
  constructor(element) {
    this.element = element;
    this.tag = null;
    this.said = saidBy(element.innerHTML);
    this.waiting = null;
    element.addEventListener("focusout", () => setTimeout(() => this.catchUp()));
  }

  async fetch() {
    const headers = { Accept: "text/html", "HX-Request": "true" };
    if (this.tag) headers["If-None-Match"] = this.tag;
    const answer = await fetch(this.element.dataset.liveHref, { headers });
    if (answer.status !== 200) return;
    this.tag = answer.headers.get("ETag");
    this.take(await answer.text());
  }

  take(markup) {
    if (saidBy(markup) === this.said) return;
    if (busy(this.element, markup)) {
      this.waiting = markup;
      return this.offer();
    }
    this.put(markup);
  }

  catchUp() {
    if (this.waiting !== null && !busy(this.element, this.waiting)) this.put(this.waiting);
  }

  /** Renew the part; what the reader has there stays as it is. */
  put(markup) {
    this.waiting = null;
    this.said = saidBy(markup);
    this.bar?.remove();
    spare(this.element, () => (this.element.innerHTML = markup));
    window.htmx?.process(this.element);
    this.element.dispatchEvent(new CustomEvent("live:renewed", { bubbles: true }));
  }

  /** There is news, but the reader is writing here: ask. */
  offer() {
    if (this.bar?.isConnected) return;
    this.bar = Object.assign(document.createElement("div"), { className: "live-bar" });
    const words = Object.assign(document.createElement("span"), {
      textContent: this.element.dataset.livePending,
    });
    words.setAttribute("role", "status");
    const show = Object.assign(document.createElement("button"), {
      type: "button",
      className: "btn btn-quiet btn-sm",
      textContent: this.element.dataset.liveShow,
    });
    show.addEventListener("click", () => this.put(this.waiting));
    this.bar.append(words, show);
    this.element.before(this.bar);
  }
}

class LivePage {
  constructor(root) {
    this.root = root;
    this.patience = AGAIN;
    this.parts = new Map();
    for (const element of document.querySelectorAll("[data-live-part]")) {
      this.parts.set(element.id, new Part(element));
    }
    if (!document.hidden) this.listen();
    addEventListener("pagehide", () => this.rest());
    addEventListener("pageshow", (event) => event.persisted && this.wake());
    document.addEventListener("visibilitychange", () => this.seen(!document.hidden));
  }

  listen() {
    this.rest();
    if (!window.EventSource || !this.root.dataset.live) return this.poll();
    let failures = 0;
    const source = (this.source = new EventSource(this.root.dataset.live));
    source.addEventListener("open", () => {
      failures = 0;
      this.patience = AGAIN;
    });
    source.addEventListener("changed", (event) => this.renew(event.data));
    source.addEventListener("error", () => {
      failures += 1;
      if (failures < TRIES && source.readyState !== EventSource.CLOSED) return;
      this.poll();
      this.again = setTimeout(() => this.wake(), 1000 * this.patience);
      this.patience = Math.min(SELDOM, 2 * this.patience);
    });
  }

  poll() {
    this.rest();
    const period = 1000 * Number(this.root.dataset.livePoll || POLL);
    this.timer = setInterval(() => this.renew(""), period);
  }

  /** Ask and listen no more: a stream holds a thread of the server. */
  rest() {
    this.source?.close();
    this.source = null;
    clearInterval(this.timer);
    this.timer = null;
    clearTimeout(this.again);
  }

  wake() {
    this.renew("");
    this.listen();
  }

  /** A page out of sight, in a pocket or behind others, rests; it catches up once it is looked at. */
  seen(inSight) {
    clearTimeout(this.leaving);
    if (!inSight) this.leaving = setTimeout(() => this.rest(), AWAY);
    else if (!this.source && !this.timer) this.wake();
  }

  renew(named) {
    const wanted = named.split(/\s+/).filter(Boolean);
    for (const [id, part] of this.parts) {
      if (!wanted.length || wanted.includes(id)) part.fetch().catch(() => {});
    }
  }
}

export function startLive() {
  const root = document.querySelector("[data-live]");
  if (root) new LivePage(root);
}
