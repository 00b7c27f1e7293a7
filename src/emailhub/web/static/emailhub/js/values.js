// A text of one value a line becomes chips and a field for the next one. The text stays what is sent.

import { element, icon } from "./elements.js";
import { say } from "./words.js";

function lines(text) {
  return [...new Set(text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean))];
}

function chip(value, remove) {
  const button = element("button", { type: "button", "aria-label": say("chip.remove", { name: value }), onclick: remove }, icon("close", "tiny"));
  return element("span", { class: "tag" }, value, button);
}

/** Dress a textarea. */
export function start(field) {
  const input = element("input", { "aria-label": field.getAttribute("aria-label"), id: `${field.id}-next`, autocomplete: "off" });
  const box = element("div", { class: "values" }, input);
  const write = (values) => {
    field.value = values.join("\n");
    box.querySelectorAll(".tag").forEach((tag) => tag.remove());
    for (const value of values) input.before(chip(value, () => (write(lines(field.value).filter((other) => other !== value)), input.focus())));
  };
  const take = () => {
    if (!input.value.trim()) return false;
    write(lines(`${field.value}\n${input.value}`));
    input.value = "";
    return true;
  };
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && take()) event.preventDefault();
    if (event.key === "Backspace" && !input.value) write(lines(field.value).slice(0, -1));
  });
  input.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text") ?? "";
    if (!/\n/.test(text)) return;
    event.preventDefault();
    write(lines(`${field.value}\n${text}`));
  });
  input.addEventListener("blur", take);
  field.form?.addEventListener("submit", take);
  box.addEventListener("click", (event) => event.target === box && input.focus());
  write(lines(field.value));
  field.hidden = true;
  field.after(box);
}
