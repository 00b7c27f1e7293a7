"""Turn accepted text messages into activities, by the same rows and with the same traces as mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db.models import Max, Q

from emailhub import mail, store
from emailhub.accounts.models import Company, Team
from emailhub.accounts.tenancy import company
from emailhub.desk import models as desk
from emailhub.desk.open_ticket import create_ticket
from emailhub.desk.receive_chat import ReceivedText, append_text, contact_of_number, lock_number
from emailhub.desk.storing import StoredFile
from emailhub.rules import Status
from emailhub.rules.texts import TextDecision, TextFacts, TextTicket, decide_text
from emailhub.texting import Wish, wish_in

from .deciding import lock_ticket
from .models import ReceivedMessage
from .team_removal import receiving_team

CHANNEL = "texting"
TRIES = 3
_MOST_TICKETS = 200
Outcome = ReceivedMessage.Outcome


@dataclass(frozen=True)
class IncomingText:
    """A text message as its channel read it."""

    connection_id: int
    for_all_teams: bool  # our number is the whole company's
    kind: str
    gateway_id: str
    number: str
    own_number: str
    text: str
    sender_name: str = ""
    wish: str = ""  # "stop" or "start", where the gateway itself says so
    files: tuple[tuple[str, str, bytes], ...] = ()  # name, type, bytes
    missing: int = 0


class TextReader(Protocol):
    """How a channel reads what it has accepted, its files included. What it raises is tried again."""

    def __call__(self, company_id: int, content: bytes, *, is_last_try: bool) -> IncomingText: ...


def process_text(row: ReceivedMessage, company_id: int, read: TextReader, *, now: datetime) -> None:
    """Read, decide and file one text message. Only the filing is in a transaction."""
    content = store.get(company_id, row.content_key)
    incoming = read(company_id, content, is_last_try=row.attempts >= TRIES)
    files = [
        StoredFile(
            filename=name,
            content_type=content_type[:255],
            size=len(data),
            content_key=store.put(company_id, data),
        )
        for name, content_type, data in incoming.files
    ]
    with company(company_id):
        lock_number(company_id, incoming.number)
        rows = ReceivedMessage.objects.select_for_update(of=("self",)).select_related("team__company")
        locked = rows.get(pk=row.pk)
        if locked.state == ReceivedMessage.State.WAITING:
            _file(locked, incoming, files, now)


def _file(row: ReceivedMessage, incoming: IncomingText, files: Sequence[StoredFile], now: datetime) -> None:
    row.state, row.last_error = ReceivedMessage.State.DONE, ""
    row.sender_address, row.sender_name = incoming.number, incoming.sender_name
    row.message_id, row.preview = incoming.gateway_id, mail.preview(incoming.text)[:200]
    twin = desk.ChatMessage.objects.filter(gateway_id=incoming.gateway_id).first()
    if twin is not None:
        row.outcome, row.reason = Outcome.DUPLICATE, "duplicate"
        row.trace = [["duplicate", {"message": twin.pk}]]
        row.filed_chat = twin
    else:
        _put_on_ticket(row, incoming, files, now)
    row.save()


def _put_on_ticket(
    row: ReceivedMessage, incoming: IncomingText, files: Sequence[StoredFile], now: datetime
) -> None:
    assert row.team is not None  # a webhook's row names it
    row.team = receiving_team(row.team)
    contact = contact_of_number(row.team.company, incoming.number, incoming.sender_name)
    row.sender_name = contact.name[:320]
    wish = _wish_of(incoming, row.team.company)
    decision = decide_text(_facts(row.team, contact, incoming, wish))
    ticket = _ticket(decision, row.team, contact, incoming, now)
    received = ReceivedText(
        connection_id=incoming.connection_id,
        kind=incoming.kind,
        gateway_id=incoming.gateway_id,
        number=incoming.number,
        own_number=incoming.own_number,
        text=incoming.text,
        files=files,
        missing=incoming.missing,
        wish=wish,
    )
    row.filed_chat = append_text(ticket, received, contact, needs_reply=decision.needs_reply, now=now)
    if decision.ticket_id is None and not decision.needs_reply:
        ticket.close(by=None, now=now)
    row.outcome, row.reason = Outcome.TICKET, decision.steps[-1].code
    row.trace = [[step.code, dict(step.detail)] for step in decision.steps]


def _wish_of(incoming: IncomingText, of: Company) -> Wish | None:
    """A START means something only from a number that had said STOP: "yes" is also an answer."""
    said = Wish(incoming.wish) if incoming.wish in set(Wish) else wish_in(incoming.text)
    if said is Wish.START:
        closed = desk.ClosedNumber.objects.filter(company=of, number=incoming.number, kind=incoming.kind)
        return said if closed.exists() else None
    return said


def _facts(team: Team, contact: desk.Contact, incoming: IncomingText, wish: Wish | None) -> TextFacts:
    same = Q(chats__number=incoming.number, chats__own_number=incoming.own_number)
    tickets = desk.Ticket.objects.filter(contact=contact).annotate(last_chat=Max("chats__id", filter=same))
    return TextFacts(
        team_id=team.pk,
        for_all_teams=incoming.for_all_teams,
        tickets=tuple(_ticket_fact(ticket) for ticket in tickets.newest_first()[:_MOST_TICKETS]),
        stops=wish is Wish.STOP,
        starts=wish is Wish.START,
    )


def _ticket_fact(ticket: desk.Ticket) -> TextTicket:
    return TextTicket(
        id=ticket.pk,
        number=ticket.number,
        team_id=ticket.team_id,
        received_by_team_id=ticket.received_by_id,
        status=Status(ticket.status),
        last_activity_at=ticket.last_activity_at,
        last_chat=ticket.last_chat or 0,  # type: ignore[attr-defined]
    )


def _ticket(
    decision: TextDecision, team: Team, contact: desk.Contact, incoming: IncomingText, now: datetime
) -> desk.Ticket:
    if decision.ticket_id is not None:
        return lock_ticket(decision.ticket_id)
    subject = mail.preview(incoming.text)[:100]
    return create_ticket(team=team, contact=contact, subject=subject, received_by=team, now=now)
