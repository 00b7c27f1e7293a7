// The words that scripts show. Pages hand them over in <script id="words" type="application/json">;
// the English here is the list of keys and the last resort.

const ENGLISH = {
  "address.invalid": "{address} is not an e-mail address",
  "address.own": "{address} is this team's own address",
  "address.twice": "{address} is already there",
  "bulk.chosen": "{n} chosen",
  "bulk.one": "1 chosen",
  "chip.remove": "Remove {name}",
  "chip.suggestions": "{n} suggestions",
  "draft.both": "Put both here",
  "draft.kept_here": "Draft kept on this device",
  "draft.mine": "Go on with this one alone",
  "draft.saved": "Draft saved",
  "edit.failed": "It was not saved. Check the connection and try again",
  "file.cancel": "Cancel the upload of {name}",
  "file.failed": "Could not be uploaded",
  "file.remove": "Remove {name}",
  "file.too_big": "{size}, at most {most} in all",
  "file.too_big_linked": "{size}, a file has at most {most}",
  "file.uploading": "Uploading {name}",
  "key.choose": "Choose the ticket, for many at once",
  "key.move": "Next and previous ticket",
  "key.open": "Open the ticket",
  "key.send": "Send",
  "key.leave": "Close, or leave the field; nothing is lost",
  "key.then": "then",
  "link.ask": "Web address or e-mail address",
  "link.bad": "Only web, e-mail and telephone links",
  "link.cancel": "Cancel",
  "link.remove": "Remove the link",
  "link.set": "Set the link",
  "list.fresh_one": "Show 1 new ticket",
  "list.fresh": "Show {n} new tickets",
  "live.back": "Connected again",
  "presence.answering": "{who} is answering",
  "presence.looking": "{who} is looking",
  "mention.list": "Colleagues to mention",
  "meter.characters": "{n} characters",
  "meter.forced": "{n} SMS because of {characters}",
  "meter.segments": "{n} SMS",
  "saved.none": "No saved reply has these words",
  "saved.search": "Find a saved reply",
  "saved.title": "Saved replies",
  "receivers.bcc": "{name} (BCC)",
  "receivers.cc": "{name} (CC)",
  "receivers.many": "{people} will receive it",
  "receivers.nobody": "Nobody will receive it yet: add an address",
  "receivers.one": "{people} will receive it",
  "send.failed": "It was not sent",
  "send.failed_why": "There was no answer from the server. Your text is kept; sending again never sends it twice.",
  "send.uploading": "Sends when the files are uploaded",
  "timeline.new_one": "1 new activity",
  "timeline.new": "{n} new activities",
  "undo": "Undo",
  "undo.done": "Not sent; it is a draft again",
  "undo.failed": "Too late to undo",
};

function pageWords() {
  const element = document.getElementById("words");
  return element ? JSON.parse(element.textContent) : {};
}

const words = { ...ENGLISH, ...pageWords() };

/** The text named `key`, its `{places}` filled. */
export function say(key, places = {}) {
  return words[key].replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}

/** The page's language, for Intl. */
export const language = document.documentElement.lang || "en";

/** "182 kB", "38 MB": decimal sizes in the page's language. */
export function fileSize(bytes) {
  const [unit, value] = bytes < 1e6 ? ["kilobyte", bytes / 1e3] : ["megabyte", bytes / 1e6];
  const digits = value < 10 && unit === "megabyte" ? 1 : 0;
  const style = { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits };
  return new Intl.NumberFormat(language, style).format(Math.max(value, unit === "kilobyte" ? 1 : 0.1));
}

/** Say something to screen readers only. */
export function announce(text) {
  const place = document.getElementById("announcer");
  if (place) place.textContent = text;
}
