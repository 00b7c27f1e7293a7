// A rich text field outside the composer: the signature in the profile.

import { startEditor } from "./editor.js";
import { mount } from "./mount.js";
import { Uploads } from "./uploads.js";

function pickPicture(uploads) {
  const picker = document.createElement("input");
  Object.assign(picker, { type: "file", accept: "image/png,image/jpeg,image/gif,image/webp" });
  picker.addEventListener("change", () => uploads.addAll(picker.files, true));
  picker.click();
}

async function start(place) {
  const text = place.querySelector("[data-writing]");
  const html = place.querySelector("[data-html]");
  const tools = place.querySelector("[data-tools]");
  const editor = await startEditor(text, html.value);
  const uploads = new Uploads({ url: place.dataset.uploadUrl, list: place.querySelector("[data-files]"), most: 0, onChange: sync });
  html.disabled = false;
  if (place.dataset.uploadUrl) uploads.adopt(editor);
  if (tools) editor.adopt(tools, () => pickPicture(uploads));
  editor.onInput(sync);
  place.closest("form")?.addEventListener("submit", sync);

  function sync() {
    html.value = editor.html;
    text.value = editor.text;
  }
}

mount("[data-rich]", start);
