# ruff: noqa: E501  (markup by hand keeps its own line breaks)
"""Pages by hand with the markup that the templates have, for trying the scripts without Django."""

from __future__ import annotations

import json
from collections.abc import Iterable

_HEAD = """<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="csrf-token" content="token-1">
<title>{title}</title>
{styles}
<script src="/static/emailhub/js/theme.js"></script>
<script src="/static/emailhub/js/main.js" type="module"></script></head>"""
_STYLES = "".join(
    f'<link rel="stylesheet" href="/static/emailhub/css/{name}.css">'
    for name in ("tokens", "base", "layout", "components", "workbench")
)
_FOOT = """<div class="toasts" id="toasts" role="status"></div><div class="sr" id="announcer" role="status"></div>
<div class="offline" id="offline" role="status" hidden><div class="notice warn">{wifi}<div><b>No connection</b>
<p>You can go on writing.</p></div></div></div>
<dialog class="dialog" id="help" aria-labelledby="help-title"><header><h2 class="title" id="help-title">Keys</h2>
<form method="dialog"><button class="icon-button" aria-label="Close">{close}</button></form></header>
<dl class="keys" data-keys></dl></dialog>
<script type="application/json" id="words">{words}</script></body></html>"""


def icon(name: str, size: str = "") -> str:
    """An icon of the set."""
    return (
        f'<svg class="icon {size}" aria-hidden="true"><use href="/static/emailhub/icons.svg#i-{name}"/></svg>'
    )


def page(
    body: str, *, title: str = "EmailHub", attributes: str = "", words: dict[str, str] | None = None
) -> str:
    """A whole page around `body`."""
    head = _HEAD.format(language="en", title=title, styles=_STYLES)
    foot = _FOOT.format(words=json.dumps(words or {}), wifi=icon("wifi-off"), close=icon("close"))
    opening = f'<body class="app" data-icons="/static/emailhub/icons.svg" data-user="1" {attributes}>'
    return head + opening + body + foot


def rail() -> str:
    """The rail with its live counts."""
    links = [("m", "Mine", "user", 12), ("o", "Open", "open", 48), ("u", "Unassigned", "nobody", 7)]
    items = "".join(
        f'<li><a href="/tickets/?view={name.lower()}" data-key="g {key}"'
        f"{' aria-current=page' if name == 'Open' else ''}>{icon(sign)}"
        f'<span class="cut">{name}</span><span class="count">{count}</span></a></li>'
        for key, name, sign, count in links
    )
    return f"""<nav class="rail" aria-label="Main"><div class="rail-actions">
<form class="rail-search" role="search" action="/search/">{icon("search")}
<input type="search" name="q" aria-label="Search" placeholder="Search" data-key="/"><kbd class="key">/</kbd></form>
<a class="icon-button" href="/tickets/new/" aria-label="New ticket (c)" data-key="c">{icon("compose")}</a></div>
<div class="rail-live" data-refresh="counts" data-refresh-url="/rail/"><div class="rail-views"><ul>{items}</ul></div></div>
<div class="rail-foot"><div class="rail-me"><button type="button" popovertarget="me-menu" aria-haspopup="menu">
<span class="avatar ours" aria-hidden="true">AF</span><span class="grow cut">Ana Ferrer</span></button>
<button class="icon-button small" type="button" aria-label="Help and keys (?)" data-key="?" data-opens-dialog="help">
{icon("help")}</button></div></div>
<div class="menu up" id="me-menu" popover role="menu" aria-label="Ana Ferrer">
<button role="menuitemradio" type="button" data-theme-choice="light">{icon("open")}<span>Light</span>{icon("check", "small check-mark")}</button>
<button role="menuitemradio" type="button" data-theme-choice="dark">{icon("moon")}<span>Dark</span>{icon("check", "small check-mark")}</button>
<button role="menuitemradio" type="button" data-theme-choice="system">{icon("settings")}<span>As the system</span>{icon("check", "small check-mark")}</button>
</div></nav>"""


