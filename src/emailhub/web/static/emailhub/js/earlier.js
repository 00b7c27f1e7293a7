// Up a timeline: what is earlier comes before the reader gets there, and they stay where they are.

import { parsed } from "./elements.js";
import { added, mount } from "./mount.js";
import { fetchFragment } from "./requests.js";

const NEAR_TOP = 300;

class Earlier {
  constructor(place) {
    this.place = place;
    this.isBusy = false;
    place.addEventListener("scroll", () => place.scrollTop < NEAR_TOP && this.#load(), { passive: true });
    place.addEventListener("click", (event) => {
      if (!event.target.closest("[data-earlier]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#load();
    });
  }

  async #load() {
    const link = this.place.querySelector("[data-earlier]");
    if (!link || this.isBusy) return;
    this.isBusy = true;
    const answer = await fetchFragment(link.dataset.earlier).catch(() => null); // the link stays: once more
    if (answer?.status === 200 && !answer.redirected && link.isConnected) this.#put(link, parsed(await answer.text()));
    this.isBusy = false;
  }

  #put(link, pieces) {
    const hadFocus = link === document.activeElement;
    const nav = link.closest("nav");
    const below = this.#below(nav, pieces);
    const before = below?.getBoundingClientRect().top ?? 0;
    // Browsers that keep the place themselves would move it twice, and not all of them do at the very top.
    this.place.style.overflowAnchor = "none";
    nav.replaceWith(...pieces);
    if (below) this.place.scrollTop += below.getBoundingClientRect().top - before;
    requestAnimationFrame(() => this.place.style.removeProperty("overflow-anchor"));
    for (const piece of pieces) added(piece);
    if (hadFocus) this.place.focus();
  }

  /** The first piece that stays. A day that has its heading above now loses the one in its middle. */
  #below(nav, pieces) {
    const below = nav.nextElementSibling;
    const days = pieces.filter((piece) => piece.dataset.day);
    if (!below?.dataset.day || days.at(-1)?.dataset.day !== below.dataset.day) return below;
    const next = below.nextElementSibling;
    below.remove();
    return next;
  }
}

mount("[data-timeline]", (place) => new Earlier(place));
