// Keys for what the page already offers: an element with data-key="e" is clicked by "e",
// "g o" is a sequence. The help sheet lists what is there.

import { element } from "./elements.js";
import { mount } from "./mount.js";
import { say } from "./words.js";

const SEQUENCE_MS = 1200;
let first = "";
let firstAt = 0;

function isTyping(target) {
  const field = target.closest?.("input, textarea, select, [contenteditable]");
  return Boolean(field) && !["checkbox", "radio", "button", "submit"].includes(field.type);
}

function isShown(candidate) {
  return candidate.checkVisibility?.() ?? candidate.offsetParent !== null;
}

/** The element for a key: the visible one first, else one that waits in a closed menu. */
function holderOf(keys) {
  const all = [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)].filter((one) => !one.disabled);
  return all.find(isShown) ?? all.find((one) => one.closest("[popover]"));
}

function use(holder) {
  if (holder.matches("input:not([type=checkbox], [type=radio]), textarea")) {
    holder.focus();
    holder.select?.();
    return;
  }
  if (holder.hasAttribute("popovertarget")) holder.focus();
  if (holder.matches("[data-composer]")) holder.dispatchEvent(new CustomEvent("composer:open"));
  else holder.click();
}

function moveInRows(step) {
  const links = [...document.querySelectorAll("[data-rows] a.who")].filter(isShown);
  if (!links.length) return false;
  const at = currentIn(links);
  const next = links[Math.min(Math.max(at + step, 0), links.length - 1)];
  next.focus({ preventScroll: true });
  next.closest("li, tr")?.scrollIntoView({ block: "nearest" });
  return true;
}

/** The row with the focus, else the one of the open ticket. */
function currentIn(links) {
  const focused = links.findIndex((link) => link.closest("li, tr")?.contains(document.activeElement));
  return focused >= 0 ? focused : links.findIndex((link) => link.getAttribute("aria-current") === "true");
}

function chooseRow() {
  const links = [...document.querySelectorAll("[data-rows] a.who")].filter(isShown);
  const box = links[currentIn(links)]?.closest("li")?.querySelector("input[name=ticket]");
  box?.click();
  return Boolean(box);
}

function onLetter(event) {
  const sequence = first && event.timeStamp - firstAt < SEQUENCE_MS ? `${first} ${event.key}` : "";
  first = "";
  const holder = (sequence && holderOf(sequence)) || holderOf(event.key);
  if (holder) {
    event.preventDefault();
    use(holder);
  } else if (event.key === "j" || event.key === "k") {
    if (moveInRows(event.key === "j" ? 1 : -1)) event.preventDefault();
  } else if (event.key === "x") {
    if (chooseRow()) event.preventDefault();
  } else if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
    first = event.key;
    firstAt = event.timeStamp;
  }
}

function onSendKey(event) {
  const form = event.target.closest?.("form[data-ctrl-enter]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-send]") ?? undefined);
}

function leaveField(event) {
  if (event.defaultPrevented || event.target.closest("dialog, [popover]")) return;
  if (isTyping(event.target) && !event.target.closest("[data-composer], [data-editable]")) event.target.blur();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onSendKey(event);
  else if (event.key === "Escape") leaveField(event);
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey && isFree(event.target)) onLetter(event);
});

function isFree(target) {
  return !isTyping(target) && !target.closest?.("dialog[open], [role=menu], [role=listbox]");
}

function nameOf(holder) {
  const name = holder.dataset.keyLabel ?? holder.getAttribute("aria-label") ?? holder.querySelector(".cut, .words")?.textContent;
  const text = (name ?? [...holder.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join(" ")).trim();
  return text.replace(/\s*\([^)]{1,3}\)$/, "");
}

function keyCaps(keys) {
  const caps = keys.split(" ").map((key) => element("kbd", { class: "key" }, key));
  return caps.flatMap((cap, index) => (index ? [` ${say("key.then")} `, cap] : [cap]));
}

function pageKeys() {
  // Also those that wait: in a closed menu, or until tickets are chosen.
  const holders = [...document.querySelectorAll("[data-key]")].filter((one) => isShown(one) || one.closest("[popover], [data-bulk-bar]"));
  const found = holders.map((holder) => [holder.dataset.key, nameOf(holder)]);
  const fixed = [];
  if (document.querySelector("[data-rows]")) fixed.push(["j", say("key.move")], ["k", say("key.move")], ["↵", say("key.open")]);
  if (document.querySelector("[data-bulk-bar]")) fixed.push(["x", say("key.choose")]);
  if (document.querySelector("[data-ctrl-enter]")) fixed.push(["Ctrl+↵", say("key.send")]);
  return [...fixed, ...found, ["Esc", say("key.leave")]];
}

function fillHelp(list) {
  const rows = new Map();
  for (const [keys, name] of pageKeys()) rows.set(name, [...new Set([...(rows.get(name) ?? []), keys])]);
  list.replaceChildren(...[...rows].flatMap(([name, all]) => [
    element("dt", {}, name),
    element("dd", {}, ...all.flatMap((keys, index) => (index ? [" ", ...keyCaps(keys)] : keyCaps(keys)))),
  ]));
}

mount("[data-key]", (holder) => {
  if (!holder.dataset.key.includes(" ")) holder.setAttribute("aria-keyshortcuts", holder.dataset.key);
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens-dialog]");
  const list = opener && document.querySelector(`#${CSS.escape(opener.dataset.opensDialog)} [data-keys]`);
  if (list) fillHelp(list);
}, true);
