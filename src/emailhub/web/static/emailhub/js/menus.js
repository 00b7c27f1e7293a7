// Popover menus: the browser opens, closes and returns the focus; here come the keys, the filter
// and the placement in browsers without anchor positioning. Also tabs and toolbars.

import { mount } from "./mount.js";
import { DOWN, moved, rove } from "./roving.js";

const GAP = 4;
const canAnchor = CSS.supports("position-area", "block-end");

function itemsOf(menu) {
  return [...menu.querySelectorAll("[role^=menuitem]")];
}

function invokerOf(popover) {
  const all = [...document.querySelectorAll(`[popovertarget="${CSS.escape(popover.id)}"]`)];
  return all.find((button) => button === document.activeElement) ?? all.find((button) => button.checkVisibility());
}

function place(popover, invoker) {
  const at = invoker.getBoundingClientRect();
  const size = popover.getBoundingClientRect();
  const below = at.bottom + GAP + size.height <= innerHeight;
  const above = at.top - GAP - size.height >= 0;
  const up = popover.classList.contains("up") ? above || !below : !below && above;
  const left = popover.classList.contains("end") ? at.right - size.width : at.left;
  popover.style.margin = "0";
  popover.style.top = `${Math.max(GAP, up ? at.top - GAP - size.height : at.bottom + GAP)}px`;
  popover.style.left = `${Math.min(Math.max(GAP, left), innerWidth - size.width - GAP)}px`;
}

function focusFirst(menu) {
  const chosen = menu.querySelector('[aria-checked="true"]');
  (menu.querySelector("[data-menu-filter]") ?? chosen ?? itemsOf(menu)[0])?.focus();
}

function typeAhead(menu) {
  let typed = "";
  let at = 0;
  return (event) => {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || event.key === " ") return;
    typed = event.timeStamp - at > 700 ? event.key : typed + event.key;
    at = event.timeStamp;
    const wanted = typed.toLocaleLowerCase();
    itemsOf(menu).find((item) => item.textContent.trim().toLocaleLowerCase().startsWith(wanted))?.focus();
  };
}

function startFilter(menu, field) {
  const filter = () => {
    const wanted = field.value.trim().toLocaleLowerCase();
    for (const item of itemsOf(menu)) item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted);
  };
  field.addEventListener("input", filter);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    itemsOf(menu).find((item) => !item.hidden)?.click();
  });
  menu.addEventListener("beforetoggle", (event) => {
    if (event.newState === "open") field.value = "";
    filter();
  });
}

function onMenuKey(menu, find, event) {
  // A popover that is a menu ends with it; one that holds a menu goes on with its other fields.
  if (event.key === "Tab") return menu.role === "menu" && menu.hidePopover();
  if (!event.target.matches("[data-menu-filter], [role^=menuitem]")) return undefined;
  const inFilter = event.target.matches("[data-menu-filter]");
  const keys = inFilter ? ["ArrowDown", "ArrowUp"] : DOWN;
  const item = moved(event, itemsOf(menu), keys);
  if (item) item.focus();
  else if (!inFilter) find(event);
  return undefined;
}

function startMenu(menu) {
  const find = typeAhead(menu);
  const filter = menu.querySelector("[data-menu-filter]");
  if (filter) startFilter(menu, filter);
  menu.addEventListener("keydown", (event) => onMenuKey(menu, find, event));
  menu.addEventListener("toggle", (event) => event.newState === "open" && focusFirst(menu));
  menu.addEventListener("click", (event) => {
    const item = event.target.closest("[role^=menuitem], [type=submit]");
    if (!item) return;
    if (item.getAttribute("aria-disabled") === "true") event.preventDefault();
    else menu.hidePopover();
  });
}

function startPlacement(popover) {
  popover.addEventListener("toggle", (event) => {
    const invoker = event.newState === "open" && invokerOf(popover);
    if (invoker) place(popover, invoker);
  });
}

function openWithArrow(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const button = event.target.closest?.('[popovertarget][aria-haspopup="menu"]');
  if (!button) return;
  event.preventDefault();
  button.click();
}

mount("[popover][role=menu], [popover]:has(> [role=menu])", startMenu);
if (!canAnchor) mount("[popover]", startPlacement);
document.addEventListener("keydown", openWithArrow);

mount("[role=tablist]", (row) => rove(row, "[role=tab]", (tab) => tab.getAttribute("aria-selected") === "true"));
mount("[role=toolbar]", (row) => rove(row, "button:not([disabled])"));
