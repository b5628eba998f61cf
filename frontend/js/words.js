// Words come from the page; scripts know no language of their own.
const held = document.getElementById("phrases")?.dataset ?? {};

export const language = document.documentElement.lang || "fr";

/** Fill `%(name)s` in a text that the server translated. */
export function fill(text, values = {}) {
  return (text ?? "").replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}

export function phrase(name, values) {
  return fill(held[name], values);
}
