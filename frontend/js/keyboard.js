// The desk from the keyboard: J and K walk the lines, Enter opens (it is a link), any element with
// data-key="p" answers to its letter, in the current line first. Never while one is typing, and
// it can be switched off (WCAG 2.1.4). Escape shuts an open menu; a link to a form leads into it.
const SWITCH = "cyberdesk-keys";
const FIELD = "textarea, select, input:not([type=hidden])";

function typing(target) {
  if (target.closest("dialog:not([open])")) return false; // the sheet is shut; its focus stays a moment
  return target.isContentEditable || target.closest("input, textarea, select, dialog[open]");
}

function rows() {
  return [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);
}

function currentRow() {
  return document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-current]");
}

function walk(step) {
  const all = rows();
  if (!all.length) return false;
  const from = all.indexOf(currentRow());
  const to = from < 0 ? (step > 0 ? 0 : all.length - 1) : from + step;
  const next = all[Math.max(0, Math.min(all.length - 1, to))];
  for (const row of all) row.toggleAttribute("data-current", row === next);
  next.querySelector("[data-row-link]")?.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function press(key) {
  const named = `[data-key="${CSS.escape(key)}"]`;
  const outside = [...document.querySelectorAll(named)].find((one) => !one.closest("[data-row]"));
  const target = currentRow()?.querySelector(named) ?? outside;
  if (!target) return false;
  if (target.matches("input, textarea, summary")) target.focus();
  if (!target.matches("input, textarea")) target.click();
  return true;
}

function help() {
  const sheet = document.getElementById("keys");
  if (!sheet) return false;
  sheet.showModal();
  return true;
}

/** Shut the menu one is in, and go back to what opened it. */
function shut(event) {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.preventDefault();
}

/** A menu that one leaves does not stay open over the page. */
function left(event) {
  const menu = event.target.closest?.("details.menu[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
}

/** `#write` names a form: whoever follows a link to it wants to type. */
function arrive() {
  const place = document.getElementById(location.hash.slice(1));
  if (!place?.matches("form, details:has(form)")) return;
  if (place.localName === "details") place.open = true;
  place.querySelector(FIELD)?.focus();
}

function answer(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape") return shut(event);
  if (typing(event.target)) return;
  if (event.key === "?") return help() && event.preventDefault();
  if (localStorage.getItem(SWITCH) === "off") return;
  const key = event.key.toLowerCase();
  const done = key === "j" ? walk(1) : key === "k" ? walk(-1) : key.length === 1 && press(key);
  if (done) event.preventDefault();
}

export function startKeyboard() {
  document.addEventListener("keydown", answer);
  document.addEventListener("focusout", left);
  addEventListener("hashchange", arrive);
  if (document.readyState === "complete") arrive();
  else addEventListener("load", () => setTimeout(arrive)); // the browser goes to the fragment first
  const sheet = document.getElementById("keys");
  sheet?.querySelector("[data-close]")?.addEventListener("click", () => sheet.close());
  const toggle = document.getElementById("keys-on");
  if (!toggle) return;
  toggle.checked = localStorage.getItem(SWITCH) !== "off";
  toggle.addEventListener("change", () => localStorage.setItem(SWITCH, toggle.checked ? "on" : "off"));
}
