"""From an empty installation to a second advisor who answers a mail, in the browser alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from emailhub.accounts.first_run import first_run_code
from tests.letters import letter

from .browser import PATIENCE_MS, Harm, ready_composer, send, write
from .product import Product, eventually

Visitor = Callable[[str], Page]
PASSWORD = "cosechadora azul de 1987"
ADDRESS = "taller.campo-verde@inbox.example"


@pytest.fixture
def empty(product_for_all: Product, committed_db: None) -> Iterator[Product]:
    """The product without any company."""
    product_for_all.sink.mails.clear()
    yield product_for_all
    product_for_all.wait_until_idle()


@pytest.fixture
def visitor(browser: Browser, empty: Product) -> Iterator[Visitor]:
    """A new browser with nobody's cookies, in this language. At the end none may have met harm."""
    harm = Harm(empty.url)
    with ExitStack() as stack:

        def come(locale: str) -> Page:
            context = browser.new_context(locale=locale, base_url=empty.url)
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            harm.watch(context)
            return context.new_page()

        yield come
    assert not harm.everything


def test_from_nothing_to_a_second_advisor_who_answers(empty: Product, visitor: Visitor) -> None:
    founder = visitor("es-ES")
    _found(founder)
    _invite(founder, "nora@campoverde.example")
    link = _link_to(empty, "nora@campoverde.example")

    nora = visitor("en-GB")
    nora.goto(link)
    expect(nora).to_have_url(re.compile("/invitations/acceptance/$"))
    nora.get_by_label("Your name").fill("Nora Vidal")
    nora.get_by_label("Password").fill(PASSWORD)
    nora.get_by_role("button", name="Begin").click()
    nora.wait_for_url("**/tickets/**")

    empty.mail(letter("carla@customer.example", ADDRESS, "The pump leaks"), ADDRESS)
    empty.wait_until_idle()
    nora.goto("/tickets/?view=unassigned")
    nora.get_by_role("link", name=re.compile("Carla|carla|pump")).first.click()
    ready_composer(nora)
    write(nora, "We come tomorrow at half past eight.")
    send(nora)
    answer = empty.wait_for_sent(2)[-1]
    assert answer.rcpt_to == ("carla@customer.example",)
    assert str(answer.message["From"]) == f"Taller <{ADDRESS}>"
    assert "half past eight" in answer.body("plain")

    again = visitor("en-GB")  # the link has done its work
    again.goto(link)
    expect(again.get_by_role("heading")).to_have_text("This invitation cannot be used")


def _found(page: Page) -> None:
    """Make the company with the code that the server has printed; a wrong one gets nobody in."""
    page.goto("/first-run/")
    fields = {
        "Código": "aaaa-bbbb-cccc-dddd",
        "Empresa": "Campo Verde",
        "Primer equipo": "Taller",
        "Tu nombre": "Lucía Ferrer",
        "Tu correo electrónico": "lucia@campoverde.example",
        "Contraseña": PASSWORD,
    }
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Crear la empresa").click()
    expect(page.locator(".error")).to_contain_text("no es el código")
    page.get_by_label("Código", exact=True).fill(first_run_code())
    page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Crear la empresa").click()
    page.wait_for_url("**/manage/start/")
    expect(page.get_by_text(ADDRESS).first).to_be_visible()


def _invite(page: Page, email: str) -> None:
    page.get_by_role("link", name="Invitar", exact=True).click()
    page.get_by_label("Correo electrónico", exact=True).fill(email)
    page.get_by_label("Taller", exact=True).check()
    page.get_by_role("button", name="Enviar la invitación").click()
    expect(page.locator(".toast")).to_contain_text(email)
    expect(page.get_by_role("cell", name=email, exact=True)).to_be_visible()


def _link_to(product: Product, email: str) -> str:
    """The address in the invitation that has arrived at the relay."""
    mail = eventually(lambda: next(iter(product.sent), None), wanted="the invitation")
    assert mail.rcpt_to == (email,)
    assert str(mail.message["Subject"]) == "Lucía Ferrer te invita a Campo Verde"
    found = re.search(r"https?://[^/]+(/invitations/[\w-]+/)", mail.body("plain"))
    assert found
    return found[1]
