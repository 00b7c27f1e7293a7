"""Deliver mail as the wires do, and process it as a worker does, without either."""

from __future__ import annotations

from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Message
from emailhub.intake.accept import accept, route_for
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_due, process_one

SERVICE = "service.dealer@inbox.example"


def deliver(raw: bytes, to: str | tuple[str, ...] = SERVICE, *, mail_from: str = "") -> list[int]:
    """Accept a mail for recipients that must exist. Returns the ids of its deliveries."""
    addresses = (to,) if isinstance(to, str) else to
    routes = [route for address in addresses if (route := route_for(address))]
    assert len(routes) == len(addresses), f"nobody has one of {addresses}"
    return accept(channel="smtp", content=raw, mail_from=mail_from, routes=routes)


def receive(
    company_id: int, raw: bytes, to: str | tuple[str, ...] = SERVICE, *, mail_from: str = ""
) -> ReceivedMessage:
    """Accept and process one mail in the current connection; returns its (first) delivery."""
    ids = deliver(raw, to, mail_from=mail_from)
    with company(company_id):
        for id in ids:
            process_one(id, company_id, now=timezone.now())
        return ReceivedMessage.objects.select_related("filed_as__ticket").get(pk=ids[0])


def filed(
    company_id: int, raw: bytes, to: str | tuple[str, ...] = SERVICE, *, mail_from: str = ""
) -> Message:
    """Accept and process one mail that must end in a ticket; returns the message that it became."""
    row = receive(company_id, raw, to, mail_from=mail_from)
    assert row.outcome == "ticket", (row.outcome, row.reason, row.last_error)
    assert row.filed_as is not None
    return row.filed_as


def drain() -> None:
    """Process all that waits, as a worker does. Needs a database that commits."""
    while process_due():
        pass
