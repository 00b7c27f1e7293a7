"""Why is it here? The steps of a decision, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from string import Formatter

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emailhub.rules.codes import OUTCOMES, Code
from emailhub.rules.facts import Action, ReferenceKind

SENTENCES: Mapping[Code, str | Promise] = {
    Code.SENDER_UNREADABLE: _("The mail names no sender that can be read."),
    Code.SENDER_HIDDEN: _("It says that this team sent it, but a forward hid who wrote it."),
    Code.SENDER_RECOVERED: _("{address} was recovered as the sender; the From line says something else."),
    Code.SENDER_FAILED: _("The sender is not verified: the check of {address} failed."),
    Code.FORWARDER_VERIFIED: _("The check of the sender failed, but a verified forwarder passed it on."),
    Code.WRITTEN_BY_MACHINE: _("It is automatic mail, or its sender is a robot."),
    Code.MESSAGE_ID_REUSED: _("An earlier message has the same Message-ID, but another sender or date."),
    Code.SENT_BY_THAT_TICKET: _("It was sent from ticket #{ticket}, so it does not answer that ticket."),
    Code.REFERENCE_NOT_PROVED: _("It refers to ticket #{ticket} ({kind}), but that proves nothing here."),
    Code.REFERENCE_PROVED: _("It answers ticket #{ticket} ({kind})."),
    Code.OTHER_TICKET_NAMED: _("It refers to ticket #{ticket} as well; the other reference is the stronger."),
    Code.NEW_PERSON: _("The sender took no part in ticket #{ticket} before."),
    Code.BCC_PERSON: _("The sender knows ticket #{ticket} from a BCC: the answer stays within the team."),
    Code.FROM_ADVISOR: _("An advisor of the company wrote it with a mail program."),
    Code.CLOSED_TOO_LONG: _("Ticket #{ticket} was closed too long ago to be opened again."),
    Code.STAYS_CLOSED: _("Ticket #{ticket} is closed, and this mail does not open it again."),
    Code.RULE_MATCHED: _("Rule {rule} matches ({action})."),
    Code.RULE_LEAVES_REPLIES: _("Rule {rule} matches, but does not apply to replies."),
    Code.RULE_TAKES_REPLY: _("Rule {rule} applies to replies too: it goes before ticket #{ticket}."),
    Code.RULE_BROKEN: _("The team or advisor that rule {rule} names is no longer available."),
    Code.IGNORE_SPARES_REPLY: _("Rule {rule} says ignore, but an answer to a ticket is never ignored."),
    Code.NO_OPEN_TICKET: _("The sender has no open ticket here."),
    Code.ONLY_OPEN_TICKET: _("The sender has one open ticket here, #{ticket}."),
    Code.OPEN_TICKET_SAME_SUBJECT: _("Of {count} open tickets, #{ticket} has the same subject."),
    Code.OPEN_TICKET_LATEST: _("Of {count} open tickets, #{ticket} was active last."),
    Code.OPEN_TICKET_OF_CHAT: _("Of {count} open tickets, the chat with this number was on #{ticket} last."),
    Code.WANTS_NO_TEXTS: _("The sender asks for no more messages: chat is closed for the number."),
    Code.WANTS_TEXTS: _("The sender wants messages again: chat is open for the number."),
    Code.RULE_WANTS_NEW: _("The rule asks for a new ticket even if one is open."),
    Code.SHARED_SENDER: _("Many people write from this address: always a new ticket."),
    Code.MACHINE_OTHER_SUBJECT: _("Automatic mail joins an open ticket only if the subject is the same."),
    Code.LOOKS_LIKE_CONTACT: _("It looks like mail from {name}, but the sender is not verified."),
    Code.GATE_PASSED_KNOWN: _("Only known contacts may open tickets here, and the sender is one."),
    Code.GATE_PASSED_PARTICIPANT: _(
        "Only known contacts may open tickets here; the sender took part in #{ticket}."
    ),
    Code.GATE_OPENED: _("Only known contacts may open tickets; a person let this mail in."),
    Code.SENDER_BLOCKED: _("The team has blocked {address}."),
    Code.FILTER_SAYS_JUNK: _("The filter that checks mail before it comes here says that it is junk."),
    Code.JUNK_BUT_KNOWN: _("The filter says junk, but a known sender whose check passed is believed."),
    Code.RELEASED: _("{by} let it out."),
    Code.RELEASED_WITH_CONTACT: _("{by} let it out and added the sender as a contact."),
    Code.RESTORED: _("{by} restored it."),
    Code.DISCARDED: _("{by} discarded it."),
    Code.DISCARD_UNDONE: _("{by} took the discarding back."),
    Code.IGNORED_FROM_NOW_ON: _("{by} made rule {rule}: such mail is always ignored."),
    Code.PURGED: _("Its time was up: its text and files are deleted."),
    Code.ACKNOWLEDGED: _("An automatic reply was sent to {address}: the ticket was acknowledged."),
    Code.TOLD_CLOSED: _("An automatic reply was sent to {address}: the team is out of hours."),
    Code.NO_REPLY_UNVERIFIED: _("No automatic reply: the sender is not verified."),
    Code.NO_REPLY_TO_MACHINE: _("No automatic reply: no person wrote it."),
    Code.NO_REPLY_ASKED_FOR: _("No automatic reply: the mail asks for none, or came by a list."),
    Code.NO_REPLY_PATH: _("No automatic reply: its envelope says that nothing may come back."),
    Code.NO_REPLY_TO_OURSELVES: _("No automatic reply: a team of this installation wrote it."),
    Code.NO_REPLY_TO_COLLEAGUE: _("No automatic reply: an advisor of the company wrote it."),
    Code.NO_REPLY_UNREADABLE: _("No automatic reply: nobody can say who wrote it."),
    Code.NO_REPLY_TO_JUNK: _("No automatic reply: the filter says that it is junk."),
    Code.NO_REPLY_RELEASED: _("No automatic reply: a person decided on it."),
    Code.NO_REPLY_RESTORED: _("No automatic reply: it came before the back-up that was restored."),
    Code.NO_REPLY_PRIVATE: _("No automatic reply: the sender knows the ticket from a BCC."),
    Code.NO_REPLY_TO_OTHERS: _("No automatic reply: the sender is not the customer of the ticket."),
    Code.NO_REPLY_TICKET_HAS_ONE: _("No automatic reply: only a new ticket is acknowledged."),
    Code.NO_REPLY_PERIOD_HAS_ONE: _("No automatic reply: the ticket has had one since the team closed."),
    Code.NO_REPLY_SENDER_HOUR: _("No automatic reply: {address} had one within the hour."),
    Code.NO_REPLY_SENDER_DAY: _("No automatic reply: {address} had {count} within 24 hours."),
    Code.NO_REPLY_TEAM_HOUR: _("No automatic reply: the team sent {count} to strangers within the hour."),
    Code.NO_REPLY_BREAKER: _("No automatic reply: too much automatic mail came from {address}."),
    Code.NO_REPLY_NO_ADDRESS: _("No automatic reply: the team has no address to send from."),
    Code.DUPLICATE: _("It is a copy of message {message}."),
    Code.LOOP: _("It is our own message, come back to the team that sent it."),
    Code.SET_UP_MAIL: _("It belongs to the set-up of an address ({kind})."),
    Code.DELIVERY_REPORT: _("It is a delivery report about a message of ours."),
    Code.HELD_HUB_OFF: _("Held: EmailHub is switched off for this team."),
    Code.HELD_UNREADABLE_SENDER: _("Held: nobody can say who wrote it."),
    Code.HELD_NOT_VERIFIED: _("Held: the sender is not verified."),
    Code.HELD_UNKNOWN_SENDER: _("Held: this team accepts mail only from known contacts."),
    Code.HELD_POSSIBLE_LOOP: _("Held: so much automatic mail came from this sender that it may be a loop."),
    Code.HELD_JUNK: _("Held: junk."),
    Code.IGNORED: _("Ignored by rule {rule}."),
    Code.APPENDED: _("Put on ticket #{ticket}."),
    Code.REOPENED: _("Put on ticket #{ticket}, which is open again."),
    Code.KEPT_AS_NOTE: _("Kept as an internal note on ticket #{ticket}."),
    Code.NEW_TICKET: _("A new ticket was made."),
    Code.FOLLOW_UP_TICKET: _("A new ticket was made that follows up #{ticket}."),
}
_VALUES: Mapping[str, str | Promise] = {
    ReferenceKind.OUR_MESSAGE: _("it answers our email"),
    ReferenceKind.TOKEN: _("by the signed address"),
    ReferenceKind.RECEIVED_MESSAGE: _("it answers a received email"),
    ReferenceKind.LATE_PARENT: _("an earlier email answers it"),
    ReferenceKind.ANCESTOR: _("both answer the same email"),
    ReferenceKind.SUBJECT: _("by the number in the subject"),
    "forwarding": _("a provider's question about a forward"),
    Action.IGNORE: _("Ignore"),
    Action.ROUTE_TO_TEAM: _("Route to team"),
    Action.ROUTE_TO_ADVISOR: _("Route to advisor"),
    Action.CREATE_NEW: _("Create a new ticket"),
}
_WARNINGS = {
    Code.SENDER_UNREADABLE,
    Code.SENDER_HIDDEN,
    Code.SENDER_FAILED,
    Code.MESSAGE_ID_REUSED,
    Code.REFERENCE_NOT_PROVED,
    Code.RULE_BROKEN,
    Code.LOOKS_LIKE_CONTACT,
    Code.SENDER_BLOCKED,
    Code.FILTER_SAYS_JUNK,
    Code.NO_REPLY_BREAKER,
}
_PEOPLE = {
    Code.RELEASED,
    Code.RELEASED_WITH_CONTACT,
    Code.RESTORED,
    Code.DISCARDED,
    Code.DISCARD_UNDONE,
    Code.IGNORED_FROM_NOW_ON,
}
_RULES = {Code.RULE_MATCHED, Code.RULE_LEAVES_REPLIES, Code.RULE_TAKES_REPLY, Code.IGNORE_SPARES_REPLY}


@dataclass(frozen=True)
class TraceLine:
    icon: str
    tone: str  # a class of .trail > li > .icon
    sentence: str
    is_outcome: bool


def trace_lines(trace: Iterable[object]) -> list[TraceLine]:
    """The lines of a stored trace, [[code, {detail}], ...]. A code of a later version is left out."""
    return [line for step in trace if (line := _line(step))]


def _line(step: object) -> TraceLine | None:
    code, detail = _read(step)
    if code is None:
        return None
    sentence = _fill(str(SENTENCES[code]), detail)
    if code in OUTCOMES:
        return TraceLine(
            "newticket" if code in (Code.NEW_TICKET, Code.FOLLOW_UP_TICKET) else "inbox",
            "end",
            sentence,
            True,
        )
    if code in _WARNINGS:
        return TraceLine("alert", "warn", sentence, False)
    if code in _PEOPLE:
        return TraceLine("user", "", sentence, False)
    return TraceLine("rules" if code in _RULES else "check", "" if code in _RULES else "ok", sentence, False)


def _read(step: object) -> tuple[Code | None, dict[str, object]]:
    match step:
        case [str(code), dict(detail)] if code in set(Code):
            return Code(code), detail
    return None, {}


def _fill(sentence: str, detail: Mapping[str, object]) -> str:
    names = [name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name]
    return sentence.format(**{name: _value(detail.get(name)) for name in names})


def _value(value: object) -> str:
    text = "?" if value is None else str(value)
    return str(_VALUES[text]) if text in _VALUES else text
