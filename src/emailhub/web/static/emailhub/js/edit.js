// Edit in place: what is shown gives way to its form; the server answers with the whole part.

import { parsed } from "./elements.js";
import { added, mount } from "./mount.js";
import { fetchFragment } from "./requests.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const parts = (place) => ({ shown: place.querySelector("[data-show]"), form: place.querySelector("form[data-form]") });

function open(place, wanted) {
  const { shown, form } = parts(place);
  shown.hidden = true;
  form.hidden = false;
  if (wanted) form.querySelector(`[data-add-row="${CSS.escape(wanted)}"]`)?.click();
  else form.querySelector("[aria-invalid=true], input:not([type=hidden]), textarea, select")?.focus();
}

function close(place) {
  const { shown, form } = parts(place);
  form.reset();
  form.querySelectorAll("[data-added]").forEach((row) => row.remove());
  form.querySelectorAll("[data-removed]").forEach((row) => restoreRow(row));
  form.hidden = true;
  shown.hidden = false;
  shown.querySelector("[data-edit]")?.focus();
}

function restoreRow(row) {
  row.hidden = false;
  row.removeAttribute("data-removed");
  row.querySelectorAll("input, select").forEach((field) => (field.disabled = false));
}

function addRow(form, button) {
  const template = form.querySelector(`template[data-row="${CSS.escape(button.dataset.addRow)}"]`);
  const row = template.content.firstElementChild.cloneNode(true);
  row.setAttribute("data-added", "");
  button.before(row);
  row.querySelector("input")?.focus();
}

function removeRow(button) {
  const row = button.closest("[data-repeat]");
  const next = row.closest("form").querySelector("[data-add-row]");
  if (row.hasAttribute("data-added")) row.remove();
  else {
    // Kept but not sent, so that "Cancel" can bring it back.
    row.hidden = true;
    row.setAttribute("data-removed", "");
    row.querySelectorAll("input, select").forEach((field) => (field.disabled = true));
  }
  next?.focus();
}

async function save(place, form, submitter) {
  const body = new FormData(form, submitter?.name ? submitter : undefined);
  const answer = await fetchFragment(form.action, { method: "POST", body }).catch(() => null);
  if (!answer || ![200, 422].includes(answer.status) || answer.redirected) return toast(say("edit.failed"), "alert");
  const [fresh] = parsed(await answer.text());
  place.replaceWith(fresh);
  added(fresh);
  if (answer.status === 422) return open(fresh);
  return fresh.querySelector("[data-edit]")?.focus();
}

function onClick(place, event) {
  const button = event.target.closest("button, a");
  if (!button) return;
  const { form } = parts(place);
  if (button.matches("[data-cancel]")) close(place);
  else if (button.matches("[data-add-row]")) addRow(form, button);
  else if (button.matches("[data-remove-row]")) removeRow(button);
  else return;
  event.preventDefault();
}

function start(place) {
  const { form } = parts(place);
  if (!form) return;
  place.addEventListener("click", (event) => onClick(place, event));
  place.addEventListener("keydown", (event) => event.key === "Escape" && !form.hidden && !event.defaultPrevented && close(place));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") === "true") return;
    form.setAttribute("aria-busy", "true");
    save(place, form, event.submitter).finally(() => form.removeAttribute("aria-busy"));
  });
}

// Openers may stand elsewhere ("add a phone"): data-edit names the part, data-edit-row a row to add.
document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-edit]");
  if (!opener) return;
  const place = (opener.dataset.edit && document.getElementById(opener.dataset.edit)) || opener.closest("[data-editable]");
  if (!place) return;
  event.preventDefault();
  opener.closest("[popover]")?.hidePopover();
  open(place, opener.dataset.editRow);
});

mount("[data-editable]", start);
