// Address lists as RFC 5322 writes them: `"Roldán, Inés" <ines@farm.example>, jon@farm.example`.

const ADDRESS = /^[^\s@<>()[\],;:"\\]+@[^\s@<>()[\],;:"\\.]+(?:\.[^\s@<>()[\],;:"\\.]+)+$/u;

/** Where the list's separators are: not inside quotes or angle brackets. */
function pieces(text) {
  const found = [""];
  let quoted = false;
  let angle = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (quoted && char === "\\") found[found.length - 1] += char + (text[(at += 1)] ?? "");
    else if (!quoted && !angle && /[,;\n]/.test(char)) found.push("");
    else {
      if (char === '"') quoted = !quoted;
      else if (!quoted) angle = char === "<" || (angle && char !== ">");
      found[found.length - 1] += char;
    }
  }
  return found.map((piece) => piece.trim()).filter(Boolean);
}

function person(piece) {
  const [, name, address] = /^(.*)<([^<>]*)>$/su.exec(piece) ?? [null, "", piece];
  return { name: name.trim().replace(/^"(.*)"$/su, "$1").replace(/\\(.)/g, "$1"), address: address.trim() };
}

/** The persons of an address list: `[{name, address}]`; an address may be wrong. */
export function parseAddresses(text) {
  return pieces(text).map(person);
}

/** True if a mail could be sent there, as far as one can see. The server has the last word. */
export function isAddress(address) {
  return address.length <= 254 && ADDRESS.test(address);
}

function written({ name, address }) {
  if (!name) return address;
  return `"${name.replace(/[\\"]/g, "\\$&")}" <${address}>`;
}

/** The persons as one address list. */
export function formatAddresses(people) {
  return people.map(written).join(", ");
}
