// Search as you type, after the ARIA combobox pattern with list autocomplete. The text field and
// its hidden value are there without us; we only spare the way through the server.
import { fill } from "./words.js";

const PAUSE = 180;
const SHORTEST = 2;

class Combobox {
  constructor(box) {
    this.box = box;
    this.text = box.querySelector("input[type=text]");
    this.value = box.querySelector("input[type=hidden]");
    this.value.disabled = false;
    this.list = this.make("ul", { role: "listbox", id: `${this.text.id}-list`, class: "combo-list" });
    this.said = this.make("span", { role: "status", class: "visually-hidden" });
    this.list.setAttribute("aria-label", this.text.labels[0]?.textContent.trim() ?? "");
    this.list.hidden = true;
    box.append(this.list, this.said);
    this.dress();
    this.text.addEventListener("input", () => this.typed());
    this.text.addEventListener("keydown", (event) => this.key(event));
    this.text.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => this.pressed(event));
  }

  make(tag, attributes) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  dress() {
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    for (const [name, value] of Object.entries(roles)) this.text.setAttribute(name, value);
    this.text.setAttribute("aria-controls", this.list.id);
  }

  typed() {
    this.value.value = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const query = this.text.value.trim();
    this.asking?.abort();
    if (query.length < SHORTEST) return this.close();
    this.asking = new AbortController();
    const address = new URL(this.box.dataset.combo, location.href);
    address.searchParams.set("q", query);
    const options = { signal: this.asking.signal, headers: { Accept: "application/json" } };
    try {
      const answer = await fetch(address, options);
      if (!answer.ok) throw new Error(answer.statusText);
      this.show(await answer.json());
    } catch (problem) {
      if (problem.name !== "AbortError") this.tell(this.box.dataset.offline);
    }
  }

  show(found) {
    if (!found.length) return this.tell(this.box.dataset.none);
    this.list.replaceChildren(...found.map((one, index) => this.option(one, index)));
    this.said.textContent = fill(this.box.dataset.count, { count: found.length });
    this.open();
  }

  option({ value, label, detail }, index) {
    const item = this.make("li", { role: "option", id: `${this.list.id}-${index}` });
    item.dataset.value = value;
    item.dataset.label = label;
    item.append(label);
    if (detail) item.append(Object.assign(document.createElement("small"), { textContent: detail }));
    return item;
  }

  tell(words) {
    const line = this.make("li", { role: "option", "aria-disabled": "true", class: "none" });
    line.textContent = words;
    this.list.replaceChildren(line);
    this.said.textContent = words;
    this.open();
  }

  open() {
    this.list.hidden = false;
    this.text.setAttribute("aria-expanded", "true");
    this.text.removeAttribute("aria-activedescendant");
  }

  close() {
    this.list.hidden = true;
    this.text.setAttribute("aria-expanded", "false");
    this.text.removeAttribute("aria-activedescendant");
  }

  get current() {
    return this.list.querySelector("[aria-selected=true]");
  }

  move(step) {
    const items = [...this.list.querySelectorAll("[data-value]")];
    if (this.list.hidden || !items.length) return;
    const from = items.indexOf(this.current);
    const to = from < 0 ? (step > 0 ? 0 : items.length - 1) : from + step;
    const next = items[(to + items.length) % items.length];
    for (const item of items) item.setAttribute("aria-selected", String(item === next));
    this.text.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      this.move(step);
    } else if (event.key === "Enter" && !this.list.hidden && this.current) {
      event.preventDefault();
      this.choose(this.current);
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    }
  }

  pressed(event) {
    event.preventDefault();
    const item = event.target.closest("[data-value]");
    if (item) this.choose(item);
  }

  choose(item) {
    this.text.value = item.dataset.label;
    this.value.value = item.dataset.value;
    this.close();
    this.value.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

export function startComboboxes(root = document) {
  for (const box of root.querySelectorAll("[data-combo]")) new Combobox(box);
}
