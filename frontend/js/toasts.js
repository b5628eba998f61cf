// Short words in a corner, spoken too. Bad news stays until it is closed.
import { phrase } from "./words.js";

const STAY = 8000;

export function toast(text, tone = "info") {
  const place = document.getElementById("toasts");
  if (!place || !text) return;
  const box = Object.assign(document.createElement("div"), { className: `notice is-${tone}` });
  const words = Object.assign(document.createElement("p"), { textContent: text });
  const close = Object.assign(document.createElement("button"), {
    type: "button",
    className: "btn btn-plain btn-sm",
    textContent: phrase("close"),
  });
  close.addEventListener("click", () => box.remove());
  box.append(words, close);
  place.append(box);
  if (tone !== "critical") setTimeout(() => box.remove(), STAY);
}
