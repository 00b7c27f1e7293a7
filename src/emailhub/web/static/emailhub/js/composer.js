// The composer at the foot of a ticket: one form for each channel, one of them shown.

import { parsed } from "./elements.js";
import { Message } from "./message-form.js";
import { added, mount } from "./mount.js";
import { fetchFragment, fetchJson, withQuery } from "./requests.js";

const SHORT = "(width < 48rem), (height < 44rem)";

class Composer {
  constructor(place) {
    this.place = place;
    this.closed = place.querySelector("[data-closed]");
    const forms = [...place.querySelectorAll("form[data-channel-form]")];
    this.forms = new Map(forms.map((form) => [form.dataset.channelForm, new Message(form)]));
    this.channel = place.dataset.channel;
    this.customers = this.channel === "note" ? (place.dataset.customers ?? "email") : this.channel;
    place.addEventListener("keydown", (event) => event.key === "Escape" && this.#leave(event));
    place.addEventListener("click", (event) => event.target.closest("[data-fold]") && this.fold());
    place.addEventListener("composer:open", () => this.open(this.customers));
    document.addEventListener("composer:undone", (event) => this.#restore(event));
    if (matchMedia(SHORT).matches) place.querySelectorAll("details[data-lines]").forEach(foldLines);
    if (matchMedia(SHORT).matches && this.closed && !this.#isWanted()) this.fold();
    else this.show(this.channel);
  }

  /** Show the form of `channel`; every channel keeps its own text. */
  show(channel) {
    if (!this.forms.has(channel)) return;
    if (channel !== "note") this.customers = channel;
    this.channel = channel;
    for (const [name, message] of this.forms) message.form.hidden = name !== channel;
    if (this.closed) this.closed.hidden = true;
    for (const choice of document.querySelectorAll("[data-channel-choice]")) this.#mark(choice);
    this.forms.get(channel).start();
  }

  /** Open at `channel` and write. */
  async open(channel = this.channel) {
    this.show(channel);
    await this.forms.get(this.channel)?.start();
    this.place.scrollIntoView({ block: "nearest" });
    this.forms.get(this.channel)?.focus();
  }

  /** Go on to answer one message: other people and another subject, the same text. */
  async answer(link) {
    const answer = await fetchJson(link.dataset.answer).catch(() => null);
    if (!answer?.ok) return location.assign(link.href);
    const fields = await answer.json();
    await this.open("email");
    this.forms.get("email").address(fields);
  }

  /** Save every channel's draft, as far as it has changed. */
  async save() {
    await Promise.all([...this.forms.values()].map((message) => message.drafts.flush()));
  }

  /** Only a line is left; the draft is kept. */
  fold() {
    if (!this.closed) return;
    this.save();
    for (const message of this.forms.values()) message.form.hidden = true;
    this.closed.hidden = false;
  }

  /** What the button of a channel means now: the note's button also leads back. */
  choose(channel, isToggle) {
    this.open(isToggle && channel === this.channel ? this.customers : channel);
  }

  #isWanted() {
    return location.hash === "#composer" || new URLSearchParams(location.search).has("channel") || !this.forms.get(this.channel)?.startsEmpty;
  }

  #mark(choice) {
    const chosen = String(choice.dataset.channelChoice === this.channel);
    choice.setAttribute(choice.getAttribute("role") === "menuitemradio" ? "aria-checked" : "aria-pressed", chosen);
  }

  #leave(event) {
    if (event.defaultPrevented || event.target.closest("[popover]")) return;
    event.preventDefault();
    this.forms.get(this.channel)?.drafts.flush();
    (document.querySelector("[data-timeline]") ?? document.getElementById("main"))?.focus();
  }

  #restore(event) {
    const message = [...this.forms.values()].find((one) => one.sentUndo === event.detail.undo_url);
    if (!message || !this.place.isConnected) return;
    event.preventDefault();
    message.restore(event.detail);
    this.open(message.form.dataset.channelForm);
  }
}

/** On a small screen the addresses are one line, unless one is missing or wrong. */
function foldLines(lines) {
  const toIsMissing = lines.querySelector("[name=to]")?.value === "";
  lines.open = toIsMissing || lines.querySelector("[aria-invalid=true]") !== null;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-answer]");
  const composer = link && composerFor(link);
  if (!composer?.forms.has("email")) return;
  event.preventDefault();
  link.closest("[popover]")?.hidePopover();
  composer.answer(link);
});

const composers = new WeakMap();

function composerFor(button) {
  const place = button.closest("[data-composer]") ?? document.querySelector("[data-composer]");
  return place && composers.get(place);
}

document.addEventListener("click", (event) => {
  const choice = event.target.closest?.("[data-channel-choice]");
  const opener = event.target.closest?.("[data-open-composer]");
  const composer = composerFor(choice ?? opener ?? document.body);
  if (!composer || !(choice ?? opener)) return;
  event.preventDefault();
  if (choice) composer.choose(choice.dataset.channelChoice, choice.getAttribute("role") !== "menuitemradio");
  else composer.open(opener.dataset.openComposer || undefined);
});

/** The ways to the customer have changed: draw the composer anew, its drafts saved before. */
async function renew() {
  const part = document.querySelector("[data-composer-part]");
  if (!part) return;
  const composer = composerFor(document.body);
  await composer?.save();
  const answer = await fetchFragment(withQuery(part.dataset.composerPart, { channel: composer?.channel ?? "" })).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const [fresh] = parsed(await answer.text());
  part.replaceWith(fresh);
  added(fresh);
}

document.addEventListener("contact:ways", renew);
document.addEventListener("composer:renew", renew);

// Links in a conflict's notice: show the newer activity, which is then known to the author.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-see]");
  const form = link?.closest("form");
  if (!form) return;
  event.preventDefault();
  const newest = link.closest("[data-newer]")?.dataset.newer;
  if (newest) form.elements.seen.value = newest;
  link.closest("[data-notice]").replaceChildren();
  const activity = document.querySelector(link.hash);
  activity?.scrollIntoView({ block: "start" });
  activity?.setAttribute("tabindex", "-1");
  activity?.focus({ preventScroll: true });
});

mount("[data-composer]", (place) => composers.set(place, new Composer(place)));
