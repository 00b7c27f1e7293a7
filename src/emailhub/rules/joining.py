"""A mail that goes on a ticket which exists: what it may do there, and what the advisor is told."""

from __future__ import annotations

from emailhub.rules.codes import Code
from emailhub.rules.decision import Append, Duplicate, Flag
from emailhub.rules.facts import Action, Facts, Status, Ticket
from emailhub.rules.replies import Reply, from_bcc, is_customer
from emailhub.rules.trace import Trace


def is_advisors_answer(reply: Reply, facts: Facts) -> bool:
    """Return whether an advisor answers with a mail program. Their address alone is no proof of that."""
    return facts.sender.advisor_id is not None and facts.passes and not is_customer(reply.ticket, facts)


def keep_as_note(reply: Reply, facts: Facts, trace: Trace) -> Append | Duplicate:
    """Keep an advisor's answer within the team: it was not written in the ticket, so it is not sent on."""
    ticket = reply.ticket
    trace.add(Code.FROM_ADVISOR)
    if ticket.holds_copy is not None:
        return _duplicate(ticket.holds_copy, trace)
    trace.add(Code.KEPT_AS_NOTE, ticket=ticket.number)
    flags = mail_flags(facts) | {Flag.FROM_ADVISOR}
    return Append(ticket.id, needs_reply=False, join_people=False, as_note=True, flags=flags)


def append_reply(reply: Reply, facts: Facts, trace: Trace) -> Append | Duplicate:
    """Put a proved answer on its ticket. Only a person who takes part opens a closed one again."""
    ticket = reply.ticket
    if ticket.holds_copy is not None:
        return _duplicate(ticket.holds_copy, trace)
    _describe(reply, facts, trace)
    closed = ticket.status is Status.CLOSED
    reopen = closed and reply.participant and not facts.by_machine
    _conclude(ticket, reopen, trace)
    bcc = from_bcc(reply, facts)
    return Append(
        ticket.id,
        reopen=reopen,
        needs_reply=reopen if closed else not facts.by_machine,
        join_people=not bcc and (facts.passes or reply.participant),
        private=bcc,
        flags=mail_flags(facts) | reply_flags(reply, facts) | _person_flags(reply, facts),
    )


def append_by_contact(
    ticket: Ticket, reply: Reply | None, assignee_id: int | None, facts: Facts, trace: Trace
) -> Append | Duplicate:
    """Put a fresh mail on its customer's open ticket. An assignee is never replaced."""
    if ticket.holds_copy is not None:
        return _duplicate(ticket.holds_copy, trace)
    _conclude(ticket, reopen=False, trace=trace)
    return Append(
        ticket.id,
        needs_reply=not facts.by_machine,
        assignee_id=assignee_id if ticket.assignee_id is None else None,
        follow_up_of=reply.ticket.id if reply is not None and reply.late else None,
        flags=mail_flags(facts) | reply_flags(reply, facts),
    )


def mail_flags(facts: Facts) -> frozenset[Flag]:
    """Return what is true of the mail wherever it goes."""
    return _those(
        {
            Flag.NOT_VERIFIED: facts.fails,
            Flag.RECOVERED_SENDER: facts.sender.recovered,
            Flag.UNREADABLE_SENDER: not facts.sender.readable,
            Flag.AUTOMATIC: facts.by_machine,
            Flag.SAME_MESSAGE_ID: facts.message_id_reused,
        }
    )


def reply_flags(reply: Reply | None, facts: Facts) -> frozenset[Flag]:
    """Return what is true of an answer, wherever it goes."""
    if reply is None:
        return frozenset()
    return _those(
        {
            Flag.LATE: reply.late,
            Flag.MATCHED_IGNORE: facts.rule is not None and facts.rule.action is Action.IGNORE,
        }
    )


def _person_flags(reply: Reply, facts: Facts) -> frozenset[Flag]:
    earlier = reply.reference.subject
    return _those(
        {
            Flag.NEW_PERSON: not reply.takes_part,
            Flag.WAS_BCC: from_bcc(reply, facts),
            Flag.SUBJECT_CHANGED: bool(facts.subject and earlier) and facts.subject != earlier,
        }
    )


def _those(truths: dict[Flag, bool]) -> frozenset[Flag]:
    return frozenset(flag for flag, is_so in truths.items() if is_so)


def _describe(reply: Reply, facts: Facts, trace: Trace) -> None:
    number = reply.ticket.number
    if not reply.takes_part:
        trace.add(Code.NEW_PERSON, ticket=number)
    if from_bcc(reply, facts):
        trace.add(Code.BCC_PERSON, ticket=number)
    if facts.rule is not None:
        ignore = facts.rule.action is Action.IGNORE
        code = Code.IGNORE_SPARES_REPLY if ignore else Code.RULE_LEAVES_REPLIES
        trace.add(code, rule=facts.rule.label)


def _conclude(ticket: Ticket, reopen: bool, trace: Trace) -> None:
    if ticket.status is Status.CLOSED and not reopen:
        trace.add(Code.STAYS_CLOSED, ticket=ticket.number)
    trace.add(Code.REOPENED if reopen else Code.APPENDED, ticket=ticket.number)


def _duplicate(message: int, trace: Trace) -> Duplicate:
    """Name the copy that the ticket holds: another team received it too, and one ticket shows it once."""
    trace.add(Code.DUPLICATE, message=message)
    return Duplicate(message)
