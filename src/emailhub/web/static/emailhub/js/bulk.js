// Many tickets at once: the bar of those that are chosen, and choosing a stretch with the shift key.

import { mount } from "./mount.js";
import { say } from "./words.js";

function boxes() {
  return [...document.querySelectorAll('[data-rows] input[name="ticket"]')];
}

let last = null;

/** Choose all between the last box that was changed and this one, as this one is now. */
function stretch(box) {
  const all = boxes();
  const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
  if (from < 0) return;
  for (const one of all.slice(from, to + 1)) one.checked = box.checked;
}

function start(bar) {
  const words = bar.querySelector("[data-bulk-count]");
  const count = () => {
    const number = boxes().filter((box) => box.checked).length;
    words.textContent = say(number === 1 ? "bulk.one" : "bulk.chosen", { n: number });
  };
  const rows = bar.closest(".list").querySelector("[data-rows]");
  rows.addEventListener("click", (event) => {
    if (!event.target.matches('input[name="ticket"]')) return;
    if (event.shiftKey) stretch(event.target);
    last = event.target;
    count();
  });
  bar.addEventListener("reset", () => setTimeout(() => boxes().find((box) => box === last)?.closest("li").querySelector("a.who").focus()));
  // Enter in a field means the button beside it; the form's first button would close the tickets.
  bar.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.dataset.enter) return;
    event.preventDefault();
    document.getElementById(event.target.dataset.enter).click();
  });
  count();
}

mount("[data-bulk-bar]", start);
