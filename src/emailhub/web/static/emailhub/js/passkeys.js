// Forms that a passkey fills: the browser asks its owner, and the answer goes into a hidden field.

const ceremonies = {
  create: (options, form) =>
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wished(options, form)) }),
  get: (options) =>
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

/** Let the form's button begin the ceremony. A form that is hidden without scripts is shown. */
export function start(form) {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return fail(form);
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    perform(form).then(() => form.submit(), () => fail(form));
  });
}

async function perform(form) {
  form.querySelector("[data-failed]").hidden = true;
  const { publicKey } = await optionsOf(form);
  const credential = await ceremonies[form.dataset.passkey](publicKey, form);
  form.querySelector("[data-credential]").value = JSON.stringify(credential.toJSON());
}

/** What the server asks for: in the page, or, where anybody may begin, fetched when it is needed. */
async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(document.getElementById(form.dataset.options).textContent);
  const answer = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(answer.statusText);
  return (await answer.json()).request_options;
}

/** A passkey that signs in alone must know its owner, and stay on the device. */
function wished(options, form) {
  if (!form.elements.passwordless?.checked) return options;
  const authenticatorSelection = {
    ...options.authenticatorSelection,
    residentKey: "required",
    requireResidentKey: true,
    userVerification: "required",
  };
  return { ...options, authenticatorSelection };
}

function fail(form) {
  form.querySelector("[data-failed]").hidden = false;
}
