// Files: dropped or chosen, named before they leave, and sent with a bar that tells how far.
// <form data-upload> is submitted as always; only the waiting is shown.
import { fill, language } from "./words.js";

const TOLD = "cyberdesk-told";

function dropZone(zone) {
  const input = zone.querySelector("input[type=file]");
  const names = zone.querySelector("[data-drop-names]");
  const show = () => {
    const chosen = [...input.files].map((file) => file.name).join(", ");
    names.textContent = chosen ? fill(zone.dataset.chosen, { names: chosen }) : "";
  };
  const over = (event) => {
    event.preventDefault();
    zone.classList.toggle("is-over", event.type === "dragover");
  };
  zone.addEventListener("dragover", over);
  zone.addEventListener("dragleave", over);
  zone.addEventListener("drop", (event) => {
    over(event);
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  input.addEventListener("change", show);
}

// The page that answers says once what was kept and what was not: carry it to the one that is shown.
function keepTold(page) {
  const told = page.querySelector("[data-flashes]:not([hidden])");
  try {
    if (told) sessionStorage.setItem(TOLD, told.outerHTML);
  } catch {
    // private browsing: the list of files still shows what was kept
  }
}

function showTold() {
  try {
    const told = sessionStorage.getItem(TOLD);
    sessionStorage.removeItem(TOLD);
    const place = document.querySelector("[data-flashes]");
    if (told && place) place.outerHTML = told;
  } catch {
    // as above
  }
}

class Upload {
  constructor(form, submitter) {
    this.form = form;
    this.place = form.querySelector("[data-upload-state]");
    this.words = this.place.querySelector("[role=status]");
    this.bar = this.place.querySelector("progress");
    this.body = new FormData(form);
    if (submitter?.name) this.body.append(submitter.name, submitter.value);
  }

  start() {
    this.place.hidden = false;
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => this.sent(event));
    request.addEventListener("load", () => this.arrived(request));
    request.addEventListener("error", () => (this.words.textContent = this.words.dataset.failed));
    request.open("POST", this.form.action);
    request.setRequestHeader("Accept", "text/html");
    request.send(this.body);
  }

  sent(event) {
    if (!event.lengthComputable) return;
    const part = event.loaded / event.total;
    const percent = new Intl.NumberFormat(language, { style: "percent" }).format(part);
    this.bar.value = 100 * part;
    const { checking, sending } = this.words.dataset;
    this.words.textContent = part < 1 ? fill(sending, { percent }) : checking;
  }

  arrived(request) {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    if (request.status < 400) {
      keepTold(page);
      return location.assign(request.responseURL);
    }
    const fresh = page.querySelector("main");
    if (!fresh) return (this.words.textContent = this.words.dataset.failed);
    document.querySelector("main").replaceWith(fresh);
    startUploads(fresh);
    fresh.querySelector("[data-focus]")?.focus();
  }
}

function begin(event) {
  const form = event.target;
  const files = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  if (!files || !form.querySelector("[data-upload-state]")) return;
  event.preventDefault();
  new Upload(form, event.submitter).start();
}

export function startUploads(root = document) {
  if (root === document) showTold();
  root.querySelectorAll("[data-drop]").forEach(dropZone);
  for (const form of root.querySelectorAll("form[data-upload]")) {
    form.addEventListener("submit", begin);
  }
}
