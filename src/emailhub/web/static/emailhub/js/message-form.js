// One form of the composer (an e-mail, a note, later a chat message) from first key to sent.

import { added } from "./mount.js";
import { Drafts } from "./drafts.js";
import { startEditor } from "./editor.js";
import { offerMentions } from "./mentions.js";
import { otherText } from "./other-text.js";
import { People } from "./people.js";
import { receivers } from "./receivers.js";
import { newKey, post } from "./sending.js";
import { offerUndo, toast } from "./toast.js";
import { acceptFiles, Uploads } from "./uploads.js";
import { say } from "./words.js";

export class Message {
  constructor(form) {
    this.form = form;
    this.part = (name) => form.querySelector(`[data-${name}]`);
    this.htmlField = this.part("html");
    this.textField = this.part("writing");
    this.#startDrafts();
    this.#startPeople();
    this.#startFiles();
    form.addEventListener("input", () => this.#changed());
    form.addEventListener("submit", (event) => this.#onSubmit(event));
    if (form.dataset.savedUrl) form.addEventListener("keydown", (event) => this.#onSlash(event));
    document.addEventListener("timeline:new", (event) => this.#onNews(event.detail));
    this.ready = true;
  }

  /** True if the server gave no draft to go on with. */
  get startsEmpty() {
    return !this.textField.value.trim() && !this.htmlField?.value && !this.drafts.left;
  }

  /** Load the rich text field, once. */
  start() {
    this.starting ??= this.#startEditor();
    return this.starting;
  }

  focus() {
    const missing = [...this.people.values()].find((field) => field.kind === "to" && !field.list.length);
    if (missing && this.part("lines")?.open) missing.input.focus();
    else if (this.editor) this.editor.focus();
    else this.textField.focus();
  }

  get isEmpty() {
    const text = this.editor ? this.editor.isEmpty : !this.textField.value.trim();
    return text && !this.form.querySelector("[name=attachments]") && !this.uploads?.pending.size;
  }

  /** Put back what was sent and has been taken back, above what has been written since. */
  restore({ state } = {}) {
    this.drafts.know(state);
    this.#fill(this.isEmpty ? this.before.fields : this.#aboveNewer(this.before.fields));
    this.part("files")?.prepend(...this.before.files);
    this.form.elements.key.value = newKey();
    this.#changed();
  }

  /** Write to other people about another message; what has been written stays. */
  address(fields) {
    this.#fillLines(fields);
    if (this.part("lines")) this.part("lines").open = true;
    this.#changed();
  }

  /** The tools of a plain text field: files and saved replies. */
  #startPlainTools() {
    this.part("tools")?.addEventListener("click", (event) => {
      const kind = event.target.closest("[data-tool]")?.dataset.tool;
      if (kind) this.#pick(kind);
    });
  }

  async #startEditor() {
    if (!this.htmlField) return this.#startPlainTools();
    this.editor = await startEditor(this.textField, this.htmlField.value);
    this.htmlField.disabled = false;
    this.editor.onInput(() => this.#changed());
    this.uploads?.adopt(this.editor);
    const toolbar = this.part("tools");
    if (toolbar) this.editor.adopt(toolbar, (kind) => this.#pick(kind));
    if (this.form.dataset.colleaguesUrl) offerMentions(this.editor, this.form.dataset.colleaguesUrl);
    const { left, leftBeside } = this.drafts;
    if (left) this.#fill(leftBeside ? this.#aboveNewer(left) : left);
    this.#sync();
  }

  #startDrafts() {
    this.drafts = new Drafts({
      url: this.form.dataset.draftUrl,
      stateField: this.form.elements.based_on,
      fields: () => this.#fields(),
      isEmpty: () => this.isEmpty,
      show: (words) => this.#showSaved(words),
      other: (draft) => this.part("notice").replaceChildren(otherText(draft, (both) => this.#settle(draft, both))),
    });
  }

  /** The author has read the other window's text: put it below, or go on without it. */
  #settle(draft, both) {
    this.part("notice").replaceChildren();
    if (both) this.#fill(this.#aboveNewer(draft));
    this.drafts.goOnFrom(draft.state);
    this.focus();
  }

  #startPeople() {
    const own = new Set((this.form.dataset.own ?? "").toLowerCase().split(/\s+/).filter(Boolean));
    const options = { url: this.form.dataset.peopleUrl, own, onChange: () => this.#changed() };
    const fields = [...this.form.querySelectorAll("input[data-people]")];
    this.people = new Map();
    for (const field of fields) this.people.set(field.dataset.people, new People(field, options));
    this.#showReceivers();
    for (const button of this.form.querySelectorAll("[data-add-person]")) this.#offer(button);
  }

  /** One click adds a person who is not among the receivers. */
  #offer(button) {
    button.hidden = false;
    button.addEventListener("click", () => {
      this.people.get("cc").add(button.dataset.addPerson);
      const offer = button.closest("[data-offer]");
      button.closest(".offered").remove();
      if (!offer.querySelector(".offered")) offer.remove();
    });
  }

  #startFiles() {
    const url = this.form.dataset.uploadUrl;
    const picker = this.part("pick");
    if (!url) return;
    const { maxBytes, maxLinked, linkWords } = this.form.dataset;
    const linked = { most: Number(maxLinked) || 0, words: linkWords };
    this.uploads = new Uploads({ url, list: this.part("files"), most: Number(maxBytes) || 0, linked, onChange: () => this.#changed() });
    acceptFiles(this.form, this.uploads);
    if (!picker) return;
    picker.removeAttribute("name");
    picker.hidden = true;
    picker.addEventListener("change", () => {
      this.uploads.addAll(picker.files, picker.accept !== "");
      picker.value = "";
    });
  }

  #pick(kind) {
    if (kind === "saved") return this.#askSaved("");
    const picker = this.part("pick");
    picker.accept = kind === "image" ? "image/png,image/jpeg,image/gif,image/webp" : "";
    picker.click();
  }

  /** A "/" where a line begins asks for a saved reply. */
  #onSlash(event) {
    const { target } = event;
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const isWriting = this.editor ? this.editor.root.contains(target) : target === this.textField;
    const before = this.editor ? "" : this.textField.value.slice(0, this.textField.selectionStart);
    if (!isWriting || !(this.editor ? this.editor.isAtLineStart : /(^|\n)$/.test(before))) return;
    event.preventDefault();
    this.#askSaved("/");
  }

  /** Put a saved reply where the caret is; `typed` stands there if none is chosen. */
  async #askSaved(typed) {
    const { selectionStart, selectionEnd } = this.textField;
    const { askReply } = await import("./saved-replies.js");
    const reply = await askReply(this.form.dataset.savedUrl);
    if (this.editor) this.editor.focus();
    else this.textField.focus();
    if (this.editor && reply) this.editor.insertHtml(reply.html);
    else if (this.editor && typed) this.editor.insertHtml(typed);
    else if (!this.editor) this.textField.setRangeText(reply?.text ?? typed, selectionStart, selectionEnd, "end");
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #changed() {
    if (!this.ready) return;
    this.#showReceivers();
    this.drafts.touch();
  }

  #showReceivers() {
    const line = this.part("receivers");
    if (!line || !this.people.size) return;
    const people = Object.fromEntries([...this.people].map(([kind, field]) => [kind, field.list]));
    const now = JSON.stringify(people);
    if (now === this.shownPeople) return; // a live region speaks whenever it is touched
    this.shownPeople = now;
    line.replaceChildren(...receivers(people));
  }

