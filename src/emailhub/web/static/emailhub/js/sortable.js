// A list whose entries change places: by dragging the grip, or with the arrow keys on it. Each entry has a
// form[data-position] whose field `to` is the wanted place; the server answers with the list as it is then.

const STEP = { ArrowUp: -1, ArrowDown: 1 };

function entries(list) {
  return [...list.querySelectorAll(":scope > [data-rule]")];
}

function send(entry, to) {
  const form = entry.querySelector("form[data-position]");
  form.elements.to.value = to;
  form.requestSubmit();
}

function onKey(list, event) {
  const grip = event.target.closest("[data-grip]");
  if (!grip || !(event.key in STEP)) return;
  event.preventDefault();
  const all = entries(list);
  const at = all.indexOf(grip.closest("[data-rule]"));
  const to = at + STEP[event.key];
  if (to >= 0 && to < all.length) send(all[at], to);
}

/** Where a pointer at height `y` would put the entry, among the others. */
function placeAt(others, y) {
  return others.filter((other) => {
    const box = other.getBoundingClientRect();
    return y > box.top + box.height / 2;
  }).length;
}

function lift(list, entry, event) {
  const others = entries(list).filter((other) => other !== entry);
  const from = entries(list).indexOf(entry);
  const drop = document.createElement("li");
  drop.className = "drop";
  const card = entry.querySelector(".rule");
  const grip = event.target.closest("[data-grip]");
  let to = from;
  const move = (moving) => {
    card.classList.add("lifted");
    card.style.translate = `0 ${moving.clientY - event.clientY}px`;
    to = placeAt(others, moving.clientY);
    if (to < others.length) others[to].before(drop);
    else others.at(-1)?.after(drop);
  };
  const end = (wanted) => {
    grip.removeEventListener("pointermove", move);
    card.classList.remove("lifted");
    card.style.translate = "";
    drop.remove();
    if (wanted && to !== from) send(entry, to);
  };
  grip.setPointerCapture(event.pointerId);
  grip.addEventListener("pointermove", move);
  grip.addEventListener("pointerup", () => end(true), { once: true });
  grip.addEventListener("pointercancel", () => end(false), { once: true });
}

/** Let the entries of `list` change places. */
export function start(list) {
  list.addEventListener("keydown", (event) => onKey(list, event));
  list.addEventListener("pointerdown", (event) => {
    const grip = event.button === 0 && event.target.closest("[data-grip]");
    if (grip) lift(list, grip.closest("[data-rule]"), event);
  });
}
