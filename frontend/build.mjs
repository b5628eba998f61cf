// Builds everything the browser receives into cyberdesk/core/web/static/built/:
// two style sheets, scripts, htmx, Leaflet, uPlot, one icon sprite, and manifest.json,
// which maps each plain name to the name that carries the hash of its content.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { compile } from "sass";
import { iconSprite } from "./sprite.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(HERE);
const OUT = join(ROOT, "cyberdesk/core/web/static/built");
const MODULES = join(ROOT, "node_modules");

// Phones of the last six years: the first that know cascade layers, :has() and <dialog>.
const BROWSERS = ["chrome105", "firefox121", "safari15.4"];

// What the first page of a declaration may weigh, gzipped: style, script and icons together.
const PHONE_BUDGET = 25_000;
const PHONE_PARTS = ["declare.css", "declare.js", "icons.svg"];

const manifest = {};
const weights = {};

async function emit(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const [stem, extension] = name.split(/\.(?=[^.]+$)/);
  manifest[name] = `${stem}.${hash}.${extension}`;
  const packed = gzipSync(bytes, { level: 9 });
  weights[name] = packed.length;
  await writeFile(join(OUT, manifest[name]), bytes);
  await writeFile(join(OUT, `${manifest[name]}.gz`), packed);
}

async function minified(source, loader) {
  const result = await build({
    stdin: { contents: source, loader, resolveDir: HERE },
    bundle: false,
    minify: true,
    write: false,
    target: BROWSERS,
    legalComments: "none",
  });
  return result.outputFiles[0].text;
}

async function styles(name) {
  const { css } = compile(join(HERE, "scss", `${name}.scss`), {
    loadPaths: [MODULES],
    quietDeps: true,
    silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
  });
  await emit(`${name}.css`, await minified(css, "css"));
}

async function script(name) {
  const result = await build({
    entryPoints: [join(HERE, "js", `${name}.js`)],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: BROWSERS,
    legalComments: "none",
  });
  await emit(`${name}.js`, result.outputFiles[0].text);
}

async function vendor(name, path) {
  await emit(name, await readFile(join(MODULES, path)));
}

async function leaflet() {
  await vendor("leaflet.js", "leaflet/dist/leaflet.js");
  // Our maps draw dots and contours, never Leaflet's marker pictures.
  const css = await readFile(join(MODULES, "leaflet/dist/leaflet.css"), "utf8");
  await emit("leaflet.css", await minified(css.replace(/url\([^)]*\)/g, "none"), "css"));
}

async function uplot() {
  await vendor("uplot.js", "uplot/dist/uPlot.iife.min.js");
  await vendor("uplot.css", "uplot/dist/uPlot.min.css");
}

function report() {
  for (const [name, size] of Object.entries(weights)) {
    console.log(`${name.padEnd(14)} ${String(size).padStart(7)} bytes gzipped`);
  }
  const phone = PHONE_PARTS.reduce((sum, name) => sum + weights[name], 0);
  console.log(`first page of a declaration: ${phone} bytes of ${PHONE_BUDGET}`);
  if (phone > PHONE_BUDGET) throw new Error("The public pages have grown too heavy.");
}

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
await styles("declare");
await styles("app");
await script("declare");
await script("app");
await script("passkeys");
await script("editor");
await vendor("htmx.js", "htmx.org/dist/htmx.min.js");
await leaflet();
await uplot();
await emit("mark.svg", await readFile(join(HERE, "mark.svg")));
await emit("icons.svg", await iconSprite(MODULES, join(HERE, "icons.txt")));
await writeFile(join(OUT, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
report();
await writeFile(join(OUT, ".stamp"), "");
