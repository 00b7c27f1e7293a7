"""A company's own address in a real browser: from nothing to the first answered mail, signed in its name."""

from __future__ import annotations

from datetime import UTC, datetime

import dkim
from playwright.sync_api import Page, expect

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from emailhub.egress.zones import Answer
from emailhub.hub.domain_records import check_domain
from emailhub.hub.models import SendingDomain
from emailhub.hub.sending_domains import note_records
from tests.cast import CARLA, Cast
from tests.letters import letter

from .browser import ready_composer, send, write
from .conftest import OpenDesk
from .product import Product, eventually

SUPPORT = "support@dealer.example"


def test_the_guide_leads_from_a_forward_to_a_signed_answer(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    page = desk_of(people.ana, f"/manage/teams/{people.service.id}/emailhub/set-up/")
    _prove_the_forward(page, product)
    page.get_by_role("button", name="Our server and your DNS").click()
    expect(page.get_by_text("Not there yet").first).to_be_visible()
    domain = _publish_the_records(people)
    page.get_by_role("button", name="Set as sender address").click()  # it is there without a reload
    expect(page.get_by_text(f"Mail leaves with {SUPPORT} from now on")).to_be_visible()
    _answer(page, product, people)
    sent = product.wait_for_sent(2)[-1]
    assert SUPPORT in str(sent.message["From"])
    assert dkim.verify(sent.raw, dnsfunc=lambda *_, **__: domain.keys[0].record.encode())


def _prove_the_forward(page: Page, product: Product) -> None:
    page.get_by_role("textbox", name="Your company's address").fill(SUPPORT)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send a test", exact=True).click()
    probe = product.wait_for_sent()[0]
    assert probe.rcpt_to == (SUPPORT,)
    product.mail(probe.raw, to=Cast.service_address, mail_from=probe.mail_from)  # as a redirect does
    expect(page.get_by_text("It arrived, with its sender")).to_be_visible()
    page.reload()


def _publish_the_records(people: Cast) -> SendingDomain:
    """What the worker does when the zone has them; here no name server is asked."""
    with company(people.dealer.id):
        domain = SendingDomain.objects.get(domain="dealer.example")
        published = {
            "_emailhub-verify.dealer.example": (domain.challenge,),
            f"{domain.selector}._domainkey.dealer.example": (domain.keys[0].record,),
        }

        def ask(name: str) -> Answer:
            return Answer(published.get(name, ()))

        records = check_domain(domain.domain, domain.challenge, domain.keys, ask)
        note_records(domain, records, now=datetime.now(UTC))
    return domain


def _answer(page: Page, product: Product, people: Cast) -> None:
    product.mail(letter(CARLA, to=SUPPORT, subject="The pump leaks"), to=Cast.service_address)

    def arrived() -> Ticket | None:
        with company(people.dealer.id):
            return Ticket.objects.filter(subject="The pump leaks").first()

    ticket = eventually(arrived, wanted="the ticket")
    page.goto(f"{product.url}/tickets/{ticket.number}/")
    ready_composer(page)
    write(page, "We mend it today.")
    send(page)
