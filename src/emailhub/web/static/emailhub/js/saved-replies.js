// Saved replies in the composer: searched by name and text, filled in for the ticket by the server.

import { element } from "./elements.js";
import { fetchJson } from "./requests.js";
import { say } from "./words.js";

async function load(url) {
  const answer = await fetchJson(url).catch(() => null);
  return answer?.ok && !answer.redirected ? (await answer.json()).replies : null;
}

function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function matching(replies, wanted) {
  const words = plain(wanted).split(/\s+/).filter(Boolean);
  return replies.filter(({ name, text }) => words.every((word) => plain(`${name} ${text}`).includes(word)));
}

class Chooser {
  constructor(replies) {
    this.replies = replies;
    this.input = element("input", { class: "input", type: "search", autocomplete: "off", "aria-label": say("saved.search"), placeholder: say("saved.search") });
    this.list = element("div", { class: "saved-list" });
    this.none = element("p", { class: "fine", role: "status" });
    this.dialog = element("dialog", { class: "dialog small", "aria-label": say("saved.title") }, element("form", { class: "stack", method: "dialog" }, this.input, this.list, this.none));
    this.input.addEventListener("input", () => this.#show());
    this.dialog.addEventListener("keydown", (event) => this.#onKey(event));
    this.#show();
  }

  /** Resolves with the chosen reply, or null. */
  ask() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.input.focus();
    return new Promise((resolve) => {
      this.dialog.addEventListener("close", () => {
        this.dialog.remove();
        resolve(this.chosen ?? null);
      });
    });
  }

  #show() {
    const found = matching(this.replies, this.input.value);
    this.none.textContent = found.length ? "" : say("saved.none");
    this.list.replaceChildren(...found.map((reply) => this.#line(reply)));
  }

  #line(reply) {
    const line = element("button", { type: "button", class: "saved-line" }, element("b", {}, reply.name), element("span", { class: "meta cut" }, reply.text));
    line.addEventListener("click", () => this.#choose(reply));
    return line;
  }

  #choose(reply) {
    this.chosen = reply;
    this.dialog.close();
  }

  #onKey(event) {
    if (event.key === "Enter" && event.target === this.input) {
      event.preventDefault();
      this.list.querySelector("button")?.click();
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    const stops = [this.input, ...this.list.children];
    const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    stops[Math.max(0, Math.min(stops.length - 1, next))].focus();
  }
}

/** Ask which reply of `url` is wanted; null if none is, or none could be had. */
export async function askReply(url) {
  const replies = await load(url);
  return replies && new Chooser(replies).ask();
}
