// Modal dialogs: openers, and asking before a destructive form leaves.

import { mount } from "./mount.js";

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.opensDialog);
  if (!dialog) return;
  event.preventDefault();
  dialog.showModal();
});

function startDialog(dialog) {
  // A click on the backdrop has the dialog itself as its target, since its content fills it.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

function startConfirm(form) {
  let sure = false;
  form.addEventListener("submit", (event) => {
    if (sure) return;
    const dialog = document.getElementById(form.dataset.confirm);
    if (!dialog) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    dialog.returnValue = "";
    dialog.addEventListener("close", () => {
      sure = dialog.returnValue === "yes";
      if (sure) form.requestSubmit(event.submitter);
    }, { once: true });
    dialog.showModal();
  });
}

function startOnce(form) {
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    // After the event: a disabled button would not be sent with the form.
    setTimeout(() => form.querySelectorAll("button:not([type=button])").forEach((button) => (button.disabled = true)));
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) form.querySelectorAll("button:disabled").forEach((button) => (button.disabled = false));
  });
}

mount("dialog", startDialog);
mount("form[data-confirm]", startConfirm);
mount("form[data-once]", startOnce);
