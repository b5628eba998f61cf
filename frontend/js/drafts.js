// What was typed and not yet confirmed by the server, kept on the device.
const PREFIX = "cyberdesk-draft:";
// A form went off by itself: whether it arrived is for its own page to say, at its own time.
export const PRESSED = "pressed";
const NEVER = new Set(["csrf_token", "search"]);

function keyOf(form) {
  return PREFIX + (form.dataset.draft || form.dataset.autosave);
}

function kept(element) {
  return (
    element.name && !NEVER.has(element.name) && !["file", "password", "submit"].includes(element.type)
  );
}

export function entriesOf(form) {
  const names = new Set([...form.elements].filter(kept).map((element) => element.name));
  return [...new FormData(form)].filter(([name, value]) => names.has(name) && value.length >= 0);
}

/** Keep what stands in the form; `sent` says that it is on its way to the server as well. */
export function keepDraft(form, at, sent = false) {
  try {
    localStorage.setItem(keyOf(form), JSON.stringify({ at, sent, entries: entriesOf(form) }));
    return true;
  } catch {
    return false; // private browsing or a full device: the server remains
  }
}

export function draftOf(form) {
  try {
    return JSON.parse(localStorage.getItem(keyOf(form)));
  } catch {
    return null;
  }
}

export function dropDraft(form) {
  try {
    localStorage.removeItem(keyOf(form));
  } catch {
    // nothing was kept either
  }
}

/** Forget the drafts that were sent until `instant`: the server has them, and others may use the phone. */
export function dropDraftsUntil(instant) {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    const { at, sent } = JSON.parse(localStorage.getItem(key));
    if (instant === Infinity || (sent === true && at <= instant)) localStorage.removeItem(key);
  }
}

export function putBack(form, entries) {
  const values = new Map();
  for (const [name, value] of entries) values.set(name, [...(values.get(name) ?? []), value]);
  for (const element of [...form.elements].filter(kept)) {
    const mine = values.get(element.name) ?? [];
    if (element.type === "checkbox" || element.type === "radio") {
      element.checked = mine.includes(element.value);
    } else if (element.tagName === "SELECT") {
      for (const option of element.options) option.selected = mine.includes(option.value);
    } else {
      element.value = mine.shift() ?? "";
    }
  }
}
