// A picture wider than its frame begins where the run stands, says at which side it goes on, and stays
// where its reader moved it when the page renews itself. A link to a folded part unfolds it.
const PICTURES = ".picture.scroll-x:has(.graph)";
const NOW = ".graph-box.is-late, .graph-box.is-failed, .graph-box.is-now, .graph-box.is-waiting";
const AIR = 8; // pixels between the frame and the first box

const placed = new WeakMap(); // picture → where this script put it
const moved = new Map(); // its name → where the reader moved it

function standing(picture) {
  const found = [...picture.querySelectorAll(NOW)];
  return (found.length ? found : [...picture.querySelectorAll(".graph-box")].slice(0, 1)).map((box) =>
    box.getBoundingClientRect(),
  );
}

/** Where the boxes under way are in sight: in the middle when all fit, else from the first of them. */
function start(size, room, from, to) {
  const middle = to - from <= room ? (from + to - room) / 2 : from - AIR;
  return Math.max(0, Math.min(middle, size - room));
}

function whereTheRunStands(picture) {
  const boxes = standing(picture);
  const frame = picture.getBoundingClientRect();
  const left = (x) => x - frame.left + picture.scrollLeft;
  const top = (y) => y - frame.top + picture.scrollTop;
  const most = (side) => Math.max(...boxes.map((box) => box[side]));
  const least = (side) => Math.min(...boxes.map((box) => box[side]));
  return [
    start(picture.scrollWidth, picture.clientWidth, left(least("left")), left(most("right"))),
    start(picture.scrollHeight, picture.clientHeight, top(least("top")), top(most("bottom"))),
  ];
}

/** Say at which sides the picture goes on. */
function tell(picture) {
  const over = picture.scrollWidth - picture.clientWidth;
  const more = [picture.scrollLeft > 1 && "start", picture.scrollLeft < over - 1 && "end"];
  picture.parentElement.dataset.more = over > 1 ? more.filter(Boolean).join(" ") : "none";
}

function place(picture) {
  if (!picture.clientWidth || !standing(picture).length) return; // folded away
  const [left, top] = moved.get(picture.ariaLabel) ?? whereTheRunStands(picture);
  picture.scrollTo(left, top);
  placed.set(picture, [picture.scrollLeft, picture.scrollTop]);
  tell(picture);
}

function scrolled(picture) {
  const here = [picture.scrollLeft, picture.scrollTop];
  if (placed.get(picture)?.some((ours, side) => Math.abs(ours - here[side]) > 1)) {
    moved.set(picture.ariaLabel, here);
  }
  tell(picture);
}

function placeAll(within) {
  within.querySelectorAll(PICTURES).forEach(place);
}

function unfold() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target?.localName === "details") target.open = true;
}

export function startPictures() {
  placeAll(document);
  unfold();
  addEventListener("hashchange", unfold);
  addEventListener("resize", () => document.querySelectorAll(PICTURES).forEach(tell));
  document.addEventListener("scroll", (e) => e.target.matches?.(PICTURES) && scrolled(e.target), true);
  document.addEventListener("live:renewed", (event) => placeAll(event.target));
  document.addEventListener("toggle", (event) => event.target.open && placeAll(event.target), true);
}
