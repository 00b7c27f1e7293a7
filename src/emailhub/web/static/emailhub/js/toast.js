// Short messages at the foot of the page. A pending "undo send" outlives a change of page.

import { element, icon } from "./elements.js";
import { fetchJson } from "./requests.js";
import { mount } from "./mount.js";
import { say } from "./words.js";

const KEY = "emailhub-undo";
const SHOWN_MS = 6000;
const SVG = "http://www.w3.org/2000/svg";

function place() {
  return document.getElementById("toasts") ?? document.body.appendChild(element("div", { class: "toasts", id: "toasts" }));
}

/** Remove the toast when its time is up, not while someone points at it or has the focus in it. */
function leave(toast, ms = SHOWN_MS) {
  const go = () => (toast.matches(":hover, :focus-within") ? setTimeout(go, 1000) : toast.remove());
  setTimeout(go, ms);
}

/** Show `text` for some seconds. */
export function toast(text, iconName = "check") {
  const made = element("div", { class: "toast" }, icon(iconName, "small"), element("span", { class: "grow" }, text));
  place().append(made);
  leave(made);
}

function ring() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "ring");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  for (const name of ["back", "left"]) {
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("class", name);
    for (const [key, value] of Object.entries({ cx: 10, cy: 10, r: 8, pathLength: 100 })) circle.setAttribute(key, value);
    svg.append(circle);
  }
  return svg;
}

function store(pending) {
  try {
    if (pending) sessionStorage.setItem(KEY, JSON.stringify(pending));
    else sessionStorage.removeItem(KEY);
  } catch {
    // without storage the offer ends with the page
  }
}

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

async function takeBack(pending) {
  const answer = await fetchJson(pending.undo_url, { method: "DELETE" }).catch(() => null);
  const body = await answer?.json().catch(() => null);
  if (!answer?.ok) return toast(body?.words ?? say("undo.failed"), "alert");
  const undone = new CustomEvent("composer:undone", { cancelable: true, detail: { ...pending, ...body } });
  if (document.dispatchEvent(undone)) location.assign(body.url);
  return toast(say("undo.done"), "undo");
}

function showUndo(pending) {
  // The seconds change all the time: screen readers hear one sentence that does not.
  const words = element("span", { class: "grow", "aria-hidden": "true" });
  const spoken = element("span", { class: "sr" }, pending.words.replace("{s}", pending.seconds));
  const circle = ring();
  const button = element("button", { class: "button", type: "button" }, say("undo"));
  const made = element("div", { class: "toast" }, circle, words, spoken, button);
  const total = pending.seconds * 1000;
  const stop = () => {
    clearInterval(timer);
    store(null);
    made.remove();
  };
  const tick = () => {
    const left = pending.until - Date.now();
    if (left <= 0) return stop();
    words.textContent = pending.words.replace("{s}", Math.ceil(left / 1000));
    return circle.style.setProperty("--left", String(Math.round((100 * left) / total)));
  };
  const timer = setInterval(tick, 250);
  button.addEventListener("click", () => {
    stop();
    takeBack(pending);
  });
  place().append(made);
  tick();
}

/** Offer to take back what was just sent: `{undo_url, seconds, words}`. */
export function offerUndo(sent) {
  const pending = { ...sent, until: Date.now() + sent.seconds * 1000 };
  store(pending);
  showUndo(pending);
}

const waiting = stored();
if (waiting && waiting.until > Date.now()) showUndo(waiting);
else store(null);

mount("[data-toast]", (made) => leave(made, Number(made.dataset.toast) * 1000));
