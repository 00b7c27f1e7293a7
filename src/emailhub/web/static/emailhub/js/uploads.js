// Files of one form: picked, pasted or dropped; each has its row with progress and a way out.

import { element, icon } from "./elements.js";
import { fileFromDataUrl, shrunk } from "./pictures.js";
import { csrfToken } from "./requests.js";
import { fileSize, say } from "./words.js";

const PICTURE = /^image\/(?:png|jpeg|gif|webp)$/;

/** Send one file; `{promise, cancel}`. XMLHttpRequest, since fetch tells no progress. */
function send(url, file, inline, onProgress) {
  const request = new XMLHttpRequest();
  const promise = new Promise((resolve, reject) => {
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
    request.addEventListener("load", () => {
      if (request.status === 201 && request.response) resolve(request.response);
      else reject(new Error(request.response?.words ?? say("file.failed")));
    });
    request.addEventListener("error", () => reject(new Error(say("file.failed"))));
    const body = new FormData();
    body.append("file", file, file.name);
    body.append("inline", inline ? "1" : "0");
    request.send(body);
  });
  return { promise, cancel: () => request.abort() };
}

function row(name, size, isPicture) {
  const note = element("span", { class: "meta" }, fileSize(size));
  const progress = element("progress", { max: 1, value: 0, "aria-label": say("file.uploading", { name }) });
  const remove = element("button", {
    class: "icon-button", type: "button", "data-remove-file": true, "aria-label": say("file.cancel", { name }),
  }, icon("close", "tiny"));
  const line = element("li", { class: "file" }, icon(isPicture ? "image" : "file", "small"), element("bdi", { class: "name cut" }, name), note, remove, progress);
  return { line, note, progress, remove };
}

export class Uploads {
  /**
   * `list` holds the rows (none: pictures only); `onChange` hears of every file that came or went.
   * `linked`: the most bytes of a file that leaves as a link, and the words beside one. 0: none does.
   */
  constructor({ url, list, most, linked, onChange }) {
    Object.assign(this, { url, list, most, linked, onChange });
    this.pending = new Set();
    this.cancels = new WeakMap();
    list?.addEventListener("click", (event) => this.#onRemove(event));
  }

  /** The rich text field that takes pictures; they stand in the text, not in the list. */
  adopt(editor) {
    this.editor = editor;
    editor.squire.addEventListener("pasteImage", (event) => this.addAll(event.detail.clipboardData.files, true));
    editor.onInput(() => this.#takeDataPictures());
  }

  /** Resolves when nothing is on its way up any more. */
  async settled() {
    while (this.pending.size) await Promise.allSettled(this.pending);
  }

  /** Take files; pictures into the text if `inline`. */
  addAll(files, inline = false) {
    for (const file of files) {
      const intoText = inline && this.editor && PICTURE.test(file.type);
      this.#track(intoText ? this.#addPicture(file) : this.#addFile(file));
    }
  }

  /** Forget all files: they have been sent. */
  clear() {
    this.list?.replaceChildren();
  }

  #track(work) {
    const tracked = work.catch(() => {}).finally(() => {
      this.pending.delete(tracked);
      this.#sayLinks();
      this.onChange();
    });
    this.pending.add(tracked);
    this.onChange();
  }

  /** Why a file cannot go: by itself too large for a link, or with the others for the mail. */
  #tooBig(size) {
    const { most, linked } = this;
    if (linked?.most) return size > Math.max(most, linked.most) ? say("file.too_big_linked", { size: fileSize(size), most: fileSize(linked.most) }) : "";
    const sum = this.#rows().reduce((all, row) => all + Number(row.dataset.size), size);
    return most && sum > most ? say("file.too_big", { size: fileSize(size), most: fileSize(most) }) : "";
  }

