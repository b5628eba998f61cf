// The desk from the keyboard: J and K walk the lines, Enter opens (it is a link), any element with
// data-key="p" answers to its letter, in the current line first. Never while one is typing, and
// it can be switched off (WCAG 2.1.4).
const SWITCH = "cyberdesk-keys";

function typing(target) {
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
  if (target.matches("input, textarea")) target.focus();
  else target.click();
  return true;
}

function help() {
  const sheet = document.getElementById("keys");
  if (!sheet) return false;
  sheet.showModal();
  return true;
}

function answer(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (typing(event.target)) return;
  if (event.key === "?") return help() && event.preventDefault();
  if (localStorage.getItem(SWITCH) === "off") return;
  const key = event.key.toLowerCase();
  const done = key === "j" ? walk(1) : key === "k" ? walk(-1) : key.length === 1 && press(key);
  if (done) event.preventDefault();
}

export function startKeyboard() {
  document.addEventListener("keydown", answer);
  const sheet = document.getElementById("keys");
  sheet?.querySelector("[data-close]")?.addEventListener("click", () => sheet.close());
  const toggle = document.getElementById("keys-on");
  if (!toggle) return;
  toggle.checked = localStorage.getItem(SWITCH) !== "off";
  toggle.addEventListener("change", () => localStorage.setItem(SWITCH, toggle.checked ? "on" : "off"));
}
