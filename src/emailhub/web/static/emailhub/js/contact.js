// A contact is named differently, here or by a colleague: the composer follows the card.

import { mount } from "./mount.js";

let shown = null;

function compare(card) {
  const { contactName: name, contactAddresses, contactPhones = "" } = card.dataset;
  const now = { name, addresses: contactAddresses.split(" ").filter(Boolean), ways: `${contactAddresses}/${contactPhones}` };
  const before = shown?.name;
  if (shown && shown.ways !== now.ways) document.dispatchEvent(new CustomEvent("contact:ways"));
  shown = now;
  if (before === undefined || before === now.name) return;
  document.dispatchEvent(new CustomEvent("contact:renamed", { detail: { before, after: now.name, addresses: now.addresses } }));
}

mount("[data-contact-name]", compare);
