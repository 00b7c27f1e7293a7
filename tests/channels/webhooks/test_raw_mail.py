"""Mail that a program posts: taken in once, by who knows the secret, for the team's own addresses alone."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import Connection
from emailhub.hub.webhooks import close_webhook, open_webhook
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_due
from tests.cast import Cast
from tests.letters import letter


@dataclass(frozen=True)
class Poster:
    """A program that knows a secret."""

    path: str
    secret: str

    def post(
        self,
        raw: bytes,
        *,
        to: str = "",
        sender: str = "carla@customer.example",
        at: int | None = None,
        signed: bytes | None = None,
    ) -> int:
        """Post a mail, and return the status. `signed` is the mail that the signature is of."""
        timestamp = str(int(timezone.now().timestamp()) if at is None else at)
        head = f"{timestamp}\n{sender}\n{to}\n".encode()
        covered = head + (raw if signed is None else signed)
        signature = hmac.new(self.secret.encode(), covered, hashlib.sha256).hexdigest()
        headers = {
            "X-EmailHub-Timestamp": timestamp,
            "X-EmailHub-Sender": sender,
            "X-EmailHub-Recipients": to,
            "X-EmailHub-Signature": f"sha256={signature}",
        }
        client = Client(headers={"host": "localhost"})
        answer = client.post(self.path, raw, content_type="message/rfc822", headers=headers)
        return answer.status_code


@pytest.fixture
def poster(cast: Cast) -> Poster:
    with company(cast.dealer.id):
        connection, secret = open_webhook(cast.service, by=cast.ana, now=timezone.now())
        assert secret.encode() not in bytes(connection.sealed)
    return Poster(f"/webhooks/mail/{cast.dealer.id}/{connection.pk}/", secret)


def outcomes(cast: Cast) -> list[tuple[str, str, str]]:
    while process_due():
        pass
    with company(cast.dealer.id):
        rows = ReceivedMessage.objects.filter(channel="webhook").order_by("id")
        return [(row.subject, row.mail_from, row.outcome) for row in rows]


def test_a_signed_mail_becomes_a_ticket_and_the_same_request_again_changes_nothing(
    cast: Cast, poster: Poster
) -> None:
    raw, now = letter("carla@customer.example", subject="By HTTP"), int(timezone.now().timestamp())
    assert poster.post(raw, to=cast.service_address, at=now) == 202
    assert poster.post(raw, to=cast.service_address, at=now) == 202
    assert (
        poster.post(letter("jon@workshop.example", subject="To whom").replace(b"\r\n", b"\n"), sender="")
        == 202
    )
    assert outcomes(cast) == [
        ("By HTTP", "carla@customer.example", "ticket"),
        ("To whom", "jon@workshop.example", "ticket"),
    ]
    with company(cast.dealer.id):
        assert Connection.objects.get(kind="webhook").last_in_at is not None


def test_nothing_that_is_not_signed_as_it_stands_is_taken(cast: Cast, poster: Poster) -> None:
    raw = letter("carla@customer.example")
    hour_ago = int(timezone.now().timestamp()) - 3600
    assert poster.post(raw, at=hour_ago) == 403
    assert poster.post(raw, at=hour_ago + 7200) == 403
    assert poster.post(raw, signed=raw + b"x") == 403
    assert replace(poster, secret="guessed").post(raw) == 403
    assert replace(poster, path=poster.path.replace("/mail/", "/mail/9")).post(raw) == 403
    assert (
        replace(poster, path=f"/webhooks/mail/{cast.farm.id}/{poster.path.split('/')[-2]}/").post(raw) == 403
    )
    assert poster.post(raw, to=cast.parts_address) == 422
    assert poster.post(raw, to=f"{cast.service_address},{cast.office_address}") == 422
    with company(cast.dealer.id):
        close_webhook(cast.service, by=cast.ana, now=timezone.now())
    assert poster.post(raw) == 403
    assert outcomes(cast) == []


def test_more_than_a_mail_may_have_is_not_read(cast: Cast, poster: Poster, settings: LazySettings) -> None:
    settings.MAX_MESSAGE_SIZE = 10_000
    assert poster.post(b"x" * 10_001) == 413
    assert outcomes(cast) == []


def test_the_secret_is_shown_once_to_who_manages_the_team(cast: Cast) -> None:
    page = f"/manage/teams/{cast.service.id}/emailhub/webhook/"
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.ana.user)
    made = client.post(page).content.decode()
    assert "The secret, this once" in made
    assert "/webhooks/mail/" in made
    again = client.get(page).content.decode()
    assert "The secret, this once" not in again
    assert "/webhooks/mail/" in again
