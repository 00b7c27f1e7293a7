// Every page loads this. Rich text comes only where there is a field for it.

import "./menus.js";
import "./dialogs.js";
import "./keyboard.js";
import "./toast.js";
import "./fields.js";
import "./edit.js";
import "./contact.js";
import "./frames.js";
import "./timeline.js";
import "./earlier.js";
import "./presence.js";
import "./list.js";
import "./bulk.js";
import "./live.js";
import { mount } from "./mount.js";

mount("[data-sortable]", (list) => import("./sortable.js").then((module) => module.start(list)));
mount("[data-values]", (field) => import("./values.js").then((module) => module.start(field)));
mount("[data-composer]", () => import("./composer.js"));
mount("[data-meter]", () => import("./meter.js"));
mount("form[data-push]", (form) => import("./push.js").then(({ start }) => start(form)));
mount("[data-passkey]", (form) => import("./passkeys.js").then(({ start }) => start(form)));
mount("[data-rich]", () => import("./rich.js"));
