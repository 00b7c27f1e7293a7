// Suggestions under a field (combobox pattern): the focus stays in the field, the arrows choose.

import { isAddress } from "./addresses.js";
import { debounced, element } from "./elements.js";
import { fetchJson, withQuery } from "./requests.js";
import { announce, say } from "./words.js";

const WAIT_MS = 150;

export class Suggestions {
  /** `choose(person)` is called with the `{name, address}` that was picked. */
  constructor(input, url, choose) {
    Object.assign(this, { input, url, choose, people: [], at: -1 });
    this.list = element("ul", { class: "suggestions", role: "listbox", id: `${input.id}-suggestions`, hidden: true });
    this.list.setAttribute("aria-label", input.labels?.[0]?.textContent ?? "");
    input.after(this.list);
    this.#describe();
    const ask = debounced(() => this.#ask(), WAIT_MS);
    input.addEventListener("input", () => {
      // What is shown answers an earlier text: a key that comes before the new answer chooses nobody.
      this.#mark(-1);
      ask();
    });
    // Captured: a key that chooses here must not also mean something to the field.
    input.addEventListener("keydown", (event) => this.#onKey(event), { capture: true });
    input.addEventListener("blur", () => this.#close());
    this.list.addEventListener("mousedown", (event) => this.#onPress(event));
  }

  #describe() {
    const names = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(names)) this.input.setAttribute(name, value);
  }

  async #ask() {
    const wanted = this.input.value.trim();
    if (!wanted) return this.#close();
    const answer = await fetchJson(withQuery(this.url, { q: wanted })).catch(() => null);
    const people = answer?.ok ? await answer.json() : [];
    if (wanted !== this.input.value.trim() || document.activeElement !== this.input) return undefined;
    return this.#show(people);
  }

  #show(people) {
    if (!people.length) return this.#close();
    this.people = people;
    this.list.replaceChildren(...people.map((person, index) => this.#option(person, index)));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    announce(say("chip.suggestions", { n: people.length }));
    // A whole address that was typed stands; Enter must not turn it into somebody else's.
    const typed = this.input.value.trim().toLowerCase();
    return this.#mark(isAddress(typed) && people[0].address.toLowerCase() !== typed ? -1 : 0);
  }

  #option(person, index) {
    const about = [person.name && person.address, person.about].filter(Boolean).join(" · ");
    return element("li", { role: "option", id: `${this.list.id}-${index}`, "data-index": index },
      element("bdi", { class: "cut" }, person.name || person.address), element("span", { class: "meta cut" }, about));
  }

  #mark(index) {
    this.at = index;
    [...this.list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.list.children[index];
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  #onKey(event) {
    if (this.list.hidden || event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.#mark(((this.at < 0 ? Math.min(0, -step) : this.at) + step + this.people.length) % this.people.length);
    else if (this.at < 0 && event.key !== "Escape") return;
    else if (event.key === "Enter" || event.key === "Tab") this.#pick(this.at);
    else if (event.key === "Escape") this.#close();
    else return;
    // Tab goes on to the next field after having picked.
    if (event.key !== "Tab") event.preventDefault();
  }

  #onPress(event) {
    const option = event.target.closest("[role=option]");
    event.preventDefault(); // the field keeps the focus
    if (option) this.#pick(Number(option.dataset.index));
  }

  #pick(index) {
    const person = this.people[index];
    this.#close();
    if (person) this.choose(person);
  }

  #close() {
    this.list.hidden = true;
    this.people = [];
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
