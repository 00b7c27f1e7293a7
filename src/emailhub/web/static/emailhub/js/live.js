// The open page hears what happens: one stream of events, told on as document events.

import { debounced } from "./elements.js";
import { announce, say } from "./words.js";
import { fetchFragment } from "./requests.js";
import { added } from "./mount.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30000;
const PATIENCE_MS = 4000;
const COUNTS_MS = 600;
// Browsers allow six connections to a host: tabs that nobody looks at must not keep them all.
const SLEEP_MS = 30000;
// What a kind of event makes old, besides the counts.
const MAKES_OLD = { activity: ["ticket"], ticket: ["ticket"], contact: ["contact", "ticket"] };

let source = null;
let wait = FIRST_WAIT_MS;
let lostTimer = 0;
let sleepTimer = 0;
let isLost = false;
let hasConnected = false;

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
}

function pageTicket() {
  return document.getElementById("ticket")?.dataset.ticket ?? document.querySelector("[data-timeline]")?.dataset.ticket;
}

function isInUse(element) {
  const field = element.contains(document.activeElement) && document.activeElement.matches("input, textarea, select, [contenteditable]");
  return Boolean(field || element.querySelector("form[data-form]:not([hidden])") || element.querySelector(":popover-open, dialog[open]"));
}

async function refresh(element) {
  if (isInUse(element)) return;
  const answer = await fetchFragment(element.dataset.refreshUrl).catch(() => null);
  if (answer?.status !== 200 || answer.redirected || isInUse(element)) return;
  const focused = element.contains(document.activeElement) ? document.activeElement.id : "";
  element.innerHTML = await answer.text();
  added(element);
  if (focused) document.getElementById(focused)?.focus();
}

const stale = new Set();

const refreshStale = debounced(() => {
  const kinds = [...stale];
  stale.clear();
  for (const element of document.querySelectorAll("[data-refresh]")) {
    if (kinds.some((kind) => element.dataset.refresh.split(" ").includes(kind))) refresh(element);
  }
}, COUNTS_MS);

/** Fetch the parts of the page that show `kinds` again, soon. */
export function makeOld(...kinds) {
  for (const kind of kinds) stale.add(kind);
  refreshStale();
}

function resync() {
  tell("resync", {});
  makeOld("counts", "ticket", "contact");
}

function onEvent(payload) {
  if (payload.kind === "signed-out") return location.reload();
  if (payload.kind === "resync") return resync();
  if (payload.kind === "presence" || payload.kind === "regrouped") return tell(payload.kind, payload); // makes nothing old
  const here = String(payload.ticket ?? "") === pageTicket() || payload.kind === "contact";
  makeOld("counts", ...(here ? (MAKES_OLD[payload.kind] ?? []) : []));
  return tell(payload.kind, payload);
}

function showLost(lost) {
  if (lost === isLost) return;
  isLost = lost;
  const place = document.getElementById("offline");
  if (place) place.hidden = !lost;
  tell(lost ? "lost" : "back", {});
  if (!lost) announce(say("live.back"));
}

function onOpen() {
  clearTimeout(lostTimer);
  lostTimer = 0;
  wait = FIRST_WAIT_MS;
  showLost(false);
  // What happened in between was not told: since the stream was lost, or since the page was drawn.
  if (hasConnected) resync();
  else tell("opened", {}); // the list waits for the next event; a timeline must not
  hasConnected = true;
}

function onError() {
  lostTimer ||= setTimeout(() => showLost(true), PATIENCE_MS);
  if (source.readyState !== EventSource.CLOSED) return; // the browser itself tries again
  setTimeout(connect, wait + Math.random() * wait * 0.3);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

function connect() {
  source?.close();
  source = new EventSource(document.body.dataset.eventsUrl);
  source.addEventListener("open", onOpen);
  source.addEventListener("error", onError);
  source.addEventListener("resync", resync);
  source.addEventListener("message", (event) => onEvent(JSON.parse(event.data)));
}

function connectAgain() {
  if (source?.readyState === EventSource.CLOSED) connect();
}

function onVisibility() {
  clearTimeout(sleepTimer);
  if (document.hidden) sleepTimer = setTimeout(() => source.close(), SLEEP_MS);
  else connectAgain();
}

if (document.body.dataset.eventsUrl) {
  connect();
  addEventListener("online", connectAgain);
  // A page that comes out of the back/forward cache has lost its stream without an error.
  addEventListener("pageshow", (event) => event.persisted && connect());
  addEventListener("pagehide", () => source.close());
  document.addEventListener("visibilitychange", onVisibility);
}
