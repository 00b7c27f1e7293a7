"""Carry out a decision: the only writes of intake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch

from emailhub import mail, store
from emailhub.accounts.models import Advisor, Company, Team
from emailhub.delivery import reports
from emailhub.desk import contacts
from emailhub.desk import models as desk
from emailhub.desk.open_ticket import create_ticket
from emailhub.desk.receive import Received, append_received
from emailhub.desk.settle import settle
from emailhub.desk.storing import StoredFile
from emailhub.hub.confirmations import receive_confirmation
from emailhub.hub.probes import find_probe, receive_probe
from emailhub.mail import Mailbox
from emailhub.rules import (
    Append,
    Decision,
    DeliveryReport,
    Duplicate,
    Flag,
    Hold,
    Ignore,
    Loop,
    NewTicket,
    SetUpMail,
    Verdict,
)

from .answering import answer_automatically
from .deciding import Decided, lock_ticket
from .examined import Reading
from .gather import advisor_with
from .models import ReceivedMessage
from .remembering import remember

Outcome = ReceivedMessage.Outcome


@dataclass(frozen=True)
class Work:
    """A delivery about to be filed: its reading, and its files, which are in the store already."""

    reading: Reading
    files: Sequence[StoredFile]
    new_text: str
    now: datetime
    confirms: bool = False  # who releases it adds the sender as a contact


def store_files(company_id: int, message: mail.Message) -> list[StoredFile]:
    """Put the attachments into the store. Twice is once, so a retry does no harm."""
    return [
        StoredFile(
            filename=attachment.filename[:255],
            content_type=attachment.content_type[:255],
            size=attachment.size,
            content_key=store.put(company_id, attachment.content),
            content_id=attachment.content_id,
            is_inline=attachment.inline,
        )
        for attachment in message.attachments
    ]


def carry_out(decided: Decided, work: Work) -> None:
    """Do what was decided, and store the outcome with its reason and trace on the delivery's row.

    A mail that went on a ticket may be answered automatically; why not is the last step of its trace.
    """
    row, message = work.reading.row, work.reading.message
    steps = [*decided.steps]
    row.message_id = message.message_id
    row.subject = message.subject
    author = work.reading.sender.mailbox if work.reading.sender else message.sender or Mailbox("", "")
    row.sender_name, row.sender_address = author.name[:320], author.address[:320]
    row.reason = steps[-1].code if steps else ""
    row.outcome = _do(decided.decision, work)
    if step := answer_automatically(decided, work.reading, row.filed_as, now=work.now):
        steps.append(step)
    row.trace = [*row.trace, *([step.code, dict(step.detail)] for step in steps)]
    row.state = ReceivedMessage.State.DONE
    row.last_error = ""
    remember(decided, row, work.new_text, now=work.now)
    row.save()


@singledispatch
def _do(decision: Decision, work: Work) -> Outcome:
    raise TypeError(f"no way to carry out {decision!r}")


@_do.register
def _append(decision: Append, work: Work) -> Outcome:
    ticket = lock_ticket(decision.ticket_id)
    advisor = _advisor(work) if decision.as_note else None
    if decision.assignee_id:
        ticket.assign(Advisor.objects.get(pk=decision.assignee_id), by=None, now=work.now)
    received = _received(
        work,
        contact=None if advisor else _contact_of(work.reading.address),
        flags=decision.flags,
        from_advisor=advisor,
        private=decision.private,
        join_people=decision.join_people,
        needs_reply=decision.needs_reply,
        reopen=decision.reopen,
    )
    work.reading.row.filed_as = append_received(ticket, received, now=work.now)
    _note_of_forwarder(ticket, work)
    if decision.follow_up_of and ticket.related_to_id is None:
        desk.Ticket.objects.filter(pk=ticket.pk).update(related_to=decision.follow_up_of)
    return Outcome.TICKET


@_do.register
def _new_ticket(decision: NewTicket, work: Work) -> Outcome:
    row = work.reading.row
    contact = _contact_for(decision, work)
    ticket = create_ticket(
        team=Team.objects.select_related("company").get(pk=decision.team_id),
        contact=contact,
        subject=work.reading.message.subject,
        assignee=Advisor.objects.get(pk=decision.assignee_id) if decision.assignee_id else None,
        received_by=row.team,
        follow_up_of=decision.follow_up_of,
        related_to=decision.related_to or decision.could_join,
        now=work.now,
    )
    received = _received(
        work,
        contact=contact,
        flags=decision.flags,
        join_people=decision.join_people,
        needs_reply=decision.needs_reply,
    )
    row.filed_as = append_received(ticket, received, now=work.now)
    _note_of_forwarder(ticket, work)
    return Outcome.TICKET


@_do.register
def _hold(decision: Hold, work: Work) -> Outcome:
    return Outcome.HELD


@_do.register
def _ignore(decision: Ignore, work: Work) -> Outcome:
    return Outcome.IGNORED


@_do.register
def _duplicate(decision: Duplicate, work: Work) -> Outcome:
    work.reading.row.filed_as_id = decision.of
    return Outcome.DUPLICATE


@_do.register
def _report(decision: DeliveryReport, work: Work) -> Outcome:
    record_report(work)
    return Outcome.REPORT


@_do.register
def _set_up(decision: SetUpMail, work: Work) -> Outcome:
    row, message = work.reading.row, work.reading.message
    if row.team is None:
        return Outcome.SET_UP
    if probe := find_probe(message):
        receive_probe(probe, message, team=row.team, came_to=next(iter(row.rcpt_to), ""), now=work.now)
    elif asked := mail.forwarding_confirmation(message):
        receive_confirmation(row.team, asked, now=work.now)
    return Outcome.SET_UP


@_do.register
def _loop(decision: Loop, work: Work) -> Outcome:
    return Outcome.LOOP


def record_report(work: Work) -> None:
    """Show on our message what a delivery report says of it. One that names none of ours changes nothing."""
    row, report = work.reading.row, work.reading.message.report
    if report is None or row.company_id is None:
        return
    recorded = reports.record_report(
        company_id=row.company_id, return_paths=row.rcpt_to, report=report, now=work.now
    )
    if recorded is not None:
        row.filed_as = desk.Message.objects.filter(outgoing=recorded.message).first()
        settle(recorded.message, now=work.now, unknown=recorded.unknown)


def _received(
    work: Work, *, contact: desk.Contact | None, flags: frozenset[Flag], **decided: object
) -> Received:
    reading = work.reading
    sender = reading.sender
    team = reading.row.team
    assert team is not None
    answer_to = (
        sender.reply_to.address if sender and sender.reply_to.address != sender.mailbox.address else ""
    )
    return Received(
        team=team,
        mail=reading.message,
        sender=sender.mailbox if sender else reading.message.sender or Mailbox("", ""),
        answer_to=answer_to,
        contact=contact,
        message_key=reading.message_key,
        content_key=reading.row.content_key,
        new_text=work.new_text,
        files=work.files,
        verdict=_verdict_on_sender(reading),
        flags=sorted(flags),
        own_addresses=reading.own_addresses,
        **decided,  # type: ignore[arg-type]
    )


def _verdict_on_sender(reading: Reading) -> Verdict:
    """What a mail shows of its sender. The check was of From: it vouches for nobody who was recovered."""
    recovered = reading.sender is not None and reading.sender.recovered
    return Verdict.NONE if recovered and reading.verdict is Verdict.PASS else reading.verdict


def _note_of_forwarder(ticket: desk.Ticket, work: Work) -> None:
    """What an advisor wrote above a mail that they forwarded by hand; without words, that they did."""
    if (forwarded := work.reading.forwarded) is None:
        return
    advisor = Advisor.objects.select_related("user").get(pk=forwarded.advisor_id)
    text = forwarded.block.note or f"↪ {work.reading.message.subject}"
    ticket.record(desk.Activity.Kind.NOTE, by=advisor, at=work.now, text=text)


def _advisor(work: Work) -> Advisor:
    advisor_id = advisor_with(work.reading.address, work.reading.company_id)
    return Advisor.objects.select_related("user").get(pk=advisor_id or 0)


def _contact_of(address: str) -> desk.Contact | None:
    return desk.Contact.objects.with_address(address).first() if address else None


def _contact_for(decision: NewTicket, work: Work) -> desk.Contact:
    """The contact that was decided on, or a new, unconfirmed one: then nobody has the sender's address.

    A sender who cannot be read, or not be written to, becomes a contact without an address.
    """
    confirmed_at = work.now if work.confirms else None
    if decision.contact_id is not None:
        contact = desk.Contact.objects.get(pk=decision.contact_id)
        if confirmed_at:
            contacts.confirm(contact, now=confirmed_at)
        return contact
    sender = work.reading.sender.mailbox if work.reading.sender else Mailbox("", "")
    name = sender.name or sender.address.partition("@")[0] or "?"
    company = Company.objects.get(pk=work.reading.company_id)
    address = sender.address if mail.is_sendable(sender.address) else ""
    return contacts.create_contact(company, name=name, address=address, confirmed_at=confirmed_at)
