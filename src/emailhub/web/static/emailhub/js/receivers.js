// The line that says exactly who will receive it.

import { element } from "./elements.js";
import { language, say } from "./words.js";

function shortName({ name, address }) {
  return name || address;
}

function named(people, kind) {
  return people.map((person) => {
    const name = shortName(person);
    const whole = kind === "to" ? "{name}" : say(`receivers.${kind}`);
    const [before, after] = whole.split("{name}");
    return [before, element("b", { title: person.address }, element("bdi", {}, name)), after];
  });
}

function listed(parts) {
  const list = new Intl.ListFormat(language, { type: "conjunction" });
  const keys = parts.map((_, index) => String(index));
  return list.formatToParts(keys).flatMap((piece) => (piece.type === "element" ? parts[Number(piece.value)] : [piece.value]));
}

/** The sentence as nodes, for fields `{to, cc, bcc}` of persons. */
export function receivers({ to = [], cc = [], bcc = [] }) {
  const all = [...named(to, "to"), ...named(cc, "cc"), ...named(bcc, "bcc")];
  if (!all.length) return [say("receivers.nobody")];
  const [before, after] = say(all.length > 1 ? "receivers.many" : "receivers.one").split("{people}");
  return [before, ...listed(all), after];
}
