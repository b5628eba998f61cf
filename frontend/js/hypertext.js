// htmx: our token on what it sends, our words when it fails. An answer may bring a toast with the
// header HX-Trigger: {"toast": {"text": "…", "tone": "good"}}.
import { toast } from "./toasts.js";
import { phrase } from "./words.js";

function wordsOf(markup) {
  const page = new DOMParser().parseFromString(markup ?? "", "text/html");
  return page.body.textContent.replace(/\s+/g, " ").trim().slice(0, 400);
}

export function startHypertext() {
  document.body.addEventListener("htmx:configRequest", (event) => {
    const token = document.body.dataset.csrf;
    if (token) event.detail.headers["X-CSRFToken"] = token;
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    toast(wordsOf(event.detail.xhr.responseText) || phrase("failed"), "critical");
  });
  document.body.addEventListener("htmx:sendError", () => toast(phrase("failed"), "critical"));
  document.body.addEventListener("toast", ({ detail }) => toast(detail.text, detail.tone));
}
