// Mail in its own frame: as high as its content, and with remote pictures only when asked for.
// The frame runs no script (sandbox without allow-scripts); we read its height from outside.

import { mount } from "./mount.js";
import { withQuery } from "./requests.js";

const MOST = 40000;
const LEAST = 24;

function contentOf(frame) {
  try {
    return frame.contentDocument;
  } catch {
    return null; // another origin: nothing to measure
  }
}

function fit(frame) {
  const body = contentOf(frame)?.body;
  if (!body) return;
  // Measured at the body: the root is never lower than the frame and would never shrink again.
  const bottom = body.getBoundingClientRect().bottom + (parseFloat(getComputedStyle(body).marginBottom) || 0);
  const height = Math.ceil(Math.min(Math.max(bottom, body.scrollHeight, LEAST), MOST));
  // A bar for what is too wide must not hide the last line.
  const bar = body.ownerDocument.documentElement.scrollWidth > frame.clientWidth ? 16 : 0;
  if (Math.abs(height + bar - frame.offsetHeight) < 2) return;
  frame.style.blockSize = `${height + bar}px`;
  frame.dispatchEvent(new CustomEvent("frame:resized", { bubbles: true }));
}

function watch(frame) {
  const content = contentOf(frame);
  if (!content?.body || content.URL === "about:blank") return;
  fit(frame);
  for (const image of content.images) if (!image.complete) image.addEventListener("load", () => fit(frame));
  new frame.ownerDocument.defaultView.ResizeObserver(() => fit(frame)).observe(content.body);
  frame.removeAttribute("data-loading");
}

function showImages(link) {
  const message = link.closest(".message") ?? document;
  const strip = link.closest("[data-images-strip]");
  for (const frame of message.querySelectorAll("iframe[data-frame]")) {
    frame.dataset.source ??= frame.getAttribute("src");
    frame.src = withQuery(frame.src, { images: "1" });
  }
  message.querySelector("iframe[data-frame]")?.focus();
  strip?.remove();
}

mount("iframe[data-frame]", (frame) => {
  frame.addEventListener("load", () => watch(frame));
  watch(frame); // it may have loaded before us
  frame.closest("details")?.addEventListener("toggle", () => fit(frame));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-show-images]");
  if (!link) return;
  event.preventDefault();
  showImages(link);
});
