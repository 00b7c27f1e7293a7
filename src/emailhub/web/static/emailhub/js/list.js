// The list of tickets: rows change in their place, new ones announce themselves, nothing jumps.

import { parsed } from "./elements.js";
import { added, mount } from "./mount.js";
import { fetchFragment, withQuery } from "./requests.js";
import { announce, say } from "./words.js";

class List {
  constructor(rows) {
    this.rows = rows;
    this.fresh = new Set();
    this.due = new Set();
    for (const type of ["live:activity", "live:ticket", "live:contact"]) document.addEventListener(type, (event) => this.#onEvent(event.detail));
    document.addEventListener("live:resync", () => [...rows.children].forEach((row) => this.#onEvent(row.dataset)));
  }

  #onEvent({ ticket }) {
    if (!ticket || !this.rows.isConnected) return;
    if (!this.due.size) setTimeout(() => this.#fetchDue(), 150);
    this.due.add(String(ticket));
  }

  #fetchDue() {
    const tickets = [...this.due];
    this.due.clear();
    this.#fetchRows(tickets).catch(() => {}); // without a connection: the resync brings it
  }

  async #fetchRows(tickets) {
    const answer = await fetchFragment(withQuery(this.rows.dataset.rowUrl, { id: tickets }));
    if (![200, 204].includes(answer.status) || answer.redirected) return;
    const rows = new Map(parsed(await answer.text()).map((row) => [row.dataset.ticket, row]));
    for (const ticket of tickets) this.#place(ticket, rows.get(ticket));
  }

  #place(ticket, row) {
    const old = document.getElementById(`row-${ticket}`);
    if (old) this.#change(old, row);
    else if (row) this.#announceNew(ticket);
  }

  #change(old, row) {
    old.toggleAttribute("data-gone", !row);
    if (!row) return;
    const current = old.querySelector(".row.current") !== null;
    const focused = old.contains(document.activeElement);
    const chosen = old.querySelector("input[name=ticket]")?.checked;
    old.replaceChildren(...row.childNodes);
    if (chosen) old.querySelector("input[name=ticket]")?.click();
    old.querySelector(".row")?.classList.toggle("current", current);
    if (current) old.querySelector("a.who")?.setAttribute("aria-current", "true");
    if (focused) old.querySelector("a.who")?.focus({ preventScroll: true });
    added(old);
  }

  #announceNew(ticket) {
    const bar = document.getElementById("fresh");
    if (!bar || this.fresh.has(ticket)) return;
    this.fresh.add(ticket);
    const words = say(this.fresh.size === 1 ? "list.fresh_one" : "list.fresh", { n: this.fresh.size });
    (bar.querySelector("[data-fresh-words]") ?? bar).textContent = words;
    bar.hidden = false;
    announce(words);
  }
}

function startMore(link) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    link.setAttribute("aria-busy", "true");
    const answer = await fetchFragment(link.href).catch(() => null);
    if (!answer?.ok) return location.assign(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return append(link, page);
  });
}

function append(link, page) {
  const rows = document.querySelector("[data-rows]");
  const more = page.querySelector("[data-more]");
  const fresh = [...page.querySelectorAll("[data-rows] > *")].filter((row) => !document.getElementById(row.id));
  for (const row of fresh) row.querySelector(".row.current")?.classList.remove("current");
  rows.append(...fresh);
  fresh.forEach(added);
  fresh[0]?.querySelector("a.who")?.focus({ preventScroll: true });
  if (!more) return link.remove();
  link.replaceWith(more);
  return added(more);
}

/** The place in a list is kept from page to page, until another view is chosen. */
function keepScroll(box) {
  const view = new URLSearchParams(location.search).get("view") ?? document.querySelector(".rail [aria-current]")?.getAttribute("href") ?? "";
  const key = `emailhub-scroll:${box.dataset.keepScroll}:${view}`;
  try {
    box.scrollTop = Number(sessionStorage.getItem(key) ?? 0);
    addEventListener("pagehide", () => sessionStorage.setItem(key, String(box.scrollTop)));
  } catch {
    // without storage the list starts at its top
  }
}

mount("[data-rows][data-row-url]", (rows) => new List(rows));
mount("[data-more]", startMore);
mount("[data-keep-scroll]", keepScroll);
