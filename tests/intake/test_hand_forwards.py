"""An advisor forwards a customer's mail by hand (behaviour 4.5.4): the ticket is the customer's."""

from __future__ import annotations

import pytest
from django.utils import timezone

from emailhub import store
from emailhub.accounts.tenancy import company
from emailhub.channels.smtp import trace
from emailhub.desk.models import Activity
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import examine, process_one
from emailhub.intake.verdict import Verifier
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.mail.authenticity.zone import Zone
from tests.post import deliver

pytestmark = pytest.mark.django_db

NOTE = "Please take care of this one."
EVA = "Eva Luna <eva@newfarm.example>"


def block(sender: str = EVA) -> str:
    return (
        f"{NOTE}\n\n---------- Forwarded message ---------\nFrom: {sender}\nDate: Mon, 23 Nov 2026 at 10:04\n"
        "Subject: Seal for the pump\nTo: Ana <ana@dealer.example>\n\nMy pump leaks.\n"
    )


def forwarded(
    cast: Cast,
    text: str,
    *,
    subject: str = "Fwd: Seal for the pump",
    peer: str = "192.0.2.1",
    **options: object,
) -> ReceivedMessage:
    ana = cast.ana.user.email
    raw = letter(f"Ana <{ana}>", subject=subject, text=text, **options)
    zone = Zone({(ana.partition("@")[2], "TXT"): ["v=spf1 ip4:192.0.2.1 -all"]})
    line = trace.received(
        helo="mx.dealer.example", peer=peer, by="inbox.example", protocol="ESMTP", id="1",
        recipients=["service.dealer@inbox.example"], at=timezone.now(),
    )  # fmt: skip
    [id] = deliver(line + raw, mail_from=ana)
    with company(cast.dealer.id):
        process_one(id, cast.dealer.id, now=timezone.now(), verify=Verifier(lookups=lambda: zone))
        return ReceivedMessage.objects.select_related("filed_as__ticket__contact", "filed_as__activity").get(
            pk=id
        )


def notes(row: ReceivedMessage) -> list[tuple[str, int | None]]:
    with company(row.company_id):
        found = Activity.objects.filter(ticket=row.filed_as.ticket, kind=Activity.Kind.NOTE)
        return list(found.values_list("text", "advisor_id"))


def addresses(row: ReceivedMessage) -> list[str]:
    with company(row.company_id):
        return list(row.filed_as.ticket.contact.emails.values_list("address", flat=True))


def test_the_ticket_is_the_customer_s_and_the_advisor_s_words_are_a_note(cast: Cast) -> None:
    row = forwarded(cast, block())
    message = row.filed_as
    assert (message.sender_name, message.sender_address) == ("Eva Luna", "eva@newfarm.example")
    assert addresses(row) == ["eva@newfarm.example"]
    assert notes(row) == [(NOTE, cast.ana.id)]
    assert "recovered_sender" in message.flags
    assert message.activity.text.strip() == "My pump leaks."


def test_the_advisor_s_check_vouches_for_nobody_else(cast: Cast) -> None:
    row = forwarded(cast, block())
    assert (row.verdict, row.filed_as.verdict) == ("pass", "none")


def test_a_known_customer_s_open_ticket_takes_it(cast: Cast) -> None:
    with company(cast.dealer.id):
        [id] = deliver(letter(f"Carla <{CARLA}>"))
        process_one(id, cast.dealer.id, now=timezone.now())
        first = ReceivedMessage.objects.select_related("filed_as").get(pk=id)
    row = forwarded(cast, block(f"Carla <{CARLA}>"))
    assert row.filed_as.ticket_id == first.filed_as.ticket_id
    assert notes(row) == [(NOTE, cast.ana.id)]


def test_a_forward_without_words_still_names_the_forwarder(cast: Cast) -> None:
    row = forwarded(cast, block().replace(NOTE, ""))
    assert notes(row) == [("↪ Fwd: Seal for the pump", cast.ana.id)]


def test_a_held_forward_is_the_customer_s_when_it_is_released(cast: Cast) -> None:
    with company(cast.dealer.id):
        cast.service.identity.known_contacts_only = True
        cast.service.identity.save()
    row = forwarded(cast, block())
    assert (row.outcome, row.sender_address) == ("held", "eva@newfarm.example")
    with company(cast.dealer.id):
        raw = store.get(cast.dealer.id, row.content_key)
    reading, _ = examine(row, cast.dealer.id, raw)
    assert reading.address == "eva@newfarm.example"


@pytest.mark.parametrize(
    ("text", "subject", "peer"),
    [
        (block(), "Fwd: Seal for the pump", "203.0.113.9"),  # not verified: anybody can write Ana's address
        (block(), "Seal for the pump", "192.0.2.1"),  # no forward
        (NOTE, "Fwd: Seal for the pump", "192.0.2.1"),  # nothing to read
        (block("Service <service.dealer@inbox.example>"), "Fwd: Seal", "192.0.2.1"),  # our own address
    ],
)
def test_otherwise_the_mail_is_the_advisor_s_own(cast: Cast, text: str, subject: str, peer: str) -> None:
    row = forwarded(cast, text, subject=subject, peer=peer)
    assert row.filed_as.sender_address == cast.ana.user.email
    assert notes(row) == []
