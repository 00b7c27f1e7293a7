// Starts behaviour on elements that are on the page now, or come later.

const mounts = [];

/** Run `start(element)` once for every element that matches, now and when content is added. */
export function mount(selector, start) {
  const seen = new WeakSet();
  const entry = { selector, once: (element) => !seen.has(element) && (seen.add(element), start(element)) };
  mounts.push(entry);
  apply(entry, document);
}

/** Tell every module that `element` is new on the page. */
export function added(element) {
  element.dispatchEvent(new CustomEvent("content:added", { bubbles: true }));
}

function apply({ selector, once }, root) {
  if (root.matches?.(selector)) once(root);
  for (const element of root.querySelectorAll?.(selector) ?? []) once(element);
}

function applyAll(root) {
  for (const entry of mounts) apply(entry, root);
}

document.addEventListener("content:added", (event) => applyAll(event.target));
document.addEventListener("htmx:load", (event) => applyAll(event.detail.elt));
