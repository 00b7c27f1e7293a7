"""The whole way in Spanish: no visible word of any page is English."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from playwright.sync_api import Page, expect

import emailhub
from emailhub.accounts.models import Company, User
from emailhub.accounts.tenancy import company
from tests.cast import Cast
from tests.letters import letter

from .browser import NOTE, add_person, ready_composer, send, write
from .conftest import OpenDesk
from .mails import CARLA, JON
from .product import Product

CATALOGUE = Path(emailhub.__file__).parent / "locale/es/LC_MESSAGES/django.po"
SPANISH = {"locale": "es-ES"}
# What Spanish does not share with English, in any sentence of ours.
ENGLISH = re.compile(
    r"\b(the|and|with|your|you|this|that|from|of|not|is|are|was|nobody|open|closed|waiting|search|send|save"
    r"|cancel|reply|write|message|subject|ticket's|today|yesterday|unread|files|attachments|team|details)\b",
    re.IGNORECASE,
)
SHOWN = """() => {
  const found = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("script, style, template, option, .breaks, .rich-text")) continue;
    if (node.data.trim()) found.add(node.data.trim().replace(/\\s+/g, " "));
  }
  for (const name of ["aria-label", "placeholder", "title", "alt", "data-key-label", "data-placeholder"])
    for (const one of document.querySelectorAll(`[${name}]`)) found.add(one.getAttribute(name).trim());
  found.add(document.title);
  return [...found].filter(Boolean);
}"""


def untranslated() -> list[re.Pattern[str]]:
    """The English sentences that have another form in Spanish."""
    found = []
    for entry in polib.pofile(str(CATALOGUE)):
        spanish = entry.msgstr or next(iter(entry.msgstr_plural.values()), "")
        if spanish != entry.msgid and re.search(r"[A-Za-z]{2}", entry.msgid):
            parts = re.split(r"%\(\w+\)s|\{\w+\}|%s", entry.msgid)
            found.append(re.compile(".+".join(map(re.escape, parts))))
    return found


SENTENCES = untranslated()


def check(page: Page, *, own: tuple[str, ...] = ()) -> None:
    """No word on the page is English, but what people wrote."""
    assert page.evaluate("document.documentElement.lang") == "es"
    written = (
        *own,
        "The pump leaks",
        "Good morning, the pump leaks again.",
        "Dealer Group",
        "Service",
        "Parts",
    )
    for shown in page.evaluate(SHOWN):
        text = shown
        for words in sorted(written, key=len, reverse=True):
            text = text.replace(words, "")
        assert not any(sentence.fullmatch(text.strip()) for sentence in SENTENCES), (page.url, shown)
        assert not ENGLISH.search(text), (page.url, shown)


@pytest.fixture(autouse=True)
def spanish(product: Product, people: Cast) -> None:
    Company.objects.update(language="es")
    User.objects.update(language="es")
    product.mail(letter(CARLA, subject="The pump leaks", message_id="first@customer.example", cc=JON))
    product.wait_until_idle()


def test_the_catalogue_is_complete() -> None:
    entries = polib.pofile(str(CATALOGUE))
    assert len(SENTENCES) > 150
    assert [entry.msgid for entry in entries.untranslated_entries()] == []
    assert [entry.msgid for entry in entries.fuzzy_entries()] == []


def test_the_door_is_spanish(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    page = desk_of(None, "/account/login/", **SPANISH)
    check(page, own=("English",))
    page.get_by_label("Contraseña").fill("falsch")
    page.get_by_label("Correo").fill("ana@dealer.example")
    page.locator("form.stack button.primary[type=submit]").click()
    page.get_by_role("alert").wait_for()
    check(page, own=("English",))
    for path in (
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/1-set-password/",
        "signup/",
        "inactive/",
    ):
        page.goto(f"{product.url}/account/{path}")
        check(page, own=("English",))


def test_every_page_is_spanish(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    page = desk_of(people.ana, **SPANISH)
    views = ("mine", "unassigned", "open", "waiting", "closed", "all")
    for path in (
        *(f"/tickets/?view={view}" for view in views),
        *(f"/tickets/1/?tab={tab}" for tab in ("all", "contact", "files", "details")),
        "/tickets/1/?channel=note",
        "/tickets/1/?edit=subject",
        "/tickets/new/",
        "/search/",
        "/search/?q=pump",
        "/search/?q=zzzz",
        "/contacts/",
        "/contacts/?q=zzzz",
        "/contacts/new/",
        "/contacts/1/",
        "/contacts/1/merge/",
        "/contacts/1/erasure/",
        "/contacts/segments/",
        "/contacts/imports/",
        "/profile/",
        "/account/password/change/",
        "/account/reauthenticate/",
        "/account/logout/",
        "/nowhere/",
        "/tickets/99/",
    ):
        page.goto(product.url + path)
        page.wait_for_load_state("networkidle")
        check(page, own=("English", "“pump”", "pump", "zzzz"))


def test_the_whole_way_is_spanish(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    page = desk_of(people.ana, "/tickets/1/", **SPANISH)
    ready_composer(page)
    check(page)
    add_person(page, "cc", "nora@fields.example")
    page.locator("#cc").fill("nadie")
    page.locator("#cc").press("Enter")
    check(page)
    page.locator("#cc").fill("")
    write(page, "Vamos el lunes.")
    send(page)
    check(page)
    product.wait_for_sent()
    expect(page.locator(".message.ours .state")).to_have_text("Enviado")
    page.locator("#composer-email .to-note").click()
    page.locator(NOTE).wait_for()
    write(page, "No ha pagado.", NOTE)
    page.locator("#composer-note [data-send]").click()
    page.locator("article.message.note").wait_for()
    check(page)
    page.locator(".rail-me [data-opens-dialog=help]").click()
    check(page)
    page.keyboard.press("Escape")
    page.locator("#main").focus()
    page.keyboard.press("e")
    expect(page.locator("[popovertarget=status-menu]")).to_contain_text("Cerrado")
    check(page)
    product.mail(
        letter(CARLA, subject="Re: The pump leaks", text="Gracias", in_reply_to=product.sent[0].message_id)
    )
    expect(page.locator("#timeline")).to_contain_text("Gracias")
    page.reload()
    check(page)
    page.locator("#contact-card [data-edit]").first.click()
    check(page)


def test_who_may_only_read_is_told_so_in_spanish(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    page = desk_of(people.vera, "/tickets/1/", **SPANISH)
    check(page)
    page.goto(product.url + "/tickets/new/")
    check(page)


def test_what_leaves_is_in_the_customers_words(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    page = desk_of(people.ana, "/tickets/1/", **SPANISH)
    ready_composer(page)
    write(page, "Vamos el lunes.")
    send(page)
    (sent,) = product.wait_for_sent()
    assert "escribió" in sent.body("plain")
    assert " wrote" not in sent.body("plain")
    with company(people.dealer.id):
        assert people.carla.name in sent.body("plain")