  #rows() {
    return [...(this.list?.querySelectorAll("[data-size]") ?? [])];
  }

  /** Say of each uploaded file whether it leaves as a link: if it does not fit beside those before it. */
  #sayLinks() {
    if (!this.linked?.most) return;
    let attached = 0;
    for (const line of this.#rows()) {
      const size = Number(line.dataset.size);
      const fits = attached + size <= this.most;
      if (fits) attached += size;
      if (line.dataset.file) line.querySelector(".meta").textContent = fits ? fileSize(size) : `${fileSize(size)} · ${this.linked.words}`;
    }
  }

  async #addFile(file) {
    if (!this.list) return;
    const parts = row(file.name, file.size, PICTURE.test(file.type));
    this.list.append(parts.line);
    const refused = this.#tooBig(file.size);
    if (refused) return this.#fail(parts, file.name, refused);
    parts.line.dataset.size = file.size;
    const upload = send(this.url, file, false, (share) => this.#progress(parts, share));
    this.cancels.set(parts.line, upload.cancel);
    return upload.promise.then((stored) => this.#finish(parts, stored), (error) => this.#fail(parts, file.name, error.message));
  }

  #progress({ progress, note }, share) {
    progress.value = share;
    note.textContent = new Intl.NumberFormat(document.documentElement.lang || "en", { style: "percent" }).format(share);
  }

  #finish({ line, note, progress, remove }, stored) {
    progress.remove();
    note.textContent = fileSize(stored.size);
    remove.setAttribute("aria-label", say("file.remove", { name: stored.name }));
    line.dataset.file = stored.id;
    line.prepend(element("input", { type: "hidden", name: "attachments", value: stored.id }));
  }

  #fail({ line, note, progress, remove }, name, reason) {
    progress.remove();
    note.textContent = reason;
    note.classList.add("danger");
    note.setAttribute("role", "alert");
    line.classList.add("refused");
    line.querySelector(".icon").replaceWith(icon("alert", "small danger"));
    remove.setAttribute("aria-label", say("file.remove", { name }));
    delete line.dataset.size;
  }

  #onRemove(event) {
    const line = event.target.closest("[data-remove-file]")?.closest("li");
    if (!line) return;
    this.cancels.get(line)?.();
    const next = line.nextElementSibling ?? line.previousElementSibling;
    line.remove();
    this.#sayLinks();
    (next?.querySelector("[data-remove-file]") ?? this.editor?.root)?.focus();
    this.onChange();
  }

  async #addPicture(file) {
    const small = await shrunk(file);
    const image = this.editor.insertImage(URL.createObjectURL(small), { alt: "" });
    await this.#uploadPicture(image, small);
  }

  async #uploadPicture(image, file) {
    image.classList.add("uploading");
    const preview = image.src;
    try {
      const stored = await send(this.url, file, true, () => {}).promise;
      for (const shown of this.editor.root.querySelectorAll("img")) if (shown.src === preview) this.#settle(shown, stored);
    } catch (error) {
      for (const shown of this.editor.root.querySelectorAll("img")) if (shown.src === preview) shown.remove();
      this.#sayFailed(file, error.message);
    }
    if (preview.startsWith("blob:")) URL.revokeObjectURL(preview);
  }

  #settle(image, stored) {
    image.src = stored.url;
    image.dataset.cid = stored.cid;
    image.dataset.file = stored.id;
    image.removeAttribute("class");
  }

  #sayFailed(file, reason) {
    if (!this.list) return;
    const parts = row(file.name, file.size, true);
    this.list.append(parts.line);
    this.#fail(parts, file.name, reason);
  }

  /** Pictures that were pasted as part of HTML come as data: addresses. */
  #takeDataPictures() {
    for (const image of this.editor.root.querySelectorAll('img[src^="data:"]:not(.uploading)')) {
      const file = fileFromDataUrl(image.src);
      if (file) this.#track(this.#uploadPicture(image, file));
      else image.remove();
    }
  }
}

/** Files that are dropped on `area` or pasted into it, where the text field would not take them. */
export function acceptFiles(area, uploads) {
  const hasFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
  area.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    area.classList.add("dropping");
  });
  area.addEventListener("dragleave", (event) => !area.contains(event.relatedTarget) && area.classList.remove("dropping"));
  area.addEventListener("drop", (event) => {
    area.classList.remove("dropping");
    if (!hasFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    uploads.addAll(event.dataTransfer.files, Boolean(event.target.closest(".rich-text")));
  }, { capture: true });
  area.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    const onlyFiles = files.length && !types.includes("text/plain") && !types.includes("text/html");
    if (!onlyFiles) return; // pictures copied from a page come with HTML: the text field sorts that out
    event.preventDefault();
    event.stopPropagation();
    uploads.addAll(files, Boolean(event.target.closest(".rich-text")));
  }, { capture: true });
}
