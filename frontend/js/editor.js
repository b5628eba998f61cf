// The editor of playbooks. The page works without it: a text field, and buttons that check and keep.
// It lives in a shadow root, where its styles need no exception from the page's policy.
import { acceptCompletion, autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { hour } from "./time.js";
import { fill } from "./words.js";
import { besides, keyOf, pathTo, schemasAt } from "./yaml-places.js";

const CHECK_AFTER = 350;
const KEEP_AFTER = 4_000;
const AGAIN_AFTER = 10_000;

const look = EditorView.theme({
  "&": { backgroundColor: "var(--card)", color: "var(--ink)", fontSize: "0.875rem", height: "100%" },
  ".cm-content": { fontFamily: "var(--mono)", caretColor: "var(--ink)", paddingBlock: "0.5rem" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-gutters": { backgroundColor: "var(--well)", color: "var(--soft)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent-wash) 45%, transparent)" },
  "&.cm-focused": { outline: "none" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 28%, transparent)" },
  ".cm-tooltip": { backgroundColor: "var(--card)", color: "var(--ink)", border: "1px solid var(--edge)", borderRadius: "var(--round)", maxWidth: "26rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--accent-ink)" },
  ".cm-completionInfo, .cm-explained": { padding: "0.5rem 0.75rem", fontFamily: "var(--font)", lineHeight: "1.4" },
  ".cm-diagnostic": { fontFamily: "var(--font)", padding: "0.5rem 0.75rem" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--severe)" },
  // The library's own marks are pictures inside its styles, which the page's policy does not load.
  ".cm-lint-marker": { content: "normal", width: "0.7em", height: "0.7em", margin: "0.35em auto", borderRadius: "50%" },
  ".cm-lint-marker-error": { content: "normal", backgroundColor: "var(--severe)" },
  ".cm-lint-marker-warning": { content: "normal", backgroundColor: "var(--serious)", borderRadius: "1px" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--severe)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline wavy var(--serious)" },
  ".cm-panels": { backgroundColor: "var(--well)", color: "var(--ink)" },
});
const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: "var(--serious)" },
  { tag: [tags.comment, tags.lineComment], color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.separator, tags.punctuation, tags.bracket], color: "var(--soft)" },
]);

class Editor {
  constructor(form) {
    this.form = form;
    this.text = form.querySelector("#source");
    this.state = form.querySelector("[data-editor-state]");
    this.faults = document.querySelector("[data-editor-faults]");
    this.picture = document.querySelector("[data-editor-picture]");
    this.before = document.querySelector("[data-editor-before]");
    this.dirty = false;
    this.schema = null;
    this.view = this.begin();
    this.listen();
    this.mark(this.told());
    fetch(form.dataset.schema).then(async (answer) => {
      if (answer.ok) this.schema = await answer.json();
    });
  }

  begin() {
    const host = document.createElement("div");
    host.className = "editor-host";
    this.text.before(host);
    this.text.hidden = true;
    const root = host.attachShadow({ mode: "open" });
    const isJson = this.text.value.trimStart().startsWith("{");
    const state = EditorState.create({
      doc: this.text.value,
      extensions: [
        lineNumbers(), foldGutter(), lintGutter(), history(), drawSelection(), bracketMatching(), highlightActiveLine(),
        highlightSelectionMatches(), indentUnit.of("  "), isJson ? json() : yaml(), syntaxHighlighting(colours), look,
        autocompletion({ override: isJson ? [] : [(context) => this.complete(context)] }),
        hoverTooltip((view, at) => (isJson ? null : this.explain(view, at))),
        keymap.of([
          { key: "Mod-s", run: () => this.keep() || true, preventDefault: true },
          { key: "Tab", run: acceptCompletion },
          ...completionKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap, indentWithTab,
        ]),
        EditorView.contentAttributes.of({ "aria-label": this.form.querySelector("label[for=source]").textContent, "aria-multiline": "true", tabindex: "0" }),
        EditorView.updateListener.of((update) => update.docChanged && this.changed()),
      ],
    });
    return new EditorView({ state, parent: root, root });
  }

