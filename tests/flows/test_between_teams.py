"""Teams that write to each other on one installation: as all mail goes, and nothing answers by itself."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from emailhub.accounts.models import Advisor, Company, Team
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Message, Ticket
from tests.cast import Cast

from .browser import add_person, ready_composer, send, write
from .conftest import OpenDesk
from .product import Product, Sent


@dataclass(frozen=True)
class Side:
    """A team and the advisor who works in it."""

    firm: Company
    team: Team
    advisor: Advisor
    address: str

    def tickets(self) -> list[Ticket]:
        with company(self.firm.id):
            return list(Ticket.objects.filter(team=self.team).select_related("contact"))

    def count_messages(self, ticket: Ticket) -> int:
        with company(self.firm.id):
            return Message.objects.filter(ticket=ticket).count()


@pytest.fixture(params=["team to team", "company to company"])
def sides(request: pytest.FixtureRequest, people: Cast) -> tuple[Side, Side]:
    service = Side(people.dealer, people.service, people.ben, people.service_address)
    if request.param == "team to team":
        return service, Side(people.dealer, people.parts, people.pat, people.parts_address)
    return service, Side(people.farm, people.office, people.frank, people.office_address)


def relay(product: Product, sent: Sent) -> None:
    """The relay hands the mail back to us, since we are the server of its recipient."""
    product.mail(sent.raw, to=sent.rcpt_to, mail_from=sent.mail_from)
    product.wait_until_idle()


def test_a_mail_to_a_neighbour_is_a_ticket_there_and_the_answer_threads_back(
    product: Product, desk_of: OpenDesk, sides: tuple[Side, Side]
) -> None:
    here, there = sides
    _write_first(desk_of(here.advisor, "/tickets/new/"), there.address)
    (first,) = product.wait_for_sent()
    assert first.rcpt_to == (there.address,)
    relay(product, first)
    (their_ticket,) = there.tickets()
    (our_ticket,) = here.tickets()
    assert their_ticket.contact.name in ("Service", here.address)

    page = desk_of(there.advisor, f"/tickets/{their_ticket.number}/")
    expect(page.frame_locator("iframe.mail-frame").locator("body")).to_contain_text("Have you a seal?")
    ready_composer(page)
    expect(page.locator('[data-chip="to"]')).to_have_attribute("title", here.address)
    write(page, "Two of them.")
    send(page)
    second = product.wait_for_sent(2)[1]
    assert second.rcpt_to == (here.address,)
    assert second.message["In-Reply-To"].strip("<>") == first.message_id
    relay(product, second)

    assert [ticket.pk for ticket in here.tickets()] == [our_ticket.pk]
    assert [ticket.pk for ticket in there.tickets()] == [their_ticket.pk]
    assert here.count_messages(our_ticket) == 2
    assert there.count_messages(their_ticket) == 2
    product.wait_until_idle()
    assert len(product.sent) == 2
    assert _count_outgoing(here, there) == 2


def _write_first(page: Page, address: str) -> None:
    ready_composer(page)
    add_person(page, "to", address)
    page.locator("#subject").fill("A seal for the pump")
    write(page, "Have you a seal?")
    page.locator("#composer-email [data-send]").click()
    page.wait_for_url("**/tickets/1/**")


def _count_outgoing(*sides: Side) -> int:
    total = 0
    for firm_id in {side.firm.id for side in sides}:
        with company(firm_id):
            total += OutgoingMessage.objects.count()
    return total
