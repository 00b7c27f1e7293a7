// Talking to our own server.

/** The token that Django wants with every request that changes something. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content
    ?? document.querySelector("[name=csrfmiddlewaretoken]")?.value
    ?? "";
}

function headers(accept) {
  return { Accept: accept, "HX-Request": "true", "X-CSRFToken": csrfToken() };
}

/** fetch for pages' fragments (text/html). */
export function fetchFragment(url, options = {}) {
  return fetch(url, { credentials: "same-origin", ...options, headers: headers("text/html") });
}

/** fetch for answers in JSON; errors may still come as a fragment. */
export function fetchJson(url, options = {}) {
  return fetch(url, { credentials: "same-origin", ...options, headers: headers("application/json, text/html;q=0.9") });
}

/** `url` with query parameters in place of those of the same name; a list is a repeated parameter. */
export function withQuery(url, parameters) {
  const made = new URL(url, location.href);
  for (const [name, value] of Object.entries(parameters)) {
    made.searchParams.delete(name);
    for (const one of [value].flat()) made.searchParams.append(name, one);
  }
  return made.href;
}