  listen() {
    this.faults.addEventListener("click", (event) => this.jump(event));
    this.form.addEventListener("submit", () => {
      this.fill();
      this.dirty = false;
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "s" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
        event.preventDefault();
        this.keep();
      }
    });
    document.addEventListener("visibilitychange", () => document.hidden && this.keep());
    addEventListener("beforeunload", (event) => this.dirty && event.preventDefault());
  }

  fill() {
    this.text.value = this.view.state.doc.toString();
  }

  say(word) {
    this.state.textContent = fill(this.form.dataset[word], { time: hour() });
    this.state.dataset.state = word;
  }

  changed() {
    this.dirty = true;
    this.say("dirty");
    clearTimeout(this.checking);
    clearTimeout(this.keeping);
    this.checking = setTimeout(() => this.check(), CHECK_AFTER);
    this.keeping = setTimeout(() => this.keep(), KEEP_AFTER);
  }

  send(address) {
    this.fill();
    return fetch(address, { method: "POST", body: new FormData(this.form), headers: { Accept: "application/json" } });
  }

  /** Ask what the text comes to; what was typed meanwhile is asked of afterwards. */
  async check() {
    if (this.asked) {
      this.stale = true;
      return;
    }
    this.asked = true;
    this.stale = false;
    const before = this.view.state.doc;
    try {
      const answer = await this.send(this.form.dataset.check);
      if (answer.ok) this.show(await answer.json(), before === this.view.state.doc);
      if (answer.status === 429) this.stale = true;
    } catch {
      // Nothing is lost: the next change asks again.
    } finally {
      this.asked = false;
      if (this.stale) this.checking = setTimeout(() => this.check(), CHECK_AFTER * 2);
    }
  }

  show(seen, current) {
    this.faults.innerHTML = seen.list;
    if (seen.picture) this.picture.innerHTML = seen.picture;
    this.before.hidden = Boolean(seen.picture) || !this.picture.childElementCount;
    if (current) this.mark(seen.faults);
  }

  /** Return the findings that the page came with. */
  told() {
    return [...this.faults.querySelectorAll("li")].flatMap((one) => {
      const place = one.querySelector("[data-line]")?.dataset;
      if (!place) return [];
      const [, what, mend] = [...one.querySelectorAll("p")].map((part) => part.textContent);
      return [{ line: Number(place.line), column: Number(place.column), severity: one.className.replace("is-", ""), what, mend }];
    });
  }

  mark(faults) {
    const { doc } = this.view.state;
    const marks = faults.filter((one) => one.line).map((one) => {
      const line = doc.line(Math.min(one.line, doc.lines));
      const from = Math.min(line.from + Math.max(one.column - 1, 0), line.to);
      return { from, to: line.to, severity: one.severity, message: `${one.what} ${one.mend}` };
    });
    this.view.dispatch(setDiagnostics(this.view.state, marks));
  }

  jump(event) {
    const place = event.target.closest("[data-line]")?.dataset;
    if (!place) return;
    event.preventDefault();
    const line = this.view.state.doc.line(Math.min(Number(place.line), this.view.state.doc.lines));
    const at = Math.min(line.from + Math.max(Number(place.column) - 1, 0), line.to);
    this.view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    this.view.focus();
  }

  /** Keep the draft under the number that it was read with: nobody overwrites anybody. */
  async keep() {
    clearTimeout(this.keeping);
    if (!this.dirty || this.sending) return;
    this.sending = true;
    this.dirty = false;
    try {
      const answer = await this.send(this.form.action || location.href);
      if (answer.ok) this.kept(await answer.json());
      else this.refused(answer.status);
    } catch {
      this.refused(0);
    } finally {
      this.sending = false;
    }
  }

  kept({ number }) {
    this.form.elements.number.value = number;
    this.say(this.dirty ? "dirty" : "kept");
  }

  refused(status) {
    this.dirty = true;
    const again = status === 0 || status === 429 || status >= 500;
    this.say(again ? "away" : status === 409 ? "conflict" : "refused");
    if (again) this.keeping = setTimeout(() => this.keep(), AGAIN_AFTER);
  }

  // -- what may stand here

  at(position) {
    const { doc } = this.view.state;
    const line = doc.lineAt(position);
    const held = keyOf(line.text);
    const indent = held ? held.indent : line.text.length - line.text.trimStart().replace(/^(- )+/, "").length;
    const lineAt = (number) => doc.line(number).text;
    const path = pathTo(lineAt, line.number, indent);
    const beside = besides(lineAt, doc.lines, line.number, indent);
    return { line, held, path, beside };
  }

  complete(context) {
    if (!this.schema) return null;
    const { line, held, path, beside } = this.at(context.pos);
    const value = held && context.pos > line.from + held.from + held.key.length + 1;
    const word = context.matchBefore(value ? /[\w:+-]*/ : /\w*/);
    if (!context.explicit && (!word || word.from === word.to)) return null;
    const schemas = schemasAt(this.schema, value ? [...path, held.key] : path, value ? [] : beside);
    if (value && path.length) schemas.push(...schemasAt(this.schema, path, [...beside, held.key]).flatMap((one) => one.properties?.[held.key] ?? []));
    const options = value ? values(schemas) : keys(schemas, beside);
    return options.length ? { from: word?.from ?? context.pos, options, validFor: /^[\w:+-]*$/ } : null;
  }

  explain(view, position) {
    if (!this.schema) return null;
    const { line, held, path, beside } = this.at(position);
    const start = held && line.from + held.from;
    if (!held || position < start || position > start + held.key.length) return null;
    const schemas = schemasAt(this.schema, path, [...beside, held.key]);
    const told = schemas.map((one) => one.properties?.[held.key]?.description).find(Boolean);
    if (!told) return null;
    return { pos: start, end: start + held.key.length, above: true, create: () => ({ dom: bubble(told) }) };
  }
}

function bubble(text) {
  const dom = document.createElement("div");
  dom.className = "cm-explained";
  dom.textContent = text;
  return dom;
}

function keys(schemas, beside) {
  const found = new Map();
  for (const schema of schemas) {
    for (const [key, below] of Object.entries(schema.properties ?? {})) {
      if (!beside.includes(key) && !found.has(key)) {
        const must = schema.required?.includes(key);
        found.set(key, { label: key, apply: `${key}: `, type: "property", info: below.description, boost: must ? 10 : 0 });
      }
    }
  }
  return [...found.values()];
}

function values(schemas) {
  const told = new Set(schemas.flatMap((one) => one.enum ?? (one.type === "boolean" ? ["true", "false"] : [])));
  return [...told].map((label) => ({ label: String(label), type: "enum" }));
}

for (const form of document.querySelectorAll("form[data-editor]")) new Editor(form);
