// Small comforts: copy, print, light and dark, focus on what is wrong.
// One ear for all: parts of a page that renew themselves bring new buttons.
async function copy(event) {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.querySelector("span");
  if (label.dataset.before) return;
  label.dataset.before = label.textContent;
  label.textContent = button.dataset.copied;
  setTimeout(() => {
    label.textContent = label.dataset.before;
    delete label.dataset.before;
  }, 2000);
}

function choose(form, chosen) {
  document.documentElement.dataset.theme = chosen;
  for (const button of document.querySelectorAll("[data-theme-form] button")) {
    button.setAttribute("aria-pressed", String(button.value === chosen));
  }
  const body = new FormData(form);
  body.set("theme", chosen);
  fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true });
}

function themes(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    choose(form, event.submitter.value);
  });
}

/** A link to something that is folded unfolds it. */
function unfoldTarget() {
  document.getElementById(location.hash.slice(1))?.querySelector("details")?.setAttribute("open", "");
}

export function startSmallComforts() {
  unfoldTarget();
  addEventListener("hashchange", unfoldTarget);
  document.documentElement.classList.add("has-js");
  document.documentElement.classList.toggle("no-clipboard", !navigator.clipboard);
  document.addEventListener("click", copy);
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
  document.querySelectorAll("[data-theme-form]").forEach(themes);
  document.querySelector("[data-focus]")?.focus();
}
