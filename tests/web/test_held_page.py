"""Held and received mail as advisors see it: why, the mail itself, and what becomes of it by a press."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from emailhub.hub.identity import set_known_contacts_only
from emailhub.hub.models import InboundRule
from emailhub.intake.models import ReceivedMessage
from tests.cast import CARLA, MALLORY, Cast
from tests.letters import letter
from tests.post import receive

from .conftest import SignIn

HOSTILE = "<p>Buy <b>now</b></p><script>alert(1)</script><img src='https://spy.example/1.png' onerror='x()'>"


@pytest.fixture
def held(cast: Cast) -> ReceivedMessage:
    """A stranger's mail that the team's toggle keeps back."""
    with company(cast.dealer.id):
        set_known_contacts_only(cast.service, True, by=cast.ana, now=timezone.now())
    return receive(cast.dealer.id, letter(f"Mallory <{MALLORY}>", subject="An offer", html=HOSTILE))


def state_of(cast: Cast, row: ReceivedMessage) -> ReceivedMessage:
    with company(cast.dealer.id):
        return ReceivedMessage.objects.select_related("filed_as__ticket__contact").get(pk=row.pk)


def test_the_rail_counts_held_mail_and_the_page_says_why(ana: Client, held: ReceivedMessage) -> None:
    page = ana.get(f"/held/{held.pk}/").content.decode()
    assert '<span class="count alert">1</span>' in page
    assert "Held because we do not know this person" in page
    assert "Unknown sender" in page
    assert "only from known contacts" in page


def test_the_mail_is_shown_in_a_frame_that_runs_and_fetches_nothing(
    ana: Client, held: ReceivedMessage
) -> None:
    page = ana.get(f"/held/{held.pk}/").content.decode()
    assert 'sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"' in page
    answer = ana.get(f"/held/{held.pk}/body/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "allow-scripts" not in policy
    body = answer.content.decode()
    assert "Buy <b>now</b>" in body
    for hostile in ("<script", "spy.example", "onerror"):
        assert hostile not in body


def test_released_with_its_contact_it_is_a_ticket_of_a_known_contact(
    ana: Client, cast: Cast, held: ReceivedMessage
) -> None:
    page = ana.post(f"/held/{held.pk}/release/", {"add_contact": "1"}, follow=True).content.decode()
    assert "It is on ticket #1 now." in page
    assert "Nothing is held" in page
    message = state_of(cast, held).filed_as
    assert message is not None
    assert message.ticket.contact.confirmed_at is not None


def test_created_once_its_sender_stays_unknown(ana: Client, cast: Cast, held: ReceivedMessage) -> None:
    ana.post(f"/held/{held.pk}/release/")
    message = state_of(cast, held).filed_as
    assert message is not None
    assert message.ticket.contact.confirmed_at is None


def test_discarding_is_undone_from_the_toast(ana: Client, cast: Cast, held: ReceivedMessage) -> None:
    page = ana.post(f"/held/{held.pk}/discard/", follow=True).content.decode()
    assert f'action="/held/{held.pk}/discard/"' in page
    assert "Nothing is held" in page
    assert state_of(cast, held).discarded_at is not None
    assert "An offer" in ana.get("/held/", {"show": "discarded"}).content.decode()
    back = ana.post(f"/held/{held.pk}/discard/", {"_method": "DELETE"}, follow=True).content.decode()
    assert "It is held again" in back
    assert state_of(cast, held).discarded_at is None


def test_always_ignore_makes_a_rule_and_the_mail_can_be_restored(
    ana: Client, cast: Cast, held: ReceivedMessage
) -> None:
    page = ana.post(f"/held/{held.pk}/ignore/", follow=True).content.decode()
    with company(cast.dealer.id):
        rule = InboundRule.objects.get(team=cast.service)
    assert f"/manage/teams/{cast.service.id}/rules/{rule.pk}/" in page
    ignored = ana.get(f"/held/{held.pk}/").content.decode()
    assert "Ignored by a rule" in ignored
    ana.post(f"/held/{held.pk}/restoration/")
    assert state_of(cast, held).outcome == "ticket"


def test_decided_by_somebody_else_the_page_says_so_and_changes_nothing(
    ana: Client, cast: Cast, held: ReceivedMessage
) -> None:
    ana.post(f"/held/{held.pk}/release/")
    page = ana.post(f"/held/{held.pk}/release/", follow=True).content.decode()
    assert "no longer held" in page
    with company(cast.dealer.id):
        assert Ticket.objects.count() == 1


def test_an_advisor_may_release_but_not_make_a_rule(
    cast: Cast, held: ReceivedMessage, sign_in: SignIn
) -> None:
    ben = sign_in(cast.ben)
    page = ben.get(f"/held/{held.pk}/").content.decode()
    assert "Create once" in page
    assert "Always ignore" not in page
    assert ben.post(f"/held/{held.pk}/ignore/").status_code == 403
    with company(cast.dealer.id):
        assert not InboundRule.objects.exists()


def test_other_teams_and_companies_know_nothing_of_it(
    pat: Client, frank: Client, cast: Cast, held: ReceivedMessage
) -> None:
    for client in (pat, frank):
        assert b"An offer" not in client.get("/held/").content
        for path in ("", "body/", "message.eml"):
            assert client.get(f"/held/{held.pk}/{path}").status_code == 404


def test_after_a_release_the_next_mail_of_the_list_is_opened(
    ana: Client, cast: Cast, held: ReceivedMessage
) -> None:
    newer = receive(cast.dealer.id, letter("zoe@else.example", subject="Another"))
    answer = ana.post(f"/held/{newer.pk}/discard/")
    assert answer.headers["Location"] == f"/held/{held.pk}/"


def test_every_mail_is_found_with_its_fate(ana: Client, cast: Cast, held: ReceivedMessage) -> None:
    filed = receive(cast.dealer.id, letter(CARLA, subject="Ñandú", message_id="odd-1@customer.example"))
    path = f"/manage/teams/{cast.service.id}/mail/"
    for words in ("ñandú", CARLA, "<odd-1@customer.example>"):
        page = ana.get(path, {"q": words}).content.decode()
        assert f"/held/{filed.pk}/" in page
        assert f"/held/{held.pk}/" not in page
        assert "On a ticket" in page
    only_held = ana.get(path, {"fate": "held"}).content.decode()
    assert f"/held/{held.pk}/" in only_held
    assert f"/held/{filed.pk}/" not in only_held


def test_the_sums_of_a_day_add_up(ana: Client, cast: Cast, held: ReceivedMessage) -> None:
    raw = letter(CARLA)
    for _ in range(2):  # the second is a copy
        receive(cast.dealer.id, raw)
    page = ana.get(f"/manage/teams/{cast.service.id}/mail/").content.decode()
    assert "The sum is right" in page
    assert "The sum is wrong" not in page
    assert (
        '<td class="right num"><b>3</b></td><td class="right num">1</td><td class="right num">1</td>' in page
    )


def test_what_is_not_held_is_shown_with_its_ticket_and_its_steps(ana: Client, cast: Cast) -> None:
    filed = receive(cast.dealer.id, letter(CARLA))
    page = ana.get(f"/held/{filed.pk}/").content.decode()
    assert 'href="/tickets/1/"' in page
    assert "A new ticket was made." in page
    assert "Create once" not in page


def test_a_mail_whose_days_are_over_says_so(ana: Client, cast: Cast, held: ReceivedMessage) -> None:
    with company(cast.dealer.id):
        ReceivedMessage.objects.filter(pk=held.pk).update(purged_at=timezone.now(), content_key="")
    page = ana.get(f"/held/{held.pk}/").content.decode()
    assert "the days are over for which it was kept" in page
    assert "Create once" not in page


def test_on_a_phone_the_menu_of_views_leads_to_held_mail(ana: Client, cast: Cast, sign_in: SignIn) -> None:
    def menu(client: Client) -> str:
        return client.get("/tickets/").content.decode().split('id="views-menu"')[1].split("</div>")[0]

    assert 'href="/held/"' in menu(ana)
    assert 'href="/held/"' not in menu(sign_in(cast.vera))
