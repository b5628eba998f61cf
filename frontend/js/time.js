// The server's clock, so that a phone set to the wrong hour shows the right one, and so that an
// exercise running four times too fast does so on every screen.
import { phrase, language } from "./words.js";

const loaded = performance.now();
const start = Date.parse(document.body.dataset.now ?? "") || Date.now();
export const rate = Number(document.body.dataset.rate ?? 1) || 1;

const NARROW = "\u202f";
const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
const UNITS = [
  ["day", DAY],
  ["hour", HOUR],
  ["minute", MINUTE],
  ["second", 1],
];
const nearness = new Intl.RelativeTimeFormat(language, { style: "short" });

/** The present instant, in milliseconds, as the server would tell it. */
export function now() {
  return start + (performance.now() - loaded) * rate;
}

/** `71 h 10`, `9 min`: the twin of `formatting.duration`. */
export function duration(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  if (seconds < MINUTE) return `${seconds}${NARROW}s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}${NARROW}min`;
  if (seconds < 4 * DAY) {
    const minutes = Math.floor((seconds % HOUR) / MINUTE);
    const hours = `${Math.floor(seconds / HOUR)}${NARROW}h`;
    return minutes ? `${hours}${NARROW}${String(minutes).padStart(2, "0")}` : hours;
  }
  const hours = Math.floor((seconds % DAY) / HOUR);
  const days = `${Math.floor(seconds / DAY)}${NARROW}${phrase("day")}`;
  return hours ? `${days}${NARROW}${hours}${NARROW}h` : days;
}

/** `il y a 3 h`: the twin of `formatting.relative`. */
export function relative(instant) {
  const gap = instant - now();
  const seconds = Math.floor(Math.abs(gap) / 1000);
  const [unit, length] = UNITS.find(([, size]) => seconds >= size) ?? UNITS[3];
  const count = Math.max(1, Math.floor(seconds / length));
  return nearness.format(gap >= 0 ? count : -count, unit);
}

/** `07:43`, in the time of the communes wherever the device thinks it is. */
export function hour(instant = now()) {
  const look = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Europe/Paris" };
  return new Intl.DateTimeFormat(language, look).format(instant);
}
