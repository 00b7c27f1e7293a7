// To, CC and BCC: chips over a plain address-list field, with suggestions from the contacts.

import { formatAddresses, isAddress, parseAddresses } from "./addresses.js";
import { element, icon } from "./elements.js";
import { Suggestions } from "./suggestions.js";
import { say } from "./words.js";

const SEPARATORS = [",", ";", "Enter"];

/** One field. `list` holds the persons; the plain field behind it always has their address list. */
export class People {
  constructor(field, { url, own, onChange }) {
    this.field = field;
    this.kind = field.dataset.people;
    this.own = own;
    this.onChange = onChange;
    this.list = [];
    this.#build();
    if (url) this.suggestions = new Suggestions(this.input, url, (person) => this.#take(person));
    this.set(field.value);
    document.addEventListener("contact:renamed", (event) => this.#rename(event.detail));
  }

  /** Replace everybody by the persons of an address list. */
  set(addressList) {
    this.list = parseAddresses(addressList);
    this.input.value = "";
    this.#changed();
  }

  /** Add the persons of an address list to those that are there. */
  add(addressList) {
    for (const person of parseAddresses(addressList)) this.#add(person);
  }

  /** Take what has been typed. False if it is not an address: it then stays, with the reason. */
  commit() {
    const typed = parseAddresses(this.input.value);
    if (typed.length) this.input.value = formatAddresses(typed.filter((person) => !this.#add(person)));
    return this.input.value === "";
  }

  /** Who stands here under a contact's old name stands under the new one from now on. */
  #rename({ before, after, addresses }) {
    const renamed = this.list.filter(({ name, address }) => name === before && addresses.includes(address.toLowerCase()));
    for (const person of renamed) person.name = after;
    if (renamed.length) this.#changed();
  }

  #build() {
    const { field } = this;
    const errorId = `${field.id}-refused`;
    this.input = element("input", {
      id: field.id, autocomplete: "off", autocapitalize: "off", spellcheck: "false", inputmode: "email", "aria-describedby": errorId,
    });
    this.error = element("p", { class: "error refused", id: errorId, role: "alert", hidden: true });
    field.removeAttribute("id");
    field.type = "hidden";
    field.after(this.input);
    this.line = this.input.closest(".composer-line") ?? this.input.parentElement;
    this.line.append(this.error);
    this.input.addEventListener("keydown", (event) => this.#onKey(event));
    this.input.addEventListener("input", () => this.#refuse(""));
    this.input.addEventListener("paste", (event) => this.#onPaste(event));
    this.input.addEventListener("blur", () => this.commit());
  }

  #onKey(event) {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey) return;
    if (event.key !== "Enter" && this.#inQuotes()) return;
    if (SEPARATORS.includes(event.key) && (this.input.value.trim() || event.key !== "Enter")) {
      event.preventDefault();
      this.commit();
    } else if (event.key === "Enter") {
      event.preventDefault(); // never sends the form by accident
    } else if (event.key === "Backspace" && this.input.value === "" && this.list.length) {
      this.#remove(this.list.at(-1));
    }
  }

  #inQuotes() {
    return (this.input.value.split('"').length - 1) % 2 === 1;
  }

  #onPaste(event) {
    const text = event.clipboardData.getData("text/plain");
    if (!/[,;\n]/.test(text)) return;
    event.preventDefault();
    this.input.value += text;
    this.commit();
  }

  #take(person) {
    this.input.value = "";
    this.#add(person);
  }

  /** Add one person; false and a message if that is not possible. */
  #add(person) {
    const { address } = person;
    if (!isAddress(address)) return this.#refuse(say("address.invalid", { address }));
    if (this.own.has(address.toLowerCase())) return this.#refuse(say("address.own", { address }));
    const known = this.list.some((other) => other.address.toLowerCase() === address.toLowerCase());
    if (!known) {
      this.list.push(person);
      this.#changed();
    }
    return true;
  }

  #refuse(reason) {
    this.error.replaceChildren(...(reason ? [icon("alert", "small"), reason] : []));
    this.error.hidden = !reason;
    this.input.setAttribute("aria-invalid", String(Boolean(reason)));
    return false;
  }

  #remove(person) {
    this.list = this.list.filter((other) => other !== person);
    this.#changed();
    this.input.focus();
  }

  #changed() {
    this.field.value = formatAddresses(this.list);
    for (const chip of this.line.querySelectorAll(`[data-chip="${this.kind}"]`)) chip.remove();
    this.input.before(...this.list.map((person) => this.#chip(person)));
    this.onChange();
  }

  #chip(person) {
    const shown = person.name || person.address;
    const remove = element("button", { type: "button", "aria-label": say("chip.remove", { name: shown }) }, icon("close", "tiny"));
    remove.addEventListener("click", () => this.#remove(person));
    const classes = this.kind === "bcc" ? "person hidden-copy" : "person";
    const chip = element("span", { class: classes, title: person.address, "data-chip": this.kind });
    if (this.kind === "bcc") chip.append(icon("hidden", "tiny"));
    chip.append(element("bdi", { class: "cut" }, shown), remove);
    return chip;
  }
}
