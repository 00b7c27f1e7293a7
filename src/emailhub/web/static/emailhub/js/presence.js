// Who else is on the ticket. Each page tells what its advisor does, again and again; who is not heard of
// for a while is gone, however they went.

import { element, icon } from "./elements.js";
import { mount } from "./mount.js";
import { csrfToken } from "./requests.js";
import { say } from "./words.js";

const TELL_MS = 20000;
const FORGET_MS = 50000; // two of them may be lost
const WRITING_MS = 30000; // after the last key
const MOST_NAMED = 2;

class Presence {
  constructor(place) {
    this.place = place;
    this.others = new Map();
    this.typedAt = -WRITING_MS;
    document.addEventListener("live:presence", (event) => this.#hear(event.detail));
    document.addEventListener("live:opened", () => this.#tell());
    document.addEventListener("visibilitychange", () => this.#tell());
    document.addEventListener("input", (event) => event.target.closest?.(".composer") && this.#onTyping());
    addEventListener("pagehide", () => this.#tell("gone"));
    setInterval(() => document.hidden || this.#tell(), TELL_MS);
    setInterval(() => this.#draw(), FORGET_MS / 10);
  }

  get #doing() {
    if (document.hidden) return "gone";
    return performance.now() - this.typedAt < WRITING_MS ? "answering" : "looking";
  }

  #onTyping() {
    const before = this.#doing;
    this.typedAt = performance.now();
    if (this.#doing !== before) this.#tell();
  }

  #tell(doing = this.#doing) {
    fetch(this.place.dataset.url, {
      method: "POST",
      credentials: "same-origin",
      keepalive: true, // also from a page that is being left
      headers: { "X-CSRFToken": csrfToken() },
      body: new URLSearchParams({ doing }),
    }).catch(() => {}); // without a connection nobody hears of us, which is what they shall see
  }

  #hear({ ticket, id, who, doing }) {
    const { ticket: here, advisor: me } = this.place.dataset;
    if (String(ticket) !== here || String(id) === me || !this.place.isConnected) return;
    const isNew = !this.others.has(id);
    if (doing === "gone") this.others.delete(id);
    else this.others.set(id, { who, doing, at: performance.now() });
    if (isNew && doing !== "gone" && !document.hidden) this.#tell(); // they have not heard of us yet
    this.#draw();
  }

  #draw() {
    for (const [id, { at }] of this.others) if (performance.now() - at > FORGET_MS) this.others.delete(id);
    const people = [...this.others.values()].sort((a, b) => a.doing.localeCompare(b.doing) || a.who.localeCompare(b.who));
    const words = people.slice(0, MOST_NAMED).map(({ who, doing }) => say(`presence.${doing}`, { who }));
    if (people.length > MOST_NAMED) words.push(`+${people.length - MOST_NAMED}`);
    if (words.join() === this.shown) return; // who hears the page hears it once
    this.shown = words.join();
    const isAnswering = people[0]?.doing === "answering";
    this.place.replaceChildren(...(words.length ? [icon(isAnswering ? "compose" : "eye", "tiny"), element("span", {}, words.join(" · "))] : []));
    this.place.classList.toggle("warn", isAnswering);
  }
}

mount("[data-presence]", (place) => new Presence(place));
