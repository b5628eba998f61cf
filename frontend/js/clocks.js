// Clocks drain, waits lengthen and "three minutes ago" grows old while one looks.
import { duration, now, rate, relative } from "./time.js";
import { phrase } from "./words.js";

const PERIOD = rate > 1 ? 1000 : 5000;
const STATES = ["calm", "soon", "urgent", "late"];
const TEN_MINUTES = 600_000;

function write(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}

function share(left, whole) {
  if (left <= 0) return 0;
  return whole ? Math.max(1, Math.min(100, Math.round((100 * left) / whole))) : 100;
}

function pressure(left, percent) {
  if (left <= 0) return "late";
  if (percent <= 10 || left <= TEN_MINUTES) return "urgent";
  return percent <= 33 ? "soon" : "calm";
}

function tickClock(clock) {
  const end = Date.parse(clock.dataset.clock);
  const left = end - now();
  const whole = clock.dataset.from ? end - Date.parse(clock.dataset.from) : 0;
  const percent = share(left, whole);
  const state = pressure(left, percent);
  const words = phrase(left > 0 ? "left" : "over", { time: duration(left) });
  write(clock.querySelector("[data-left]"), words);
  clock.querySelector("rect")?.setAttribute("width", percent || 100);
  for (const name of STATES) clock.classList.toggle(`clock-${name}`, name === state);
}

function tick() {
  if (document.hidden) return;
  document.querySelectorAll("[data-clock]").forEach(tickClock);
  for (const mark of document.querySelectorAll("[data-relative]")) {
    write(mark, relative(Date.parse(mark.dataset.relative)));
  }
  for (const mark of document.querySelectorAll("[data-waiting]")) {
    write(mark, phrase("since", { time: duration(now() - Date.parse(mark.dataset.waiting)) }));
  }
}

export function startClocks() {
  setInterval(tick, PERIOD);
  document.addEventListener("visibilitychange", tick);
}
