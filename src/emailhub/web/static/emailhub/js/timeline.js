// All activity: what is new appears at the end, what changed changes in its place; the reader stays
// where they are.

import { debounced, element, icon, parsed } from "./elements.js";
import { added, mount } from "./mount.js";
import { fetchFragment, withQuery } from "./requests.js";
import { announce, say } from "./words.js";

const NEAR_END = 80;

class Timeline {
  constructor(place) {
    this.place = place;
    this.ticket = place.dataset.ticket;
    this.count = 0;
    this.queue = Promise.resolve();
    this.soon = debounced(() => this.#queue(() => this.#fetchNew()), 80);
    // A link to one activity leads there; otherwise the newest is what matters.
    if (!/^#(activity-\d+|new)$/.test(location.hash) && !place.dataset.newest) this.#toEnd();
    for (const type of ["live:activity", "live:opened", "live:resync", "composer:sent"]) document.addEventListener(type, (event) => this.#onEvent(event));
    document.addEventListener("live:regrouped", ({ detail }) => String(detail.ticket) === this.ticket && this.#queue(() => this.#fetchAll()));
    document.addEventListener("composer:undone", (event) => this.#queue(() => this.#fetchOne(event.detail.activity)));
    document.addEventListener("frame:resized", () => this.stuck && this.#toEnd());
    place.addEventListener("load", () => this.stuck && this.#toEnd(), { capture: true }); // pictures, frames
    place.addEventListener("scroll", () => this.#onScroll(), { passive: true });
  }

  get last() {
    const ids = [...this.place.querySelectorAll("[data-activity]")].map((one) => Number(one.dataset.activity));
    return Math.max(0, ...ids);
  }

  #onEvent({ type, detail }) {
    if (!this.place.isConnected) return;
    if (type === "live:activity" && String(detail.ticket) !== this.ticket) return;
    if (this.place.dataset.newest) return this.#onFarEvent(type, detail);
    if (detail.id && document.getElementById(`activity-${detail.id}`)) this.#queue(() => this.#fetchOne(detail.id));
    else this.soon();
  }

  /** A page of what was long ago: between its end and what is new now lies what it does not show. */
  #onFarEvent(type, detail) {
    if (detail?.id && document.getElementById(`activity-${detail.id}`)) this.#queue(() => this.#fetchOne(detail.id));
    else if (type === "composer:sent") location.assign(this.place.dataset.newest);
    else if (type === "live:activity") this.#countUp(1);
  }

  /** One after the other: two answers at once could bring the same activity twice. */
  #queue(work) {
    this.queue = this.queue.then(work).catch(() => {}); // without a connection: the resync brings it
  }

  async #fetchNew() {
    const answer = await fetchFragment(withQuery(this.place.dataset.activitiesUrl, { after: this.last }));
    if (answer.status !== 200 || answer.redirected) return;
    const fresh = parsed(await answer.text()).filter((one) => !this.#isKnown(one));
    const activities = fresh.filter((one) => one.dataset.activity);
    if (!activities.length) return;
    const stay = !this.#isAtEnd() && !activities.some((one) => one.matches("[data-own]"));
    for (const one of fresh) this.#append(one);
    if (stay) this.#countUp(activities.length);
    else this.#toEnd();
    announce(activities.map((one) => one.getAttribute("aria-label") ?? one.textContent.trim()).join(". ").slice(0, 300));
    document.dispatchEvent(new CustomEvent("timeline:new", { detail: { last: this.last, count: activities.length } }));
  }

  /** Entries have come from another ticket, or gone to one: each that is shown is asked for, and their gaps. */
  async #fetchAll() {
    if (!this.place.isConnected) return;
    const answer = await fetchFragment(withQuery(this.place.dataset.activitiesUrl, { before: Number.MAX_SAFE_INTEGER }));
    if (answer.status !== 200 || answer.redirected) return;
    for (const old of this.place.querySelectorAll(":scope > :not([data-bar], #people-menu)")) old.remove();
    for (const one of parsed(await answer.text())) this.#append(one);
    this.#toEnd();
  }

  async #fetchOne(id) {
    const old = document.getElementById(`activity-${id}`);
    if (!old) return this.#fetchNew();
    const answer = await fetchFragment(withQuery(this.place.dataset.activitiesUrl, { id }));
    if (answer.status === 204 || answer.status === 404) return old.remove();
    if (answer.status !== 200 || answer.redirected) return undefined;
    const [fresh] = parsed(await answer.text()).filter((one) => one.dataset.activity === String(id));
    return fresh && replaceKeepingFrames(old, fresh);
  }

  #isKnown(one) {
    if (one.dataset.activity) return Boolean(document.getElementById(`activity-${one.dataset.activity}`));
    return Boolean(one.dataset.day && this.place.querySelector(`[data-day="${CSS.escape(one.dataset.day)}"]`));
  }

  #append(one) {
    this.place.append(one);
    added(one);
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.place;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  #toEnd() {
    this.stuck = true;
    this.place.scrollTop = this.place.scrollHeight;
    this.#hideNewer();
  }

  #onScroll() {
    this.stuck = this.#isAtEnd() && !this.place.dataset.newest;
    if (this.stuck) this.#hideNewer();
  }

  #hideNewer() {
    this.count = 0;
    this.newer?.remove();
    this.newer = null;
  }

  #countUp(count) {
    this.count += count;
    this.newer ??= this.#newerButton();
    const words = say(this.count === 1 ? "timeline.new_one" : "timeline.new", { n: this.count });
    this.newer.replaceChildren(icon("down", "tiny"), words);
  }

  #newerButton() {
    const toEnd = () => (this.place.dataset.newest ? location.assign(this.place.dataset.newest) : this.#toEnd());
    const button = element("button", { class: "newer", type: "button", onclick: toEnd });
    this.place.after(button);
    return button;
  }
}

/** A frame that shows the same mail stays: loading it again would make the page jump. */
function replaceKeepingFrames(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  const kept = new Map([...old.querySelectorAll("iframe[data-frame]")].map((frame) => [frame.dataset.source ?? frame.getAttribute("src"), frame]));
  const isSame = kept.size && [...fresh.querySelectorAll("iframe[data-frame]")].every((frame) => kept.has(frame.getAttribute("src")));
  if (isSame) swapAround(old, fresh);
  else {
    old.replaceWith(fresh);
    added(fresh);
  }
  if (focused) document.getElementById(focused)?.focus();
}

/** Replace the parts of `old` that hold no frame; moving a frame would load it again. */
function swapAround(old, fresh) {
  const parts = [...fresh.children];
  const olds = [...old.children];
  old.className = fresh.className;
  for (const name of ["aria-label", "data-own"]) if (fresh.hasAttribute(name)) old.setAttribute(name, fresh.getAttribute(name));
  parts.forEach((part, index) => {
    const before = olds[index];
    if (before?.querySelector("iframe[data-frame]") && part.querySelector("iframe[data-frame]")) return;
    if (before) before.replaceWith(part);
    else old.append(part);
    added(part);
  });
  for (const rest of olds.slice(parts.length)) rest.remove();
}

mount("[data-timeline]", (place) => new Timeline(place));
