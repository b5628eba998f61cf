// A page that renews itself and never moves what one is typing.
// <main data-live="/events"> listens to server-sent events; each `changed` event names the parts to
// fetch again (ids separated by spaces, none meaning all). Where events do not pass, or without an
// address (`data-live` alone), parts are asked for every `data-live-poll` seconds (20). A part: see ui.live_region.
const POLL = 20;
const TRIES = 3;

function editable(element) {
  return element?.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

function changed(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((o) => o.selected !== o.defaultSelected);
  return "defaultValue" in field && field.value !== field.defaultValue;
}

/** Something in this part belongs to the reader for now. */
function busy(part) {
  if (part.contains(document.activeElement) && editable(document.activeElement)) return true;
  if ([...part.querySelectorAll("textarea, input, select")].some(changed)) return true;
  const selection = getSelection();
  return Boolean(selection && !selection.isCollapsed && part.contains(selection.anchorNode));
}

function nameOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const link = element.getAttribute("href");
  return link ? `${element.localName}[href="${CSS.escape(link)}"]` : null;
}

class Part {
  constructor(element) {
    this.element = element;
    this.tag = null;
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
    if (markup === this.last) return;
    if (busy(this.element)) {
      this.waiting = markup;
      return this.offer();
    }
    this.put(markup);
  }

  catchUp() {
    if (this.waiting !== null && !busy(this.element)) this.put(this.waiting);
  }

  /** Renew the part; the field in use elsewhere stays where it is on the screen. */
  put(markup) {
    const held = document.activeElement;
    const inside = this.element.contains(held) ? nameOf(held) : null;
    const opened = [...this.element.querySelectorAll("details[open][id]")].map((one) => one.id);
    const before = held?.getBoundingClientRect().top;
    this.waiting = null;
    this.last = markup;
    this.bar?.remove();
    this.element.innerHTML = markup;
    for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
    if (inside) this.element.querySelector(inside)?.focus({ preventScroll: true });
    else if (editable(held)) scrollBy(0, held.getBoundingClientRect().top - before);
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
    this.element.after(this.bar);
  }
}

class LivePage {
  constructor(root) {
    this.root = root;
    this.parts = new Map();
    for (const element of document.querySelectorAll("[data-live-part]")) {
      this.parts.set(element.id, new Part(element));
    }
    this.listen();
  }

  listen() {
    if (!window.EventSource || !this.root.dataset.live) return this.poll();
    let failures = 0;
    const source = new EventSource(this.root.dataset.live);
    source.addEventListener("open", () => (failures = 0));
    source.addEventListener("changed", (event) => this.renew(event.data));
    source.addEventListener("error", () => {
      failures += 1;
      if (failures < TRIES && source.readyState !== EventSource.CLOSED) return;
      source.close();
      this.poll();
    });
    addEventListener("pagehide", () => source.close());
    addEventListener("pageshow", (event) => event.persisted && this.listen());
  }

  poll() {
    if (this.timer) return;
    const period = 1000 * Number(this.root.dataset.livePoll || POLL);
    this.timer = setInterval(() => document.hidden || this.renew(""), period);
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
