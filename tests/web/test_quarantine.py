"""The page of mail that could not be processed: who sees what, and what one can do about it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from emailhub import store
from emailhub.accounts.models import Team
from emailhub.accounts.tenancy import company
from emailhub.intake.models import ReceivedMessage
from tests.cast import Cast

from .conftest import SignIn

RAW = b"Subject: unreadable\r\n\r\n\xff\r\n"
State = ReceivedMessage.State


def quarantine(team: Team) -> ReceivedMessage:
    now = timezone.now()
    with company(team.company_id):
        return ReceivedMessage.objects.create(
            company_id=team.company_id,
            team=team,
            channel="smtp",
            mail_from="carla@customer.example",
            rcpt_to=["x@inbox.example"],
            content_key=store.put(team.company_id, RAW),
            size=len(RAW),
            received_at=now,
            due_at=now,
            attempts=3,
            state=State.QUARANTINED,
            reason="failed",
            last_error="UnreadableError: the reader ended with -9",
        )


@pytest.fixture
def mail(cast: Cast) -> ReceivedMessage:
    """In quarantine, received by Service."""
    return quarantine(cast.service)


def test_managers_and_administrators_see_it_with_its_error(
    cast: Cast, sign_in: SignIn, mail: ReceivedMessage
) -> None:
    for advisor in (cast.ana, cast.olga):
        page = sign_in(advisor).get("/quarantine/").content.decode()
        assert "carla@customer.example" in page
        assert "UnreadableError: the reader ended with -9" in page


def test_nobody_else_sees_it(cast: Cast, sign_in: SignIn, mail: ReceivedMessage) -> None:
    for advisor in (cast.ben, cast.pat, cast.vera, cast.frank):
        client = sign_in(advisor)
        assert "carla@customer.example" not in client.get("/quarantine/").content.decode()
        assert client.get(f"/quarantine/{mail.pk}/message.eml").status_code == 404
        assert client.post(f"/quarantine/{mail.pk}/tries/").status_code == 404


def test_a_manager_sees_none_of_a_team_that_somebody_else_manages(cast: Cast, ana: Client) -> None:
    other = quarantine(cast.parts)
    assert ana.get(f"/quarantine/{other.pk}/message.eml").status_code == 404


def test_its_bytes_can_be_taken_away(ana: Client, mail: ReceivedMessage) -> None:
    answer = ana.get(f"/quarantine/{mail.pk}/message.eml")
    assert b"".join(answer.streaming_content) == RAW
    assert answer.headers["Content-Disposition"] == f'attachment; filename="quarantine-{mail.pk}.eml"'


def test_it_can_be_tried_again_once(cast: Cast, ana: Client, mail: ReceivedMessage) -> None:
    assert ana.post(f"/quarantine/{mail.pk}/tries/").headers["Location"] == "/quarantine/"
    with company(cast.dealer.id):
        mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.reason) == (State.WAITING, 0, "")
    assert mail.due_at <= timezone.now()
    assert ana.post(f"/quarantine/{mail.pk}/tries/").status_code == 404
    assert ana.get(f"/quarantine/{mail.pk}/tries/").status_code == 405


def test_the_rail_leads_there_only_while_there_is_something(
    cast: Cast, ana: Client, pat: Client, mail: ReceivedMessage
) -> None:
    link = 'href="/quarantine/"'
    assert link in ana.get("/tickets/").content.decode()
    assert link not in pat.get("/tickets/").content.decode()
    ana.post(f"/quarantine/{mail.pk}/tries/")
    assert link not in ana.get("/tickets/").content.decode()
    assert "Nothing is in quarantine" in ana.get("/quarantine/").content.decode()
