// Small comforts: copy, print, light and dark, focus on what is wrong.
function copyable(button) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    const label = button.querySelector("span");
    const before = label.textContent;
    label.textContent = button.dataset.copied;
    setTimeout(() => (label.textContent = before), 2000);
  });
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

export function startSmallComforts() {
  document.documentElement.classList.add("has-js");
  if (navigator.clipboard) document.querySelectorAll("[data-copy]").forEach(copyable);
  else document.querySelectorAll("[data-copy]").forEach((button) => (button.hidden = true));
  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }
  document.querySelectorAll("[data-theme-form]").forEach(themes);
  document.querySelector("[data-focus]")?.focus();
}
