"""The automatic reply to a mail that is on a ticket: whether (rules), with what words (hub), sent (desk)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from emailhub import rules
from emailhub.accounts.models import Team
from emailhub.delivery.hold import was_in_a_back_up
from emailhub.desk import models as desk
from emailhub.desk.automatic_reply import AutomaticReply, has_been_written_to, send_automatic_reply
from emailhub.hub.automatic_replies import answers_to, fill, sender_of, text_in, values_for
from emailhub.hub.hours import hours_of
from emailhub.hub.models import Identity
from emailhub.hub.policy import policy_of
from emailhub.mail import Mailbox
from emailhub.rules import Append, NewTicket, Occasion, ReplyKind

from .breaker import is_silenced
from .deciding import Decided
from .examined import Reading
from .models import SentReply

Texts = Mapping[ReplyKind, Mapping[str, Mapping[str, str]]]
_DAY, _HOUR, _YEAR = timedelta(hours=24), timedelta(hours=1), timedelta(days=366)


@dataclass(frozen=True)
class _Place:
    """Where the mail went: a team, and a ticket of it unless a new one would only be opened."""

    team: Team
    ticket: desk.Ticket | None


def answer_automatically(
    decided: Decided, reading: Reading, message: desk.Message | None, *, now: datetime
) -> rules.Step | None:
    """Send what the team of the ticket answers by itself. Return the step that says so, or why not.

    None: the mail went on no ticket, or the team answers nothing by itself.
    """
    if message is None or not _is_on_ticket(decided):
        return None
    ticket = message.ticket
    texts = _texts_of(ticket.team_id)
    if not texts:
        return None
    _take_turns(ticket)
    occasion = _occasion(decided, reading, _Place(ticket.team, ticket), texts, now)
    kind, step = rules.choose(occasion)
    if kind is not None:
        _send(message, occasion, kind, texts[kind], knew=_knew(decided))
    return step


def would_answer(decided: Decided, reading: Reading, *, now: datetime) -> rules.Step | None:
    """The step that answer_automatically() would return. Nothing is sent."""
    if not _is_on_ticket(decided):
        return None
    place = _place_of(decided.decision)
    texts = _texts_of(place.team.pk)
    return rules.choose(_occasion(decided, reading, place, texts, now))[1] if texts else None


def _is_on_ticket(decided: Decided) -> bool:
    decision = decided.decision
    return isinstance(decision, NewTicket) or (isinstance(decision, Append) and not decision.as_note)


def _place_of(decision: rules.Decision) -> _Place:
    teams = Team.objects.select_related("company")
    if isinstance(decision, Append):
        ticket = desk.Ticket.objects.select_related("team__company").get(pk=decision.ticket_id)
        return _Place(ticket.team, ticket)
    assert isinstance(decision, NewTicket)
    return _Place(teams.get(pk=decision.team_id), None)


def _texts_of(team_id: int) -> Texts:
    return policy_of(Identity.objects.filter(team_id=team_id).first()).texts


def _take_turns(ticket: desk.Ticket) -> None:
    """Mails of one team are counted one after the other, so that two workers keep one limit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"{ticket.company_id} automatic replies of {ticket.team_id}"],
        )


def _occasion(decided: Decided, reading: Reading, place: _Place, texts: Texts, now: datetime) -> Occasion:
    facts, decision = decided.considered.facts, decided.decision
    address = facts.sender.address if facts.sender.readable else ""
    sent = SentReply.objects.filter(team=place.team, at__gt=now - _DAY)
    return Occasion(
        now=now,
        new_ticket=isinstance(decision, NewTicket),
        from_customer=place.ticket is None
        or isinstance(decision, NewTicket)
        or _is_customer(facts, place.ticket),
        acknowledges=ReplyKind.ACKNOWLEDGEMENT in texts,
        tells_when_closed=ReplyKind.AFTER_HOURS in texts,
        closed_since=_closed_since(place.team, now),
        address=address,
        fails=facts.fails,
        by_machine=facts.by_machine,
        answerable=reading.message.answerable,
        null_return_path=not reading.row.mail_from,
        own_address=facts.sender.own_address,
        colleague=facts.sender.advisor_id is not None,
        junk=facts.junk,
        released=facts.released,
        restored=was_in_a_back_up(reading.row.received_at),
        private=isinstance(decision, Append) and decision.private,
        breaker=decided.considered.breaker.silent or is_silenced(place.team.pk, address, now=now),
        can_send=sender_of(place.team) is not None,
        written_to=bool(address) and has_been_written_to(address),
        sent_to_sender=tuple(sent.filter(address=address).values_list("at", flat=True)),
        sent_to_strangers=sent.filter(to_stranger=True, at__gt=now - _HOUR).count(),
        told_closed_at=_told_closed_at(place.ticket),
    )


def _is_customer(facts: rules.Facts, ticket: desk.Ticket) -> bool:
    contact = facts.sender.contact
    return contact is not None and contact.id == ticket.contact_id


def _closed_since(team: Team, now: datetime) -> datetime | None:
    hours = hours_of(team)
    return None if hours.is_open(now) else hours.closed_since(now) or now - _YEAR


def _told_closed_at(ticket: desk.Ticket | None) -> datetime | None:
    if ticket is None:
        return None
    told = SentReply.objects.filter(ticket=ticket, kind=ReplyKind.AFTER_HOURS)
    return told.order_by("-at").values_list("at", flat=True).first()


def _knew(decided: Decided) -> bool:
    """Whether the contact was there before this mail: only then their name is ours to say."""
    return not (isinstance(decided.decision, NewTicket) and decided.decision.contact_id is None)


def _send(
    message: desk.Message,
    occasion: Occasion,
    kind: ReplyKind,
    texts: Mapping[str, Mapping[str, str]],
    *,
    knew: bool,
) -> None:
    ticket, now = message.ticket, occasion.now
    sender, contact = sender_of(ticket.team), ticket.contact
    assert sender is not None
    language, words = text_in(texts, contact.language, ticket.company.language)
    name = contact.name if knew else ""
    values = values_for(ticket.team, language, contact_name=name, ticket_number=ticket.number, now=now)
    text = fill(words, values)
    to, reply_to = Mailbox("", occasion.address), answers_to(ticket.team)
    reply = AutomaticReply(sender, to, text.subject, text.html, message, reply_to)
    send_automatic_reply(ticket, reply, now=now)
    SentReply.objects.create(
        company_id=ticket.company_id,
        team=ticket.team,
        ticket=ticket,
        kind=kind,
        address=occasion.address,
        to_stranger=not occasion.written_to,
        at=now,
    )
