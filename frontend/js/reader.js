// What belongs to whoever reads a part while it is renewed: what they typed, what they unfolded,
// where they are, what they look at.
const FIELDS = "textarea, input:not([type=hidden], [type=file]), select";

export function editable(element) {
  return element?.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
}

function changed(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((o) => o.selected !== o.defaultSelected);
  return "defaultValue" in field && field.value !== field.defaultValue;
}

/** What a part says, without what differs each time it is drawn: tokens, and the time that passes. */
export function saidBy(markup) {
  const drawn = Object.assign(document.createElement("template"), { innerHTML: markup }).content;
  for (const passing of drawn.querySelectorAll("[data-relative], [data-left]")) passing.textContent = "";
  for (const token of drawn.querySelectorAll("[name=csrf_token]")) token.removeAttribute("value");
  for (const bar of drawn.querySelectorAll(".clock rect")) bar.removeAttribute("width");
  const whole = [...drawn.childNodes].map((node) => node.outerHTML ?? node.textContent).join("");
  return whole.replace(/\s+/g, " ").trim();
}

/** What the reader stands on is not in `markup`: Enter would do nothing any more. */
function vanishes(part, markup) {
  const held = document.activeElement;
  const name = part.contains(held) ? nameOf(held) : null;
  if (!name) return false;
  const coming = Object.assign(document.createElement("template"), { innerHTML: markup });
  return !coming.content.querySelector(name);
}

/** Something in this part belongs to the reader for now, and `markup` would take it away. */
export function busy(part, markup) {
  if (vanishes(part, markup)) return true;
  if (part.contains(document.activeElement) && editable(document.activeElement)) return true;
  if ([...part.querySelectorAll(FIELDS)].some(changed)) return true;
  const selection = getSelection();
  return Boolean(selection && !selection.isCollapsed && part.contains(selection.anchorNode));
}

/** A selector that finds the element again in what takes its place, or null. */
function nameOf(element) {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const link = element.getAttribute("href");
  if (link) return `${element.localName}[href="${CSS.escape(link)}"]`;
  const near = element.closest("form[action]")?.getAttribute("action");
  if (!near || !element.name) return null;
  const value = element.value ? `[value="${CSS.escape(element.value)}"]` : "";
  return `form[action="${CSS.escape(near)}"] [name="${CSS.escape(element.name)}"]${value}`;
}

function foldName(details) {
  return `${details.closest("[id]")?.id}\n${details.querySelector("summary")?.textContent}`;
}

function unfolded(part) {
  const names = new Set([...part.querySelectorAll("details[open]")].map(foldName));
  return () => {
    for (const one of part.querySelectorAll("details")) if (names.has(foldName(one))) one.open = true;
  };
}

function typed(part) {
  const kept = [...part.querySelectorAll(FIELDS)].filter(changed);
  const values = kept.map((field) => [nameOf(field), field]).filter(([name]) => name);
  return () => {
    for (const [name, old] of values) {
      const field = part.querySelector(name);
      if (!field) continue;
      if (old.type === "checkbox" || old.type === "radio") field.checked = old.checked;
      else field.value = old.value;
    }
  };
}

/** What is looked at: the field in use, else the first thing in sight of a part that begins above. */
function lookedAt(part) {
  const held = document.activeElement;
  if (editable(held)) return held;
  if (part.getBoundingClientRect().top >= 0) return null;
  return [...part.querySelectorAll("[id]")].find((one) => one.getBoundingClientRect().bottom > 0);
}

function inSight(part) {
  const first = lookedAt(part);
  const before = first?.getBoundingClientRect().top;
  return () => {
    const now = first?.isConnected ? first : first?.id && document.getElementById(first.id);
    if (now) scrollBy(0, now.getBoundingClientRect().top - before);
  };
}

function focused(part) {
  const held = document.activeElement;
  const name = part.contains(held) ? nameOf(held) : null;
  return () => name && part.querySelector(name)?.focus({ preventScroll: true });
}

/** Renew the part by `change`, and give the reader back what was theirs. */
export function spare(part, change) {
  const givers = [unfolded(part), typed(part), focused(part), inSight(part)];
  change();
  for (const give of givers) give();
}
