// Drafts: saved as you type, on the server; on this device while the server cannot be reached.

import { debounced } from "./elements.js";
import { fetchJson } from "./requests.js";
import { say } from "./words.js";

const WAIT_MS = 800;
const RETRY_MS = 8000;

function keep(key, fields) {
  try {
    if (fields) localStorage.setItem(key, JSON.stringify(fields));
    else localStorage.removeItem(key);
  } catch {
    // without storage there is only the server's copy
  }
}

function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

export class Drafts {
  /**
   * `fields()` gives the form's FormData, `isEmpty()` whether it is worth keeping, `show(words)` tells
   * the author, `stateField` holds the state of the server's draft on which this form goes on;
   * `other(draft)` hears of another text that was saved in another window.
   */
  constructor({ url, stateField, fields, isEmpty, show, other }) {
    Object.assign(this, { url, stateField, savedAt: Date.parse(stateField?.value ?? "") || 0, fields, isEmpty, show, other });
    this.key = `emailhub-draft:${document.body.dataset.user ?? ""}:${url ?? location.pathname}`;
    this.running = Promise.resolve();
    this.late = debounced(() => this.#save(), WAIT_MS);
    addEventListener("pagehide", () => {
      this.leaving = true;
      this.flush();
    });
    addEventListener("pageshow", () => (this.leaving = false));
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    addEventListener("online", () => kept(this.key) && this.#save());
  }

  /** The author's text that never reached the server, if it is newer than what did; or null. */
  get left() {
    const copy = kept(this.key);
    return copy && (copy.beside || copy.at > this.savedAt) ? copy.fields : null;
  }

  /** True if the server has another text than the one that was left here. */
  get leftBeside() {
    return Boolean(kept(this.key)?.beside);
  }

  /** Go on from the other window's draft: what is saved next replaces it. */
  goOnFrom(state) {
    this.beside = false;
    this.know(state);
    this.touch();
  }

  /** The server's draft has this state now, and this form knows its text. */
  know(state) {
    if (state && this.stateField) this.stateField.value = state;
  }

  /** Something has changed. */
  touch() {
    this.stopped = false;
    this.late();
  }

  /** Save what is due, at once. */
  flush() {
    return this.late.now() ?? this.running;
  }

  /** No more saving, since the text is on its way; resolves when no older save can arrive after it. */
  async stop() {
    this.stopped = true;
    this.late.cancel();
    clearTimeout(this.retry);
    await this.running;
  }

  /** Forget the copy on this device. */
  forget() {
    keep(this.key, null);
  }

  #save() {
    if (!this.url) return this.running;
    this.running = this.running.then(() => (this.stopped ? undefined : this.#send()));
    return this.running;
  }

  async #send() {
    const body = this.fields();
    if (this.beside) return this.#keepOnDevice(body);
    const [url, options] = this.isEmpty() ? [this.#mine(body), { method: "DELETE" }] : [this.url, { method: "POST", body }];
    // A request that outlives the page may carry 64 kB only: others are kept here by its failing.
    const answer = await fetchJson(url, { ...options, keepalive: this.leaving }).catch(() => null);
    if (answer?.status === 409) return this.#keepBoth(body, await answer.json());
    if (answer?.ok && !answer.redirected) return this.#saved(options.method === "POST" ? await answer.json().catch(() => ({})) : { words: "" });
    return this.#keepHere(body);
  }

  /** The address at which this form's own draft is discarded, and no other window's. */
  #mine(body) {
    return `${this.url}?${new URLSearchParams({ key: body.get("key") ?? "", based_on: body.get("based_on") ?? "" })}`;
  }

  #saved({ words = say("draft.saved"), state }) {
    this.know(state);
    this.forget();
    this.show(words);
  }

  #keepBoth(body, draft) {
    this.beside = true;
    this.#keepOnDevice(body);
    this.show("");
    this.other(draft);
  }

  #keepOnDevice(body) {
    const fields = Object.fromEntries([...body].filter(([, value]) => typeof value === "string"));
    delete fields.csrfmiddlewaretoken;
    keep(this.key, { at: Date.now(), fields, beside: Boolean(this.beside) });
  }

  #keepHere(body) {
    this.#keepOnDevice(body);
    this.show(say("draft.kept_here"));
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.#save(), RETRY_MS);
  }
}
