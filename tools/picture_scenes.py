"""What tools/pictures.py takes pictures of: pages of the demo, and what is done on them before."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Page

Prepare = Callable[[Page], None]


@dataclass(frozen=True)
class Scene:
    """A page, and what is done on it before the picture. `path` None: the demo has no such page."""

    name: str
    path: str | None
    prepare: Prepare | None = None
    signed_in: bool = True
    whole: bool = False  # the picture is as high as the page


def all_scenes(context: BrowserContext) -> list[Scene]:
    """All that there is to see in this demo."""
    tickets = _tickets(context)
    return [*_door(), *_lists(), *_of_tickets(tickets), *_pages(), *_manage(), *_failures()]


def _door() -> list[Scene]:
    return [
        Scene("sign-in", "/account/login/", signed_in=False),
        Scene("sign-in-wrong", "/account/login/", _fail_to_sign_in, signed_in=False),
        Scene("password-reset", "/account/password/reset/", signed_in=False),
        Scene("password-reset-sent", "/account/password/reset/done/", signed_in=False),
        Scene("password-reset-old-link", "/account/password/reset/key/x-y/", signed_in=False),
        Scene("password-change", "/account/password/change/"),
        Scene("second-factor", "/account/second-factor/", whole=True),
        Scene("second-factor-password", "/account/second-factor/app/on/"),
        Scene("email-change", "/account/email/"),
        Scene("email-old-link", "/account/email/confirmation/x/", signed_in=False),
    ]


def _lists() -> list[Scene]:
    views = ("mine", "unassigned", "open", "waiting", "snoozed", "closed", "all")
    return [
        *(Scene(f"list-{view}", f"/tickets/?view={view}") for view in views),
        Scene("list-empty", "/tickets/?view=waiting&team=1&unanswered=1"),
        Scene("list-longest-waiting", "/tickets/?view=open&order=waiting"),
        Scene("list-sort-menu", "/tickets/", _opens("order-menu")),
        Scene("list-views-menu-narrow", "/tickets/", _opens("views-menu")),
        Scene("list-own-menu", "/tickets/", _opens("me-menu")),
        Scene("list-theme-menu", "/tickets/", _opens("theme-menu")),
        Scene("list-tag-menu", "/tickets/?view=all", _opens("tag-menu")),
        Scene("list-save-view", "/tickets/?view=all", _opens("view-panel")),
        Scene("list-many-at-once", "/tickets/?view=all", _chooses_two),
        Scene("list-focus", "/tickets/?view=all", _focus_a_row),
    ]


def _of_tickets(tickets: dict[str, str]) -> list[Scene]:
    main = _best(tickets, ("message ours", "message note", 'class="event"', 'class="strip"', 'class="file'))
    first = main or next(iter(tickets), None)
    scenes = [
        Scene("ticket", first),
        Scene("ticket-composer-open", first, _opens_the_lines),
        Scene("ticket-writing", first, _writes),
        Scene("ticket-note-composer", first, lambda page: page.keyboard.press("n")),
        Scene("ticket-channel-menu", first, _opens("channel-menu")),
        Scene("ticket-send-menu", first, _opens("send-menu")),
        Scene("ticket-more-menu", first, _opens("more-menu")),
        Scene("ticket-assignee-menu", first, _opens("assignee-menu")),
        Scene("ticket-status-menu", first, _opens("status-menu")),
        Scene("ticket-snooze", first, _opens("snooze-panel")),
        Scene("ticket-tags", first, _opens("tags-panel")),
        Scene("ticket-links", first, _opens("links-panel")),
        Scene("ticket-message-menu", first, _opens("message-menu-")),
        Scene("ticket-trace", _with(tickets, 'id="trace-'), _opens("trace-")),
        Scene("ticket-envelope", first, lambda page: page.locator("details.to > summary").last.click()),
        Scene("ticket-editing-contact", first and f"{first}&tab=details", _edits_the_contact),
        Scene(
            "ticket-editing-subject", first, lambda page: page.locator("#ticket-subject [data-edit]").click()
        ),
        Scene("ticket-help", first, lambda page: page.keyboard.press("?")),
        Scene("ticket-notes-alone", first and f"{first}&kind=notes"),
        Scene("ticket-whose-menu", first, _opens("people-menu")),
        *_regrouping(first),
    ]
    tabs = [
        Scene(f"ticket-tab-{tab}", first and f"{first}&tab={tab}") for tab in ("contact", "files", "details")
    ]
    return [*scenes, *tabs, *_states(tickets)]


def _regrouping(ticket: str | None) -> list[Scene]:
    """Split, move, merge and print, of one ticket."""
    path = ticket and ticket.partition("?")[0]
    return [
        Scene("ticket-split", path and f"{path}parting/", whole=True),
        Scene("ticket-merge", path and f"{path}merge/", whole=True),
        Scene("ticket-print", path and f"{path}print/", whole=True),
    ]


def _states(tickets: dict[str, str]) -> list[Scene]:
    """Tickets in a state that few are in."""
    return [
        Scene("ticket-chat", _with(tickets, 'class="bubble ours"')),
        Scene("ticket-not-delivered", _with(tickets, "message ours failed")),
        Scene("ticket-perhaps-sent", _with(tickets, '#i-help"/></svg>Quizá', '#i-help"/></svg>Perhaps')),
        Scene("ticket-no-files", _without(tickets, 'class="file'), None)
        if tickets
        else Scene("ticket-no-files", None),
        Scene("ticket-not-verified", _with(tickets, "#i-unshield")),
        Scene("ticket-images-blocked", _with(tickets, 'class="strip"')),
        Scene("ticket-closed", _with(tickets, "#i-open")),
    ]


def _pages() -> list[Scene]:
    return [
        Scene("new-ticket", "/tickets/new/", whole=True),
        Scene("new-ticket-addressed", "/tickets/new/", _addresses, whole=True),
        Scene("search", "/search/"),
        Scene("search-found", "/search/?q=filtro", whole=True),
        Scene("search-nothing", "/search/?q=zzyzx"),
        Scene("contacts", "/contacts/", whole=True),
        Scene("contacts-nobody", "/contacts/?q=zzyzx"),
        Scene("contact", "/contacts/2/", whole=True),
        Scene("contact-new", "/contacts/new/", whole=True),
        Scene("contact-merge", "/contacts/2/merge/?q=a", whole=True),
        Scene("contact-merge-preview", "/contacts/2/merge/?with=3", whole=True),
        Scene("contact-erase", "/contacts/2/erasure/"),
        Scene("segments", "/contacts/segments/"),
        Scene("import", "/contacts/imports/", whole=True),
        Scene("import-columns", "/contacts/imports/", _hands_in_a_file, whole=True),
        Scene("notifications", "/notifications/"),
        Scene("profile", "/profile/", whole=True),
        Scene("customers-mail", "/demo/mail/", whole=True),
        Scene("customers-phones", "/demo/phone/?as=%2B34600555214", whole=True),
        Scene("profile-wrong", "/profile/", _fails_to_save, whole=True),
    ]


def _manage() -> list[Scene]:
    team = "/manage/teams/1"
    return [
        Scene("manage-sign-in", "/manage/sign-in/", whole=True),
        Scene("manage-emailhub", f"{team}/emailhub/", whole=True),
        Scene("manage-set-up", f"{team}/emailhub/set-up/", whole=True),
        Scene("manage-set-up-for-it", f"{team}/emailhub/set-up/instructions/", whole=True),
        Scene("manage-mailbox", f"{team}/emailhub/mailbox/", whole=True),
        Scene("manage-mail-by-http", f"{team}/emailhub/webhook/", whole=True),
        Scene("manage-rules", f"{team}/rules/", whole=True),
        Scene("manage-rule", f"{team}/rules/2/", _dry_runs, whole=True),
        Scene("manage-rule-new", f"{team}/rules/new/", whole=True),
        Scene("manage-bench", f"{team}/rules/bench/", _tries_an_email, whole=True),
        Scene("manage-chat", f"{team}/chat/", whole=True),
        Scene("manage-tags", "/manage/tags/", whole=True),
        Scene("manage-retention", "/manage/retention/?months=12", whole=True),
        Scene("manage-received-mail", f"{team}/mail/", whole=True),
        Scene("manage-automatic-reply", f"{team}/automatic-replies/after_hours/", whole=True),
        Scene("held", "/held/"),
        Scene("held-mail", "/held/", _opens_a_held_mail),
        Scene("held-ignored", "/held/?show=ignored"),
        Scene("manage-members", f"{team}/members/", whole=True),
        Scene("manage-teams-menu", f"{team}/members/", _opens("manage-teams")),
        Scene("manage-member-leaves", f"{team}/members/1/", whole=True),
        Scene("manage-team", f"{team}/", whole=True),
        Scene("manage-team-removal", f"{team}/removal/", whole=True),
        Scene("manage-hours", f"{team}/hours/", whole=True),
        Scene("manage-saved-replies", f"{team}/saved-replies/", whole=True),
        Scene("saved-replies", "/saved-replies/", whole=True),
        Scene("manage-company", "/manage/company/", whole=True),
        Scene("manage-teams", "/manage/teams/", whole=True),
        Scene("manage-advisors", "/manage/advisors/", whole=True),
        Scene("manage-advisor-leaves", "/manage/advisors/1/activity/", whole=True),
        Scene("manage-invitations", "/manage/invitations/", whole=True),
        Scene("manage-invite-many", "/manage/invitations/bulk/", _previews_invitations, whole=True),
        Scene("manage-audit", "/manage/audit/", whole=True),
        Scene("manage-first-steps", "/manage/start/", whole=True),
        Scene("invitation-refused", "/invitations/acceptance/", signed_in=False),
    ]


def _failures() -> list[Scene]:
    return [
        Scene("not-found", "/tickets/999999/"),
        Scene("forbidden", "/profile/", _sends_an_old_form),
    ]


def _tickets(context: BrowserContext) -> dict[str, str]:
    """The demo's newest tickets: the page's path and its HTML."""
    listing = context.request.get("/tickets/?view=all").text()
    paths = re.findall(r'class="who cut" href="([^"]+)"', listing)
    return {
        path: context.request.get(path).text() for path in (found.replace("&amp;", "&") for found in paths)
    }


def _best(tickets: dict[str, str], marks: Sequence[str]) -> str | None:
    """The ticket whose page has the most of these marks."""
    return max(tickets, key=lambda path: sum(mark in tickets[path] for mark in marks), default=None)


def _with(tickets: dict[str, str], *marks: str) -> str | None:
    """The first ticket whose page has one of these marks."""
    return next((path for path, html in tickets.items() if any(mark in html for mark in marks)), None)


def _without(tickets: dict[str, str], mark: str) -> str | None:
    found = next((path for path, html in tickets.items() if mark not in html), None)
    return found and f"{found}&tab=files"


# --- What is done before a picture ----------------------------------------------------------------


def _opens(menu: str) -> Prepare:
    """Press the button that opens what has this id, if this look shows such a button."""

    def prepare(page: Page) -> None:
        button = page.locator(f'[popovertarget^="{menu}"]:visible').last
        if button.count():
            button.click()

    return prepare


def _chooses_two(page: Page) -> None:
    boxes = page.locator("#rows input[name=ticket]")
    boxes.nth(1).click()
    boxes.nth(3).click()
    page.locator('[popovertarget="bulk-snooze"]').click()


def _focus_a_row(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")


def _fail_to_sign_in(page: Page) -> None:
    page.fill("[name=login]", "nobody@campoverde.example")
    page.fill("[name=password]", "wrong")
    page.press("[name=password]", "Enter")
    page.locator(".notice.danger").wait_for()


def _opens_the_lines(page: Page) -> None:
    page.evaluate("document.querySelector('#composer-email [data-lines]').open = true")


def _writes(page: Page) -> None:
    page.keyboard.press("r")
    page.keyboard.press("Control+a")
    page.keyboard.type("Buenos días:")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    page.keyboard.type("Mañana a las 8:30")
    page.keyboard.press("Control+b")
    page.keyboard.type(" estamos ahí con la pieza.")


def _edits_the_contact(page: Page) -> None:
    page.locator("button[data-edit]:visible").first.click()


def _addresses(page: Page) -> None:
    page.fill("#to", "joa")
    page.wait_for_timeout(700)


def _hands_in_a_file(page: Page) -> None:
    rows = "Nombre;Correo;Teléfono\nGala Mota;gala@huerta.example;600 111 222\nMala;nadie@;\n"
    page.set_input_files(
        "#file", {"name": "feria.csv", "mimeType": "text/csv", "buffer": rows.encode("cp1252")}
    )
    page.locator("main form button").click()
    page.wait_for_load_state("networkidle")


def _previews_invitations(page: Page) -> None:
    page.fill(
        "#bulk-list", "ines@example.com, Inés Gil\nnobody\nines@example.com\nhugo@example.com, Hugo, chef"
    )
    page.check("[name=team] >> nth=0")
    page.locator("#bulk-list").evaluate("field => field.form.requestSubmit()")
    page.locator("#preview").wait_for()


def _fails_to_save(page: Page) -> None:
    page.evaluate("document.querySelector('#id_name').removeAttribute('required')")
    page.fill("#id_name", "")
    page.locator("#id_name").evaluate("field => field.form.requestSubmit()")
    page.locator(".error").first.wait_for()


def _sends_an_old_form(page: Page) -> None:
    page.evaluate(
        "document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(field => field.value = '')"
    )
    page.locator("#id_name").evaluate("field => field.form.submit()")
    page.locator(".empty").wait_for()


def _dry_runs(page: Page) -> None:
    page.locator("[hx-post$='/dry-run/']").click()
    page.locator("#dry-run .chart").wait_for()


def _tries_an_email(page: Page) -> None:
    page.locator(".pick-mail").first.click()
    page.locator("#answer").wait_for()


def _opens_a_held_mail(page: Page) -> None:
    page.locator(".held .row a").first.click()
    page.locator("#received iframe").wait_for()
