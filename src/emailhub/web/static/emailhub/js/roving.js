// One tab stop, arrow keys inside: for menus, tabs and toolbars (WAI-ARIA practices).

const STEP = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

function target(items, current, key) {
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  const index = items.indexOf(current);
  const start = index < 0 && STEP[key] < 0 ? 0 : index;
  return items[(start + STEP[key] + items.length) % items.length];
}

function visible(items) {
  return items.filter((item) => item.checkVisibility?.() ?? item.offsetParent !== null);
}

/** The item that `event` moves to, or undefined; `keys` are the ones that count here. */
export function moved(event, items, keys) {
  if (!keys.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const shown = visible(items);
  if (!shown.length) return undefined;
  event.preventDefault();
  const rtl = getComputedStyle(event.currentTarget).direction === "rtl" && /Left|Right/.test(event.key);
  const key = rtl ? (event.key === "ArrowLeft" ? "ArrowRight" : "ArrowLeft") : event.key;
  return target(shown, document.activeElement, key);
}

export const ALONG = ["ArrowLeft", "ArrowRight", "Home", "End"];
export const DOWN = ["ArrowDown", "ArrowUp", "Home", "End"];

/** Arrow keys and one tab stop for the items of a row. */
export function rove(row, selector, isChosen = () => false) {
  const items = () => [...row.querySelectorAll(selector)];
  const stop = (chosen) => items().forEach((item) => (item.tabIndex = item === chosen ? 0 : -1));
  stop(items().find(isChosen) ?? items()[0]);
  row.addEventListener("focusin", (event) => {
    const item = event.target.closest(selector);
    if (item) stop(item);
  });
  row.addEventListener("keydown", (event) => moved(event, items(), ALONG)?.focus());
}
