// Small things for any form: live previews, copy buttons, switches that need no "Save".

import { mount } from "./mount.js";

document.addEventListener("input", (event) => {
  const shown = event.target.dataset?.preview && document.getElementById(event.target.dataset.preview);
  if (shown) shown.textContent = event.target.value || event.target.placeholder;
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  event.preventDefault();
  const text = button.dataset.copy || button.parentElement.querySelector("code")?.textContent || "";
  await navigator.clipboard?.writeText(text);
  button.setAttribute("data-copied", "");
  setTimeout(() => button.removeAttribute("data-copied"), 2000);
});

// A switch is its own button; without scripts there is one beside it.
document.addEventListener("change", (event) => event.target.closest?.("form[data-submits-itself]")?.requestSubmit());

// Where the menu beside a page is a row that scrolls, its current entry is in sight.
mount(".page-menu [aria-current=page]", (entry) => {
  const row = entry.closest(".page-menu");
  if (row.scrollWidth > row.clientWidth) row.scrollLeft = entry.offsetLeft - (row.clientWidth - entry.offsetWidth) / 2;
});
