// What the same author has written in another window, beside what stands here.

import { element, icon } from "./elements.js";
import { say } from "./words.js";

const SHOWN = 600;

/** The notice; `choose(both)` hears whether the other text is to stand here too. */
export function otherText({ words, text }, choose) {
  const quoted = element("blockquote", { class: "other-text", dir: "auto" }, text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
  const both = element("button", { class: "button small primary", type: "button", onclick: () => choose(true) }, say("draft.both"));
  const mine = element("button", { class: "button small", type: "button", onclick: () => choose(false) }, say("draft.mine"));
  const content = element("div", {}, element("b", {}, words), quoted, element("div", { class: "actions" }, both, mine));
  return element("div", { class: "notice accent" }, icon("note"), content);
}
