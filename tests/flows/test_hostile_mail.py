"""Hostile mail is shown, and does nothing: no dialog, no word to a stranger, no script to be stopped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Attachment, Message
from tests.cast import Cast

from .browser import Harm
from .conftest import OpenDesk
from .product import Product
from .vectors import HTML, POLYGLOT, STRANGER, SVG, VECTORS

FORBIDDEN = "script, iframe, object, embed, form, base[href], link, meta[http-equiv=refresh]"
TEXT_FILE = re.compile(r"/attachments/[^/]+/text/")
EVERY_FRAME = "document.querySelectorAll('iframe.mail-frame').forEach(frame => frame.loading = 'eager')"


def hostile(number: int, vector: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"] = "mallory@evil.example"
    message["To"], message["Subject"] = "service.dealer@inbox.example", f"{number} {POLYGLOT}"
    message["Date"], message["Message-ID"] = (
        format_datetime(timezone.now()),
        make_msgid(domain="evil.example"),
    )
    message.set_content("text")
    # As quoted-printable: the bytes of the vector arrive as they are.
    message.add_alternative(f"<p>Number {number}</p>{vector}", subtype="html", cte="quoted-printable")
    if number == 1:
        for name, kind, content in [
            (f"{POLYGLOT}.svg", "svg+xml", SVG),
            ("page.png", "png", HTML),
        ]:
            message.add_attachment(content, maintype="image", subtype=kind, filename=name)
        message.add_attachment(HTML, maintype="text", subtype="html", filename="page.html")
    name = POLYGLOT.replace('"', '\\"').encode()  # EmailMessage drops the quotes of so long a name
    return (
        message.as_bytes()
        .replace(b"From: ", b'From: "%s" <' % name, 1)
        .replace(b".example\r", b".example>\r", 1)
    )


@pytest.fixture
def page(product: Product, people: Cast, desk_of: OpenDesk) -> Page:
    """A ticket with a mail for each vector."""
    for number, vector in enumerate(VECTORS, start=1):
        product.mail(hostile(number, vector), mail_from="mallory@evil.example")
    product.wait_until_idle()
    return desk_of(people.ana, "/tickets/1/")


@pytest.fixture
def page_with_files(product: Product, people: Cast, desk_of: OpenDesk) -> Page:
    """A ticket with the one mail that has files."""
    product.mail(hostile(1, VECTORS[0]), mail_from="mallory@evil.example")
    product.wait_until_idle()
    return desk_of(people.ana, "/tickets/1/")


def message_ids(people: Cast) -> list[int]:
    with company(people.dealer.id):
        return list(Message.objects.order_by("id").values_list("pk", flat=True))


def test_hostile_mail_is_inert_in_every_view_and_in_a_tab_of_its_own(
    page: Page, product: Product, people: Cast, harm: Harm
) -> None:
    ids = message_ids(people)
    assert len(ids) == len(VECTORS)
    _open_all_of_the_timeline(page, len(ids))
    for frame in page.frames[1:]:
        frame.wait_for_load_state("load")
        if TEXT_FILE.search(frame.url):  # the source of a file, as text
            expect(frame.locator("body")).to_contain_text("<s")
        else:
            expect(frame.get_by_text("Number").first).to_be_attached()
    for path in (
        "/tickets/?view=all",
        "/tickets/1/?tab=files",
        "/tickets/1/?tab=contact",
        "/tickets/1/?tab=details",
        "/tickets/1/?channel=email&reply_to=2",
        "/search/?q=onerror",
        "/search/?q=mallory",
        "/tickets/new/?contact=2",
        "/contacts/",
        "/contacts/2/",
        "/contacts/2/merge/?q=mallory",
        "/profile/",
    ):
        page.goto(product.url + path)
        page.wait_for_load_state("networkidle")
    for id in ids:
        page.goto(f"{product.url}/messages/{id}/body/", wait_until="load")
        assert page.locator(FORBIDDEN).count() == 0
    page.wait_for_timeout(500)
    assert not harm.everything


def _open_all_of_the_timeline(page: Page, count: int) -> None:
    earlier = page.get_by_role("link", name="Show earlier activity")
    while earlier.count():
        before = page.locator("article.message").count()
        earlier.click()
        page.wait_for_function(
            "before => document.querySelectorAll('article.message').length > before", arg=before
        )
    expect(page.locator("article.message")).to_have_count(count)
    page.evaluate(EVERY_FRAME)
    page.wait_for_load_state("networkidle")


def test_a_hostile_file_is_downloaded_and_never_shown(
    page_with_files: Page, product: Product, people: Cast, harm: Harm
) -> None:
    page = page_with_files
    with company(people.dealer.id):
        files = list(Attachment.objects.all())
    assert len(files) == 3
    for file in files:
        answer = page.request.get(f"{product.url}/attachments/{file.public_id}/")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert (
            "script-src" in answer.headers["content-security-policy"]
            or "default-src 'none'" in (answer.headers["content-security-policy"])
        )
        page.evaluate(
            """address => new Promise(done => {
                const frame = Object.assign(document.createElement("iframe"), { src: address, onload: done });
                document.body.append(frame); setTimeout(done, 300); })""",
            f"/attachments/{file.public_id}/",
        )
    original = page.request.get(f"{product.url}/messages/{message_ids(people)[0]}/original/")
    assert original.headers["content-type"].startswith("text/plain")
    assert not harm.everything


@pytest.fixture
def bare(browser: Browser) -> Iterator[BrowserContext]:
    """A browser in which a page shows mail without sanitiser, sandbox or policy."""
    context = browser.new_context()
    yield context
    context.close()


def test_the_same_mails_do_harm_where_nothing_holds_them(bare: BrowserContext) -> None:
    """Else the tests above would prove nothing."""
    harm = Harm("http://bare.example")
    harm.watch(bare)
    bodies = {f"http://bare.example/{n}/": vector for n, vector in enumerate(VECTORS)}

    def answer(route: Route) -> None:
        if body := bodies.get(route.request.url):
            route.fulfill(body=f"<!doctype html>{body}", content_type="text/html; charset=utf-8")
        else:
            route.abort()

    bare.route("**/*", answer)
    fired = 0
    page = bare.new_page()
    for address in bodies:
        before = len(harm.dialogs) + len(harm.strangers)
        with suppress(Error):  # one vector leads away from its page
            page.goto(address, wait_until="load", timeout=1000)
        fired += len(harm.dialogs) + len(harm.strangers) > before
    assert len(harm.dialogs) > 40
    assert any(url.startswith(STRANGER) for url in harm.strangers)
    assert fired > 80, fired
