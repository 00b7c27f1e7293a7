// A contact is named differently, here or by a colleague: the composer follows the card.

import { mount } from "./mount.js";

let shown = null;

function compare(card) {
  const now = { name: card.dataset.contactName, addresses: card.dataset.contactAddresses.split(" ").filter(Boolean) };
  const before = shown?.name;
  shown = now;
  if (before === undefined || before === now.name) return;
  document.dispatchEvent(new CustomEvent("contact:renamed", { detail: { before, after: now.name, addresses: now.addresses } }));
}

mount("[data-contact-name]", compare);
