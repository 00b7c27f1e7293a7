// Sending a form of the composer: once, never over unread news, and never at the price of the text.

import { element, icon, parsed } from "./elements.js";
import { fetchJson } from "./requests.js";
import { say } from "./words.js";

/** A key that no other message has (128 bits); crypto.randomUUID is missing without TLS. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function failure() {
  return element("div", { class: "notice danger" }, icon("alert"),
    element("div", {}, element("b", {}, say("send.failed")), element("p", {}, say("send.failed_why"))));
}

function isFragment(answer) {
  return [409, 422].includes(answer?.status) && answer.headers.get("content-type")?.startsWith("text/html");
}

/** Post the form. `{sent}` with the server's JSON, or `{notice, status}` with what to tell the author. */
export async function post(form, submitter) {
  const body = new FormData(form, submitter?.name ? submitter : undefined);
  const answer = await fetchJson(form.action, { method: "POST", body }).catch(() => null);
  if (answer?.status === 201) return { sent: await answer.json() };
  if (isFragment(answer)) return { notice: parsed(await answer.text()), status: answer.status };
  return { notice: [failure()], status: answer?.status ?? 0 };
}
