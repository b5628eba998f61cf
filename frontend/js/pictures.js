// A picture wider than its place shows first what is under way; a link to a folded part unfolds it.
const NOW = ".graph-box.is-late, .graph-box.is-failed, .graph-box.is-now, .graph-box.is-waiting";

function middle(picture) {
  if (picture.scrollWidth <= picture.clientWidth) return;
  const box = picture.querySelector(NOW) ?? picture.querySelector(".graph-box");
  if (!box) return;
  const here = box.getBoundingClientRect();
  const frame = picture.getBoundingClientRect();
  picture.scrollLeft += here.left + here.width / 2 - frame.left - frame.width / 2;
}

function middleAll(within) {
  within.querySelectorAll(".picture.scroll-x:has(.graph)").forEach(middle);
}

function unfold() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target?.localName === "details") target.open = true;
}

export function startPictures() {
  middleAll(document);
  unfold();
  addEventListener("hashchange", unfold);
  document.addEventListener("live:renewed", (event) => middleAll(event.target));
  document.addEventListener("toggle", (event) => event.target.open && middleAll(event.target), true);
}
