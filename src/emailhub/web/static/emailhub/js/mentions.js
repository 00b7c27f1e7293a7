// "@" in a note offers the colleagues who may read the ticket. The text itself says whom it mentions.

import { element } from "./elements.js";
import { fetchJson } from "./requests.js";
import { announce, say } from "./words.js";

// What stands between an @ that begins a word and the caret.
const TYPED = /(?:^|[^\p{L}\p{N}.@])@((?:[\p{L}\p{N}][\p{L}\p{N} .'-]{0,40})?)$/u;
const MOST = 8;

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

/** A name fits if it, or one of its words, begins with what was typed. */
function fits(name, typed) {
  return plain(name).startsWith(typed) || plain(name).split(" ").some((word) => word.startsWith(typed));
}

class Mentions {
  constructor(editor, url) {
    Object.assign(this, { editor, url, shown: [], at: 0 });
    this.root = editor.root;
    this.list = element("ul", { class: "suggestions above", role: "listbox", id: "mentions", hidden: true, "aria-label": say("mention.list") });
    this.root.before(this.list);
    this.root.setAttribute("aria-controls", this.list.id);
    editor.onInput(() => this.#look());
    this.root.addEventListener("keydown", (event) => this.#onKey(event), { capture: true });
    this.root.addEventListener("blur", () => this.#close());
    this.list.addEventListener("mousedown", (event) => this.#onPress(event));
  }

  /** The text from the @ to the caret, as a range; nothing if there is none. */
  #typed() {
    const range = this.editor.squire.getSelection();
    if (!range.collapsed || range.startContainer.nodeType !== Node.TEXT_NODE) return null;
    const found = TYPED.exec(range.startContainer.data.slice(0, range.startOffset).replace(/[\u200b]/g, " ").replace(/\u00a0/g, " "));
    if (!found) return null;
    const place = range.cloneRange();
    place.setStart(range.startContainer, range.startOffset - found[1].length - 1);
    return { place, words: plain(found[1]) };
  }

  async #look() {
    if (!this.#typed()) return this.#close();
    this.names ??= fetchJson(this.url).then((answer) => (answer.ok ? answer.json() : []), () => []);
    const names = await this.names;
    const typed = this.#typed(); // as it is by now
    // The editor calls every change of its element an input, also of the attributes that are set here.
    if (typed?.words === this.words && !this.list.hidden) return undefined;
    this.words = typed?.words;
    const shown = typed && document.activeElement === this.root ? names.filter((name) => fits(name, typed.words)) : [];
    return shown.length ? this.#show(shown.slice(0, MOST)) : this.#close();
  }

  #show(names) {
    const isNew = this.list.hidden;
    this.shown = names;
    this.list.replaceChildren(...names.map((name, index) =>
      element("li", { role: "option", id: `mention-${index}`, "data-index": index }, element("bdi", { class: "cut" }, name))));
    this.list.hidden = false;
    if (isNew) announce(say("chip.suggestions", { n: names.length }));
    this.#mark(0);
  }

  #mark(index) {
    this.at = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    this.list.children[index].scrollIntoView({ block: "nearest" });
    this.#describe(this.list.children[index].id);
  }

  #describe(id) {
    if ((this.root.getAttribute("aria-activedescendant") ?? "") === id) return;
    if (id) this.root.setAttribute("aria-activedescendant", id);
    else this.root.removeAttribute("aria-activedescendant");
  }

  #onKey(event) {
    if (this.list.hidden || event.isComposing || event.ctrlKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#mark((this.at + step + this.shown.length) % this.shown.length);
    else if (event.key === "Enter" || event.key === "Tab") this.#pick(this.at);
    else if (event.key === "Escape") this.#close();
    else return;
    // A key that chooses here must not also mean something to the editor or to the page.
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #onPress(event) {
    event.preventDefault(); // the text keeps the focus
    const option = event.target.closest("[role=option]");
    if (option) this.#pick(Number(option.dataset.index));
  }

  #pick(index) {
    const typed = this.#typed();
    const name = this.shown[index];
    this.#close();
    if (!typed) return;
    this.editor.squire.setSelection(typed.place);
    this.editor.squire.insertPlainText(`@${name}\u00a0`, false);
    this.editor.focus();
    this.#close();
  }

  #close() {
    this.list.hidden = true;
    this.shown = [];
    this.#describe("");
  }
}

/** Let the editor of a note offer whom it can mention. */
export function offerMentions(editor, url) {
  return new Mentions(editor, url);
}
