"""The bell, the list, and who may follow."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from emailhub.accounts.models import Membership
from emailhub.accounts.tenancy import company
from emailhub.desk.models import Notification, NotificationChoice, Ticket
from tests.cast import Cast

from .conftest import SignIn


def bell(client: Client) -> str:
    """The number in the rail, as the part of it that is fetched alone says it."""
    page = client.get("/rail/").content.decode()
    return page.partition("data-unread-count>")[2].partition("<")[0]


def assign(cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        ticket.assign(cast.ben, by=cast.ana, now=timezone.now())


def test_the_bell_counts_until_the_ticket_is_opened(cast: Cast, sign_in: SignIn, ticket: Ticket) -> None:
    ben = sign_in(cast.ben)
    assert bell(ben) == ""
    assign(cast, ticket)
    assert bell(ben) == "1"
    page = ben.get("/notifications/").content.decode()
    assert "Ana gave you a ticket" in page and "#1 The pump leaks" in page
    ben.get("/tickets/1/")
    assert bell(ben) == ""
    assert "told unread" not in ben.get("/notifications/").content.decode()


def test_all_can_be_marked_as_read_at_once(cast: Cast, sign_in: SignIn, ticket: Ticket) -> None:
    ben = sign_in(cast.ben)
    assign(cast, ticket)
    ben.post("/notifications/")
    assert bell(ben) == ""
    with company(cast.dealer.id):
        assert Notification.objects.get(advisor=cast.ben).mail_due_at is None


def test_who_has_lost_the_team_sees_and_counts_nothing_of_it(
    cast: Cast, sign_in: SignIn, ticket: Ticket
) -> None:
    ben = sign_in(cast.ben)
    assign(cast, ticket)
    with company(cast.dealer.id):
        Membership.objects.filter(advisor=cast.ben).delete()
    ben = sign_in(cast.ben)
    assert bell(ben) == ""
    assert "The pump leaks" not in ben.get("/notifications/").content.decode()


def test_who_may_only_read_may_follow(cast: Cast, sign_in: SignIn, ticket: Ticket) -> None:
    vera = sign_in(cast.vera)
    vera.post("/tickets/1/following/")
    assert "Stop following" in vera.get("/tickets/1/").content.decode()
    vera.post("/tickets/1/following/", {"_method": "DELETE"})
    assert "Stop following" not in vera.get("/tickets/1/").content.decode()


def test_the_editor_learns_the_names_of_who_may_read_the_ticket_and_no_others(
    ana: Client, ticket: Ticket
) -> None:
    assert ana.get("/tickets/1/colleagues/").json() == ["Ben", "Olga", "Vera"]


def test_the_choices_of_the_profile_are_kept(cast: Cast, sign_in: SignIn) -> None:
    ben = sign_in(cast.ben)
    page = ben.get("/profile/").content.decode()
    assert 'name="by_email" value="assigned" aria-label="A ticket is assigned to me: Email" checked' in page
    ben.post("/profile/notifications/", {"in_page": ["reply"], "by_email": ["nonsense"], "rhythm": "daily"})
    with company(cast.dealer.id):
        kept = NotificationChoice.objects.get(advisor=cast.ben)
        assert (kept.in_page, kept.by_email, kept.rhythm) == (["reply"], [], "daily")
    assert '<option value="daily" selected>' in ben.get("/profile/").content.decode()