def row(number: int, who: str, about: str, *, current: bool = False, last: str = "") -> str:
    """One row of the list."""
    return f"""<li id="row-{number}" data-ticket="{number}"><article class="row{" current" if current else ""}">
<a class="who cut" href="/tickets/{number}/"{" aria-current=true" if current else ""}>{who}</a><time class="when">10:42</time>
<span class="about cut">{about}</span><span class="last cut">{last}</span>
<span class="foot">{icon("mail")}<span class="state">{icon("clock")}18 min</span></span></article></li>"""


def ticket_list(rows: Iterable[str]) -> str:
    """The list in the middle."""
    return f"""<section class="list" aria-labelledby="list-title"><header class="list-head"><div class="line">
<h1 class="grow" id="list-title">Open <span class="count">48</span></h1></div>
<div class="filters"><a class="chip" href="?team=1" aria-current="true">Service</a></div></header>
<a class="fresh" id="fresh" href="/tickets/17/" hidden></a>
<div class="list-scroll" data-keep-scroll="list"><ul data-rows data-row-url="/rows/?view=open" id="rows">{"".join(rows)}</ul>
<nav class="pages" aria-label="Pages"><a class="button small" rel="next" href="/tickets/17/?after=9" data-more>Older</a></nav>
</div></section>"""


def message(number: int, who: str, body: str, *, kind: str = "", strip: str = "", side: str = "10:42") -> str:
    """One mail of the timeline."""
    return f"""<article class="message {kind}" id="activity-{number}" data-activity="{number}" aria-label="E-mail from {who}">
<header><span class="avatar" aria-hidden="true">{who[:2].upper()}</span><div><div class="from"><b>{who}</b></div>
<details class="to"><summary><span class="cut">to Service</span>{icon("down", "tiny")}</summary>
<dl class="facts"><dt>From</dt><dd>{who} &lt;a@farm.example&gt;</dd><dt>To</dt><dd>service@dealer.example</dd></dl></details></div>
<div class="side">{side}</div></header><div class="text">{strip}{body}</div></article>"""


