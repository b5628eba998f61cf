// One SVG sprite of the icons named in icons.txt, taken from Tabler Icons (MIT).
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const BLANK = /<path stroke="none"[^>]*\/>/g;

// A line of icons.txt: "our-name tabler-name", "our-name filled/tabler-name" or just "name".
function parse(line) {
  const [name, source = name] = line.split(/\s+/);
  const [style, file] = source.includes("/") ? source.split("/") : ["outline", source];
  return { name, style, file };
}

async function symbol(modules, { name, style, file }) {
  const path = join(modules, "@tabler/icons/icons", style, `${file}.svg`);
  const svg = await readFile(path, "utf8");
  const inner = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>"));
  const shape = inner.replace(BLANK, "").replace(/\s+/g, " ").replace(/> </g, "><").trim();
  const paint =
    style === "filled"
      ? 'fill="currentColor"'
      : 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24"><g ${paint}>${shape}</g></symbol>`;
}

export async function iconSprite(modules, list) {
  const lines = (await readFile(list, "utf8")).split("\n").map((line) => line.trim());
  const icons = lines.filter((line) => line && !line.startsWith("#")).map(parse);
  const symbols = await Promise.all(icons.map((icon) => symbol(modules, icon)));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}
