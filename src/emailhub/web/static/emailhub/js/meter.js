// What a text message costs: GSM-7 if all its characters are in it, UCS-2 otherwise (3GPP TS 23.038).
// The gateway counts itself; the server's own count is emailhub/texting/segments.py.

import { mount } from "./mount.js";
import { say } from "./words.js";

const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const EXTENDED = new Set("\f^{}\\[~]|€");

/** `{characters, segments, forcing}`; `forcing` are the characters that make segments short. */
export function measure(text) {
  const chars = [...text];
  const forcing = [...new Set(chars.filter((char) => !BASIC.has(char) && !EXTENDED.has(char)))].join("");
  const widths = chars.map((char) => (forcing ? char.length : EXTENDED.has(char) ? 2 : 1));
  return { characters: chars.length, segments: forcing ? fill(widths, 70, 67) : fill(widths, 160, 153), forcing };
}

/** Segments: a character of two units is never split between them. */
function fill(widths, alone, joined) {
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total <= alone) return total ? 1 : 0;
  let [segments, used] = [1, 0];
  for (const width of widths) {
    if (used + width > joined) [segments, used] = [segments + 1, 0];
    used += width;
  }
  return segments;
}

function show(meter, text) {
  const { characters, segments, forcing } = measure(text);
  const badge = meter.querySelector("[data-segments]");
  meter.hidden = characters === 0;
  meter.querySelector("[data-characters]").textContent = say("meter.characters", { n: characters });
  badge.hidden = meter.dataset.meter !== "sms";
  badge.textContent = forcing ? say("meter.forced", { n: segments, characters: [...forcing].slice(0, 3).join(" ") }) : say("meter.segments", { n: segments });
}

mount("[data-meter]", (meter) => {
  const form = meter.closest("form");
  const writing = form.querySelector("[data-writing]");
  const follow = () => show(meter, writing.value);
  form.addEventListener("input", follow);
  form.addEventListener("message:changed", follow);
  follow();
});
