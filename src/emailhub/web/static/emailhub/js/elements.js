// Elements made by scripts: no HTML strings, so nothing needs escaping.

const SVG = "http://www.w3.org/2000/svg";

/** A new element: properties are attributes, `on…` are listeners, the rest are children. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** An icon of the set, e.g. icon("close", "tiny"). */
export function icon(name, size = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${size}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.body.dataset.icons ?? "/static/emailhub/icons.svg"}#i-${name}`);
  svg.append(use);
  return svg;
}

/** The elements of an HTML text that our own server sent. */
export function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.children];
}

/** Call `run` when nothing has happened for `ms`; `.now()` calls it at once if it was due. */
export function debounced(run, ms) {
  let timer = 0;
  const late = () => {
    clearTimeout(timer);
    timer = setTimeout(late.now, ms);
  };
  late.now = () => {
    if (!timer) return undefined;
    clearTimeout(timer);
    timer = 0;
    return run();
  };
  late.cancel = () => {
    clearTimeout(timer);
    timer = 0;
  };
  return late;
}
