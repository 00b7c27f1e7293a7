// The small dialog that asks for a link's address.

import { element } from "./elements.js";
import { say } from "./words.js";

/** `text` as a link that a mail may carry, or null: web, e-mail and telephone only. */
export function linkFor(text) {
  const wanted = text.trim();
  if (/^(?:https?:\/\/|mailto:|tel:)\S+$/i.test(wanted)) return wanted;
  if (/^[^\s@/:]+@[^\s@/:]+$/.test(wanted)) return `mailto:${wanted}`;
  if (/^\+?[\d\s().-]{6,}$/.test(wanted)) return `tel:${wanted.replace(/[^\d+]/g, "")}`;
  if (/^[\w.-]+\.[a-z]{2,}(?:[/?#:]\S*)?$/i.test(wanted)) return `https://${wanted}`;
  return null;
}

function linkAround(squire) {
  const { commonAncestorContainer: node } = squire.getSelection();
  return (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest("a[href]");
}

function dialogParts(current) {
  const input = element("input", { class: "input", id: "link-address", value: current, autocomplete: "off" });
  const error = element("p", { class: "error", id: "link-error", role: "alert", hidden: true }, say("link.bad"));
  const label = element("label", { for: "link-address" }, say("link.ask"));
  const actions = element("div", { class: "line" },
    element("button", { class: "button primary", value: "set" }, say("link.set")),
    element("button", { class: "button plain", value: "remove", hidden: !current, formnovalidate: true }, say("link.remove")),
    element("button", { class: "button plain", value: "", formnovalidate: true }, say("link.cancel")));
  const form = element("form", { class: "stack", method: "dialog" }, element("div", { class: "field" }, label, input, error), actions);
  return { dialog: element("dialog", { class: "dialog small", "aria-label": say("link.ask") }, form), form, input, error };
}

function apply(squire, choice, address) {
  squire.focus();
  if (choice === "remove") squire.removeLink();
  if (choice === "set") squire.makeLink(linkFor(address), { rel: "noopener noreferrer" });
}

/** Ask for an address and link the selection to it; an empty field takes the link away. */
export function askLink(squire) {
  const { dialog, form, input, error } = dialogParts(linkAround(squire)?.getAttribute("href") ?? "");
  form.addEventListener("submit", (event) => {
    const bad = event.submitter?.value === "set" && linkFor(input.value) === null;
    error.hidden = !bad;
    input.setAttribute("aria-invalid", String(bad));
    if (bad) event.preventDefault();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    apply(squire, dialog.returnValue, input.value);
  });
  document.body.append(dialog);
  dialog.showModal();
  input.select();
}