  #showSaved(words) {
    const mark = this.part("saved");
    if (!mark) return;
    mark.hidden = !words;
    (mark.querySelector("[data-saved-words]") ?? mark).textContent = words;
  }

  /** The plain fields behind the rich text field get what is in it. */
  #sync() {
    if (!this.editor) return;
    this.htmlField.value = this.editor.html;
    this.textField.value = this.editor.text;
    for (const field of this.form.querySelectorAll("[data-inline-file]")) field.remove();
    for (const image of this.editor.root.querySelectorAll("img[data-file]")) this.form.append(inlineField(image.dataset.file));
  }

  #fields() {
    this.#sync();
    return new FormData(this.form);
  }

  #fillLines(fields) {
    for (const [kind, field] of this.people) if (kind in fields) field.set(fields[kind]);
    this.#showForwarding(fields);
    for (const name of ["subject", "answers", "forwards"]) if (name in fields && this.form.elements[name]) this.form.elements[name].value = fields[name] ?? "";
  }

  #showForwarding({ forwards = "", forwarded }) {
    const strip = this.part("forwarding");
    if (!strip) return;
    strip.hidden = !forwards;
    if (forwarded) strip.querySelector("[data-forwarding-words]").textContent = forwarded;
  }

  #fill(fields) {
    this.#fillLines(fields);
    if (this.editor) this.editor.html = fields.html ?? "";
    else this.textField.value = fields.text ?? "";
  }

  #aboveNewer(fields) {
    this.#sync();
    const html = (fields.html ?? "") + (this.htmlField?.value ?? "");
    return { ...fields, html, text: `${fields.text ?? ""}\n\n${this.textField.value}` };
  }

  async #onSubmit(event) {
    event.preventDefault();
    if (this.busy || !this.#peopleAreRight()) return;
    this.#setBusy(true);
    try {
      await this.#send(event.submitter);
    } finally {
      this.#setBusy(false);
    }
  }

  #peopleAreRight() {
    const wrong = [...this.people.values()].find((field) => !field.commit());
    if (!wrong) return true;
    if (this.part("lines")) this.part("lines").open = true;
    wrong.input.focus();
    return false;
  }

  #setBusy(busy) {
    this.busy = busy;
    this.form.setAttribute("aria-busy", String(busy));
    this.part("send")?.setAttribute("aria-disabled", String(busy));
  }

  async #send(submitter) {
    if (this.uploads?.pending.size) this.#showSaved(say("send.uploading"));
    await this.uploads?.settled();
    await this.drafts.stop();
    this.#sync();
    const { sent, notice } = await post(this.form, submitter);
    if (sent) return this.#onSent(sent);
    this.drafts.touch();
    this.drafts.flush(); // it was not sent: kept at once, whatever happens to the page next
    return this.#tell(notice);
  }

  #tell(notice) {
    const place = this.part("notice");
    place.replaceChildren(...notice);
    added(place);
    place.scrollIntoView({ block: "nearest" });
    place.querySelector("a[href], button")?.focus();
  }

  #onSent(sent) {
    const fields = Object.fromEntries([...new FormData(this.form)].filter(([, value]) => typeof value === "string"));
    this.before = { fields, files: [...(this.part("files")?.children ?? [])] };
    this.sentUndo = sent.undo_url;
    this.drafts.forget();
    this.#reset(sent);
    if (sent.undo_url) offerUndo(sent);
    else if (sent.words) toast(sent.words);
    document.dispatchEvent(new CustomEvent("composer:sent", { detail: sent }));
    if (this.before.fields.forwards) document.dispatchEvent(new CustomEvent("composer:renew")); // the next one is for the customer again
    if (sent.url && new URL(sent.url, location.href).pathname !== location.pathname) location.assign(sent.url);
  }

  /** Ready for the next message: receivers stay, hidden copies don't. */
  #reset(sent) {
    this.ready = false;
    this.part("notice")?.replaceChildren();
    if (this.editor) this.editor.html = "";
    this.textField.value = "";
    this.uploads?.clear();
    this.people.get("bcc")?.set("");
    this.#sync();
    this.form.dispatchEvent(new CustomEvent("message:changed"));
    this.form.elements.key.value = newKey();
    if (sent.seen && this.form.elements.seen) this.form.elements.seen.value = sent.seen;
    this.#showSaved("");
    this.ready = true;
    this.#showReceivers();
  }

  /** Who has not begun to write sees the news before writing. */
  #onNews({ last }) {
    if (this.isEmpty && this.form.elements.seen) this.form.elements.seen.value = last;
  }
}

function inlineField(id) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "attachments", value: id });
  field.setAttribute("data-inline-file", "");
  return field;
}
