// "Tell me in this browser": asks for the permission, subscribes, and hands the place to the server by the form.

function octets(text) {
  const base64 = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

function written(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function subscription(form) {
  const worker = await navigator.serviceWorker.register(form.dataset.worker);
  const options = { userVisibleOnly: true, applicationServerKey: octets(form.dataset.push) };
  const known = await worker.pushManager.getSubscription();
  await known?.unsubscribe(); // it may be of an earlier key
  return (await ready(worker)).pushManager.subscribe(options);
}

function ready(worker) {
  const coming = worker.installing ?? worker.waiting;
  if (!coming || worker.active) return worker;
  return new Promise((resolve) => {
    coming.addEventListener("statechange", () => worker.active && resolve(worker));
  });
}

async function fill(form) {
  const made = await subscription(form);
  form.elements.endpoint.value = made.endpoint;
  form.elements.key.value = written(made.getKey("p256dh"));
  form.elements.secret.value = written(made.getKey("auth"));
}

/** Show the form where the browser can do it. */
export function start(form) {
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    fill(form).then(() => form.submit(), () => { form.querySelector("[data-failed]").hidden = false; });
  });
}
