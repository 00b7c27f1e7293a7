// What may stand in the editor: pasted, dropped or from a draft. The server cleans again before
// anything is stored or sent; this keeps the author's own page safe and shows what will leave.

import "../../vendor/dompurify/purify.min.js"; // UMD: gives globalThis.DOMPurify

const OPTIONS = {
  RETURN_DOM_FRAGMENT: true,
  USE_PROFILES: { html: true },
  FORBID_TAGS: ["style", "form", "input", "button", "select", "textarea", "video", "audio", "map", "area", "dialog"],
  FORBID_ATTR: [
    "class", "id", "name", "contenteditable", "autofocus", "popover", "popovertarget", "tabindex", "srcset", "background",
  ],
  ALLOW_DATA_ATTR: false,
  ADD_ATTR: ["data-cid", "data-file"],
  // DOMPurify asks this of every value, also of "100%" or "center": so, like its own, it lets all pass
  // that does not begin with a scheme.
  ALLOWED_URI_REGEXP: /^(?:(?:https?|mailto|tel|blob):|[^a-z]|[a-z+.-]+(?:[^a-z+.\-:]|$))/i,
};
// Anything that could lift a pasted element out of its place.
const LIFTING = ["position", "inset", "top", "right", "bottom", "left", "z-index", "transform", "translate"];

/** True for a picture that the author's own upload or clipboard brought. */
function isOwnPicture(image) {
  const source = image.getAttribute("src") ?? "";
  if (/^(?:blob:|data:image\/(?:png|jpe?g|gif|webp);)/i.test(source)) return true;
  return source !== "" && new URL(source, location.href).origin === location.origin;
}

/** True for a link that means the same in the receiver's mail program. */
function isWholeLink(link) {
  return /^(?:https?:\/\/|mailto:|tel:)/i.test(link.getAttribute("href") ?? "");
}

// In DOMPurify's inert document: once a picture is in ours, the browser would fetch it.
globalThis.DOMPurify.addHook("afterSanitizeAttributes", (node) => {
  if (node.nodeName === "IMG" && !isOwnPicture(node)) node.removeAttribute("src");
  if (node.nodeName === "A" && !isWholeLink(node)) node.removeAttribute("href");
});

function tidy(fragment) {
  for (const image of fragment.querySelectorAll("img:not([src])")) image.remove();
  for (const styled of fragment.querySelectorAll("[style]")) {
    for (const property of LIFTING) styled.style.removeProperty(property);
  }
  return fragment;
}

/** The harmless part of `html` as a fragment of this document. */
export function sanitised(html) {
  return tidy(document.importNode(globalThis.DOMPurify.sanitize(html, OPTIONS), true));
}
