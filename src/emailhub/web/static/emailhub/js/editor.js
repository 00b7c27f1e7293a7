// The rich text field: Squire with our toolbar, over a textarea that stays for pages without script.

import { element } from "./elements.js";
import { askLink } from "./link.js";

let libraries;

function load() {
  libraries ??= Promise.all([import("../../vendor/squire/squire.mjs"), import("./sanitise.js")]);
  return libraries;
}

// Toolbar name -> [tag that tells whether it is on, how to set it, how to take it off].
const TOGGLES = {
  bold: ["B", "bold", "removeBold"],
  italic: ["I", "italic", "removeItalic"],
  underline: ["U", "underline", "removeUnderline"],
  strike: ["S", "strikethrough", "removeStrikethrough"],
  bullets: ["UL", "makeUnorderedList", "removeList"],
  numbers: ["OL", "makeOrderedList", "removeList"],
  quote: ["BLOCKQUOTE", "increaseQuoteLevel", "decreaseQuoteLevel"],
};

const BLOCK = "div, p, li, td, th, blockquote, pre";

/** Where a word ends at a tag, browsers type a no-break space; the mail gets the space that was meant. */
function loosenSpaces(fragment) {
  const walker = document.createTreeWalker(fragment, NodeFilter.SHOW_TEXT);
  let before = null;
  for (let node = walker.nextNode(); node; before = node, node = walker.nextNode()) {
    if (before?.parentElement?.closest(BLOCK) !== node.parentElement?.closest(BLOCK)) continue;
    if (/\S\u00a0$/.test(before.data) && /^\S/.test(node.data)) before.data = `${before.data.slice(0, -1)} `;
    if (/\S$/.test(before.data) && /^\u00a0\S/.test(node.data)) node.data = ` ${node.data.slice(1)}`;
  }
}

/** A break at the end of a line that has text only holds the caret; mail programs would show a line more. */
function dropCaretBreaks(fragment) {
  for (const last of fragment.querySelectorAll("br:last-child")) {
    const before = last.previousSibling;
    if (before && before.nodeName !== "BR" && !last.nextSibling) last.remove();
  }
}

class Editor {
  constructor(root, squire) {
    this.root = root;
    this.squire = squire;
    for (const type of ["input", "pathChange", "select", "cursor"]) squire.addEventListener(type, () => this.#showState());
  }

  /** Call `listener` whenever the text has changed. */
  onInput(listener) {
    this.squire.addEventListener("input", listener);
  }

  focus() {
    this.squire.focus();
  }

  /** The text as HTML; "" when there is nothing in it. Pictures on their way up are left out. */
  get html() {
    if (this.isEmpty) return "";
    const template = document.createElement("template");
    template.innerHTML = this.squire.getHTML();
    for (const image of template.content.querySelectorAll('img[src^="blob:"], img[src^="data:"]')) image.remove();
    loosenSpaces(template.content);
    dropCaretBreaks(template.content);
    return template.innerHTML;
  }

  set html(html) {
    this.squire.setHTML(html);
    this.squire.moveCursorToEnd();
    this.#showState();
  }

  /** The text without its form. */
  get text() {
    return this.root.innerText.replace(/\u200b/g, "").replace(/\u00a0/g, " ").replace(/\n{3,}/g, "\n\n").trim();
  }

  get isEmpty() {
    return !this.root.querySelector("img") && this.text === "";
  }

  /** Put HTML of our own server where the caret is. */
  insertHtml(html) {
    this.squire.insertHTML(html);
    this.squire.focus();
  }

  /** True if nothing stands before the caret in its line. */
  get isAtLineStart() {
    const range = this.squire.getSelection().cloneRange();
    const { startContainer: node } = range;
    const block = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest(BLOCK) ?? this.root;
    if (!range.collapsed) return false;
    range.setStart(block, 0);
    return range.toString().replace(/\u200b/g, "") === "";
  }

  insertImage(source, attributes = {}) {
    return this.squire.insertImage(source, attributes);
  }

  /** What the toolbar's button `name` does. */
  use(name) {
    if (name === "clear") this.squire.removeAllFormatting();
    else if (name === "link") askLink(this.squire);
    else if (TOGGLES[name]) this.#toggle(...TOGGLES[name]);
  }

  /** Give the toolbar's buttons their work; `pick(kind)` is asked for files and pictures. */
  adopt(toolbar, pick) {
    this.toolbar = toolbar;
    toolbar.hidden = false;
    // The selection in the text must survive the press.
    toolbar.addEventListener("mousedown", (event) => event.preventDefault());
    toolbar.addEventListener("click", (event) => {
      const name = event.target.closest("[data-tool]")?.dataset.tool;
      if (["image", "attach", "saved"].includes(name)) pick(name);
      else if (name) this.use(name);
    });
    this.#showState();
  }

  #toggle(tag, on, off) {
    this.squire[this.squire.hasFormat(tag) ? off : on]();
    this.squire.focus();
  }

  #showState() {
    this.root.toggleAttribute("data-empty", this.isEmpty && !this.root.querySelector("ul, ol, blockquote"));
    for (const button of this.toolbar?.querySelectorAll("[data-tool][aria-pressed]") ?? []) {
      const [tag] = TOGGLES[button.dataset.tool] ?? [];
      if (tag) button.setAttribute("aria-pressed", String(this.squire.hasFormat(tag)));
    }
  }
}

function rootFor(textarea) {
  return element("div", {
    class: "writing rich-text",
    role: "textbox",
    "aria-multiline": "true",
    "aria-label": textarea.getAttribute("aria-label") ?? textarea.labels?.[0]?.textContent.trim(),
    "data-placeholder": textarea.placeholder,
    dir: "auto",
  });
}

function asHtml(text) {
  const lines = text.split("\n").map((line) => element("div", {}, line || element("br")));
  return text.trim() ? lines.map((line) => line.outerHTML).join("") : "";
}

/** Replace `textarea` by a rich text field that starts with `html`, or else with the textarea's text. */
export async function startEditor(textarea, html) {
  const [{ default: Squire }, { sanitised }] = await load();
  const root = rootFor(textarea);
  const hadFocus = document.activeElement === textarea;
  textarea.after(root);
  textarea.hidden = true;
  const squire = new Squire(root, { sanitizeToDOMFragment: sanitised });
  const editor = new Editor(root, squire);
  editor.html = html || asHtml(textarea.value);
  if (hadFocus) editor.focus();
  return editor;
}