def frame(number: int) -> str:
    """A mail's body in its frame."""
    return (
        f'<iframe class="mail-frame" data-frame src="/bodies/{number}/" title="Message"'
        ' sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )


BLOCKED = (
    f'<div class="strip" data-images-strip>{icon("hidden")}<span class="grow">2 remote images blocked.</span>'
    '<a class="link" data-show-images href="/bodies/102/?images=1" target="mail-102">Show images</a></div>'
)
_TOOLS = [
    "bold",
    "italic",
    "underline",
    "strike",
    "",
    "bullets",
    "numbers",
    "quote",
    "",
    "link",
    "image",
    "attach",
    "clear",
]
_PRESSED = {"bold", "italic", "underline", "strike", "bullets", "numbers", "quote"}
_SIGNS = {"attach": "clip"}


def tools() -> str:
    """The toolbar."""
    buttons = "".join(
        f'<button class="icon-button" type="button" data-tool="{name}" aria-label="{name.capitalize()}"'
        f"{' aria-pressed=false' if name in _PRESSED else ''}>{icon(_SIGNS.get(name, name))}</button>"
        if name
        else "<i></i>"
        for name in _TOOLS
    )
    return f'<div class="tools" role="toolbar" aria-label="Format" data-tools>{buttons}</div>'


def _top(pressed: bool) -> str:
    return f"""<div class="composer-top"><button class="channel" type="button" popovertarget="channel-menu" aria-haspopup="menu">
{icon("mail", "small")}E-mail{icon("down")}</button><button class="to-note" type="submit" form="channel-switch" name="channel"
 value="note" data-channel-choice="note" aria-pressed="{str(pressed).lower()}" data-key="n">{icon("note", "small")}<span class="words">Internal note</span></button>
<span class="meta saved line" data-saved hidden>{icon("check", "tiny")}<span class="words" data-saved-words role="status"></span></span>
<button class="icon-button small" type="button" data-fold aria-label="Fold the editor">{icon("down", "small")}</button></div>"""


def _writing(label: str, html: str) -> str:
    return f"""<textarea class="writing" name="text" data-writing aria-label="{label}" rows="6" placeholder="Write your answer…"></textarea>
<input type="hidden" name="html" value="{html}" data-html disabled>"""


def _line(name: str, label: str, value: str) -> str:
    return (
        f'<div class="composer-line"><label for="{name}">{label}</label>'
        f'<input id="{name}" name="{name}" data-people="{name}" value="{value}" autocomplete="off"></div>'
    )


def composer(draft: str = "") -> str:
    """The composer with e-mail and note."""
    lines = (
        _line("to", "To", "Joaquín Belmonte &lt;joaquin@farm.example&gt;")
        + _line("cc", "CC", "")
        + _line("bcc", "BCC", "")
    )
    return f"""<form id="channel-switch" method="get" action="#composer" hidden></form>
<div class="composer-place" id="composer" data-composer data-channel="email" data-key="r" data-key-label="Reply">
<div class="composer closed" data-closed hidden><button class="channel" type="button">{icon("mail", "small")}</button>
<button class="writing" type="button" data-open-composer>Reply to Joaquín…</button></div>
<form class="composer" id="composer-email" data-form data-channel-form="email" data-ctrl-enter aria-label="Reply by e-mail" method="post"
 action="/replies/" enctype="multipart/form-data" data-draft-url="/drafts/email/" data-upload-url="/uploads/" data-people-url="/people/"
 data-saved-url="/saved-replies/" data-own="service@dealer.example" data-max-bytes="1000000"
 data-max-linked="2000000" data-link-words="will be sent as a link until 24 December">
<input type="hidden" name="csrfmiddlewaretoken" value="token-1"><input type="hidden" name="key" value="key-1">
<input type="hidden" name="seen" value="102"><input type="hidden" name="based_on" value=""><div data-notice role="alert"></div>{_top(False)}
<details class="composer-lines" data-lines open><summary class="receivers">{icon("eye")}<span data-receivers aria-live="polite"></span>
<span class="turn">{icon("down", "tiny")}</span></summary>{lines}
<div class="composer-line"><label for="subject">Subject</label><input id="subject" name="subject" value="Re: Leak"></div></details>
{_writing("Message", draft)}
<div class="signature"><label class="check"><input type="checkbox" name="signature" value="1" checked><span>Include my signature</span></label>
<div class="signature-preview"><b>Ana Ferrer</b> · Service<br>Dealer · 973 555 014</div></div>
<ul class="composer-files files" data-files></ul>
<div class="composer-foot">{tools()}<input class="attach-plain" type="file" name="files" multiple data-pick aria-label="Attach files">
<span class="twin push"><button class="button primary" type="submit" data-send>Send<kbd class="key">Ctrl ↵</kbd></button>
<button class="button primary" type="button" aria-label="Other ways to send" popovertarget="send-menu" aria-haspopup="menu">
{icon("down", "small")}</button></span></div></form>
<form class="composer note" id="composer-note" data-form data-channel-form="note" hidden data-ctrl-enter aria-label="Internal note" method="post"
 action="/notes/" data-draft-url="/drafts/note/" data-upload-url="/uploads/"><input type="hidden" name="key" value="key-2">
<div data-notice role="alert"></div>{_top(True)}{_writing("Internal note", "")}<ul class="composer-files files" data-files></ul>
<div class="composer-foot"><div class="tools" role="toolbar" aria-label="Insert" data-tools><button class="icon-button" type="button"
 data-tool="attach" aria-label="Attach">{icon("clip")}</button></div><input type="file" name="files" multiple data-pick aria-label="Attach files">
<button class="button primary push" type="submit" data-send>Save note</button></div></form></div>
<div class="menu up" id="channel-menu" popover role="menu" aria-label="Channel">
<button role="menuitemradio" aria-checked="false" aria-disabled="true" type="button">{icon("chat")}<span>Chat</span>{icon("lock", "small")}
<span class="why">Joaquín has no phone number</span></button>
<button role="menuitemradio" aria-checked="true" type="submit" form="channel-switch" name="channel" value="email" data-channel-choice="email">
{icon("mail")}<span>E-mail</span>{icon("check", "small check-mark")}<span class="why">joaquin@farm.example</span></button>
<button role="menuitemradio" aria-checked="false" type="submit" form="channel-switch" name="channel" value="note" data-channel-choice="note">
{icon("note")}<span>Internal note</span>{icon("check", "small check-mark")}</button></div>
<div class="menu up end" id="send-menu" popover role="menu" aria-label="Other ways to send">
<button role="menuitem" type="submit" form="composer-email" name="then" value="wait">{icon("held")}<span>Send and wait</span></button>
<button role="menuitem" type="submit" form="composer-email" name="then" value="close">{icon("done")}<span>Send and close</span></button></div>"""


def contact_card(name: str = "Joaquín Belmonte", *, error: str = "") -> str:
    """The contact, edited in place."""
    return f"""<section class="editable" data-editable id="contact-card"><div data-show><h2>Contact
<button class="icon-button small" type="button" data-edit aria-label="Edit the contact">{icon("compose", "small")}</button></h2>
<b class="cut" id="contact-name">{name}</b></div>
<form data-form hidden method="post" action="/contacts/5/" class="stack tight"><div class="field"><label for="name">Name</label>
<input class="input" id="name" name="name" value="{name}" {'aria-invalid="true"' if error else ""}>{f'<p class="error">{error}</p>' if error else ""}</div>
<div class="field-row" data-repeat><input class="input" name="email" aria-label="E-mail" value="joaquin@farm.example">
<button class="icon-button small" type="button" data-remove-row aria-label="Remove">{icon("close", "small")}</button></div>
<button class="link quiet" type="button" data-add-row="email">Add e-mail</button>
<template data-row="email"><div class="field-row" data-repeat><input class="input" name="email" aria-label="E-mail">
<button class="icon-button small" type="button" data-remove-row aria-label="Remove">{icon("close", "small")}</button></div></template>
<div class="line"><button class="button primary small">Save</button><button class="button plain small" type="reset" data-cancel>Cancel</button></div>
</form></section>"""


def ticket(activities: Iterable[str], *, draft: str = "") -> str:
    """The ticket on the right."""
    return f"""<article class="ticket" id="ticket" data-ticket="17" aria-labelledby="ticket-title"><header class="ticket-head">
<a class="icon-button only-narrow" href="/tickets/" aria-label="Back to Open">{icon("left")}</a>
<div class="grow"><h1 class="cut" id="ticket-title">Hydraulic leak on the harvester</h1></div>
<form method="post" action="/closure/"><button class="button small not-narrow" data-key="e">{icon("done", "small")}Close<kbd class="key">e</kbd></button></form>
</header><div class="ticket-body"><aside class="ticket-details" aria-label="Details"><section aria-label="State"><dl class="facts">
<dt>Number</dt><dd class="num">#17</dd><dt>Assignee</dt><dd><button class="pick" type="button" popovertarget="assignee-menu" aria-haspopup="menu"
 data-key="a" data-key-label="Assign">Ana Ferrer{icon("down")}</button></dd></dl></section>{contact_card()}</aside>
<section class="ticket-side" aria-label="Activity"><div class="tabs" role="tablist" aria-label="Ticket">
<a role="tab" aria-selected="true" href="?tab=all" id="tab-all" aria-controls="timeline">All activity</a>
<a role="tab" aria-selected="false" href="?tab=contact">Contact <span class="count">6</span></a>
<a role="tab" aria-selected="false" href="?tab=files">Attachments <span class="count">3</span></a></div>
<div class="timeline" id="timeline" role="tabpanel" aria-labelledby="tab-all" tabindex="0" data-timeline data-ticket="17"
 data-activities-url="/activities/"><h2 class="day" data-day="2026-11-18">Wednesday 18 November</h2>{"".join(activities)}</div>
{composer(draft)}</section></div></article>
<form id="assignee-form" method="post" action="/assignee/" hidden></form>
<div class="menu" id="assignee-menu" popover role="menu" aria-label="Assignee">
<input class="input menu-filter" type="search" data-menu-filter aria-label="Find advisor">
<button role="menuitemradio" aria-checked="true" form="assignee-form" name="advisor" value="1"><span class="avatar ours small">AF</span><span>Ana Ferrer</span></button>
<button role="menuitemradio" aria-checked="false" form="assignee-form" name="advisor" value="2"><span class="avatar ours small">BR</span><span>Ben Ruiz</span></button>
</div>"""
