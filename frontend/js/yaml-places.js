// Where one stands in a YAML text, and what a JSON Schema says of that place. No parser: an author's
// text is broken most of the time, and indentation alone says enough.
const KEY = /^(\s*)((?:- )*)([A-Za-z0-9_]+)\s*:(?:\s|$)/;

/** Return how a line is indented and the key that it begins with, if any. */
export function keyOf(text) {
  const found = KEY.exec(text);
  if (!found) return null;
  const [, spaces, dashes, key] = found;
  return { indent: spaces.length + dashes.length, key, items: dashes.length > 0, from: spaces.length + dashes.length };
}

/** Return the keys above a line that is indented by `indent`, outermost first. */
export function pathTo(lineAt, number, indent) {
  const path = [];
  let depth = indent;
  for (let n = number - 1; n > 0 && depth > 0; n -= 1) {
    const text = lineAt(n);
    if (!text.trim() || text.trimStart().startsWith("#")) continue;
    const held = keyOf(text);
    if (held && held.indent < depth) {
      path.unshift(held.key);
      depth = held.indent;
    }
  }
  return path;
}

/** Return the keys beside a line: those of the same mapping, before and after it. */
export function besides(lineAt, lines, number, indent) {
  const keys = [];
  const walk = (start, by) => {
    for (let n = start; n > 0 && n <= lines; n += by) {
      const text = lineAt(n);
      if (!text.trim()) continue;
      const spaces = text.length - text.trimStart().length;
      const held = keyOf(text);
      if (held && held.indent === indent) keys.push(held.key);
      if (held?.items && held.indent === indent && by < 0) return;
      if (spaces < indent) return;
    }
  };
  walk(number - 1, -1);
  walk(number + 1, 1);
  return keys;
}

/** Return the schemas that may hold at `path`; `beside` tells which kind of step is meant. */
export function schemasAt(root, path, beside = []) {
  let here = [root];
  path.forEach((key, index) => {
    const keys = index === path.length - 1 ? beside : [];
    here = here.flatMap((schema) => open(root, below(schema, key), keys));
  });
  return path.length ? here : open(root, root, beside);
}

function below(schema, key) {
  return schema.properties?.[key] ?? (typeof schema.additionalProperties === "object" ? schema.additionalProperties : null);
}

/** Take apart what stands for several: references, choices, lists, the kinds of a step. */
function open(root, schema, keys) {
  if (!schema || typeof schema !== "object") return [];
  if (schema.$ref) return open(root, schema.$ref.split("/").slice(1).reduce((at, part) => at[part], root), keys);
  if (schema.anyOf) return schema.anyOf.flatMap((one) => open(root, one, keys));
  if (schema.items) return open(root, schema.items, keys);
  if (schema.if) {
    const kind = schema.if.required[0];
    if (keys.includes(kind)) return open(root, schema.then, keys);
    const rest = open(root, schema.else, keys);
    const known = keys.some((key) => rest.some((one) => one.required?.includes(key) && one.title === key));
    return known ? rest.filter((one) => keys.includes(one.title)) : [...open(root, schema.then, keys), ...rest];
  }
  return [schema];
}
