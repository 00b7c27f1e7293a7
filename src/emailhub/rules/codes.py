"""The vocabulary of the trace: every code that a Step may carry, and what it says in English.

A page translates the sentence and fills in the step's details. `ticket` is a ticket's number, `kind` one
of facts.ReferenceKind, `rule` and `message` are ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Code(StrEnum):
    # What was considered
    SENDER_UNREADABLE = "sender_unreadable"
    SENDER_HIDDEN = "sender_hidden"
    SENDER_RECOVERED = "sender_recovered"
    SENDER_FAILED = "sender_failed"
    FORWARDER_VERIFIED = "forwarder_verified"
    WRITTEN_BY_MACHINE = "written_by_machine"
    MESSAGE_ID_REUSED = "message_id_reused"
    SENT_BY_THAT_TICKET = "sent_by_that_ticket"
    REFERENCE_NOT_PROVED = "reference_not_proved"
    REFERENCE_PROVED = "reference_proved"
    OTHER_TICKET_NAMED = "other_ticket_named"
    NEW_PERSON = "new_person"
    BCC_PERSON = "bcc_person"
    FROM_ADVISOR = "from_advisor"
    CLOSED_TOO_LONG = "closed_too_long"
    STAYS_CLOSED = "stays_closed"
    RULE_MATCHED = "rule_matched"
    RULE_LEAVES_REPLIES = "rule_leaves_replies"
    RULE_TAKES_REPLY = "rule_takes_reply"
    RULE_BROKEN = "rule_broken"
    IGNORE_SPARES_REPLY = "ignore_spares_reply"
    NO_OPEN_TICKET = "no_open_ticket"
    ONLY_OPEN_TICKET = "only_open_ticket"
    OPEN_TICKET_SAME_SUBJECT = "open_ticket_same_subject"
    OPEN_TICKET_LATEST = "open_ticket_latest"
    OPEN_TICKET_OF_CHAT = "open_ticket_of_chat"
    WANTS_NO_TEXTS = "wants_no_texts"
    WANTS_TEXTS = "wants_texts"
    RULE_WANTS_NEW = "rule_wants_new"
    SHARED_SENDER = "shared_sender"
    MACHINE_OTHER_SUBJECT = "machine_other_subject"
    LOOKS_LIKE_CONTACT = "looks_like_contact"
    GATE_PASSED_KNOWN = "gate_passed_known"
    GATE_PASSED_PARTICIPANT = "gate_passed_participant"
    GATE_OPENED = "gate_opened"
    SENDER_BLOCKED = "sender_blocked"
    FILTER_SAYS_JUNK = "filter_says_junk"
    JUNK_BUT_KNOWN = "junk_but_known"
    # What a person did with it since
    RELEASED = "released"
    RELEASED_WITH_CONTACT = "released_with_contact"
    RESTORED = "restored"
    DISCARDED = "discarded"
    DISCARD_UNDONE = "discard_undone"
    IGNORED_FROM_NOW_ON = "ignored_from_now_on"
    PURGED = "purged"
    # Whether an automatic reply was sent
    ACKNOWLEDGED = "acknowledged"
    TOLD_CLOSED = "told_closed"
    NO_REPLY_UNVERIFIED = "no_reply_unverified"
    NO_REPLY_TO_MACHINE = "no_reply_to_machine"
    NO_REPLY_ASKED_FOR = "no_reply_asked_for"
    NO_REPLY_PATH = "no_reply_path"
    NO_REPLY_TO_OURSELVES = "no_reply_to_ourselves"
    NO_REPLY_TO_COLLEAGUE = "no_reply_to_colleague"
    NO_REPLY_UNREADABLE = "no_reply_unreadable"
    NO_REPLY_TO_JUNK = "no_reply_to_junk"
    NO_REPLY_RELEASED = "no_reply_released"
    NO_REPLY_RESTORED = "no_reply_restored"
    NO_REPLY_PRIVATE = "no_reply_private"
    NO_REPLY_TO_OTHERS = "no_reply_to_others"
    NO_REPLY_TICKET_HAS_ONE = "no_reply_ticket_has_one"
    NO_REPLY_PERIOD_HAS_ONE = "no_reply_period_has_one"
    NO_REPLY_SENDER_HOUR = "no_reply_sender_hour"
    NO_REPLY_SENDER_DAY = "no_reply_sender_day"
    NO_REPLY_TEAM_HOUR = "no_reply_team_hour"
    NO_REPLY_BREAKER = "no_reply_breaker"
    NO_REPLY_NO_ADDRESS = "no_reply_no_address"
    # What was decided: the last step of every trace
    DUPLICATE = "duplicate"
    LOOP = "loop"
    SET_UP_MAIL = "set_up_mail"
    DELIVERY_REPORT = "delivery_report"
    HELD_HUB_OFF = "held_hub_off"
    HELD_UNREADABLE_SENDER = "held_unreadable_sender"
    HELD_NOT_VERIFIED = "held_not_verified"
    HELD_UNKNOWN_SENDER = "held_unknown_sender"
    HELD_POSSIBLE_LOOP = "held_possible_loop"
    HELD_JUNK = "held_junk"
    IGNORED = "ignored"
    APPENDED = "appended"
    REOPENED = "reopened"
    KEPT_AS_NOTE = "kept_as_note"
    NEW_TICKET = "new_ticket"
    FOLLOW_UP_TICKET = "follow_up_ticket"


SENTENCES: Mapping[Code, str] = {
    Code.SENDER_UNREADABLE: "The mail names no sender that can be read.",
    Code.SENDER_HIDDEN: "It says that this team sent it, but the team did not: a forward hid who wrote it.",
    Code.SENDER_RECOVERED: "%(address)s was recovered as the sender; the From line says something else.",
    Code.SENDER_FAILED: "The sender is not verified: the check of %(address)s failed.",
    Code.FORWARDER_VERIFIED: "The check of the sender failed, but a verified forwarder sent the mail on.",
    Code.WRITTEN_BY_MACHINE: "It is automatic mail, or its sender is a robot.",
    Code.MESSAGE_ID_REUSED: "An earlier message has the same Message-ID, but another sender or date.",
    Code.SENT_BY_THAT_TICKET: "It was sent from ticket #%(ticket)s, so it does not answer that ticket.",
    Code.REFERENCE_NOT_PROVED: "It refers to ticket #%(ticket)s (%(kind)s), but that proves nothing here.",
    Code.REFERENCE_PROVED: "It answers ticket #%(ticket)s (%(kind)s).",
    Code.OTHER_TICKET_NAMED: "It refers to ticket #%(ticket)s as well; the other reference is the stronger.",
    Code.NEW_PERSON: "The sender took no part in ticket #%(ticket)s before.",
    Code.BCC_PERSON: "The sender knows ticket #%(ticket)s from a BCC: the answer stays within the team.",
    Code.FROM_ADVISOR: "An advisor of the company wrote it with a mail program.",
    Code.CLOSED_TOO_LONG: "Ticket #%(ticket)s was closed too long ago to be opened again.",
    Code.STAYS_CLOSED: "Ticket #%(ticket)s is closed, and this mail does not open it again.",
    Code.RULE_MATCHED: "Rule %(rule)s matches (%(action)s).",
    Code.RULE_LEAVES_REPLIES: "Rule %(rule)s matches, but does not apply to replies.",
    Code.RULE_TAKES_REPLY: "Rule %(rule)s applies to replies too: it goes before ticket #%(ticket)s.",
    Code.RULE_BROKEN: "The team or advisor that rule %(rule)s names is no longer available.",
    Code.IGNORE_SPARES_REPLY: "Rule %(rule)s says ignore, but an answer to a ticket is never ignored.",
    Code.NO_OPEN_TICKET: "The sender has no open ticket here.",
    Code.ONLY_OPEN_TICKET: "The sender has one open ticket here, #%(ticket)s.",
    Code.OPEN_TICKET_SAME_SUBJECT: "Of %(count)s open tickets, #%(ticket)s has the same subject.",
    Code.OPEN_TICKET_LATEST: "Of %(count)s open tickets, #%(ticket)s was active last.",
    Code.OPEN_TICKET_OF_CHAT: "Of %(count)s open tickets, the chat with this number was on #%(ticket)s last.",
    Code.WANTS_NO_TEXTS: "The sender asks for no more messages: chat is closed for the number.",
    Code.WANTS_TEXTS: "The sender wants messages again: chat is open for the number.",
    Code.RULE_WANTS_NEW: "The rule asks for a new ticket even if one is open.",
    Code.SHARED_SENDER: "Many people write from this address: always a new ticket.",
    Code.MACHINE_OTHER_SUBJECT: "Automatic mail joins an open ticket only if the subject is the same.",
    Code.LOOKS_LIKE_CONTACT: "It looks like mail from %(name)s, but the sender is not verified.",
    Code.GATE_PASSED_KNOWN: "Only known contacts may open tickets, and the sender is one.",
    Code.GATE_PASSED_PARTICIPANT: "Only known contacts may open tickets; the sender is on #%(ticket)s.",
    Code.GATE_OPENED: "Only known contacts may open tickets; a person let this mail in.",
    Code.SENDER_BLOCKED: "The team has blocked %(address)s.",
    Code.FILTER_SAYS_JUNK: "The filter that checks mail before it comes here says that it is junk.",
    Code.JUNK_BUT_KNOWN: "The filter says junk, but a known sender whose check passed is believed.",
    Code.RELEASED: "%(by)s let it out.",
    Code.RELEASED_WITH_CONTACT: "%(by)s let it out and added the sender as a contact.",
    Code.RESTORED: "%(by)s restored it.",
    Code.DISCARDED: "%(by)s discarded it.",
    Code.DISCARD_UNDONE: "%(by)s took the discarding back.",
    Code.IGNORED_FROM_NOW_ON: "%(by)s made rule %(rule)s: such mail is always ignored.",
    Code.PURGED: "Its time was up: its text and files are deleted.",
    Code.ACKNOWLEDGED: "An automatic reply was sent to %(address)s: the ticket was acknowledged.",
    Code.TOLD_CLOSED: "An automatic reply was sent to %(address)s: the team is out of hours.",
    Code.NO_REPLY_UNVERIFIED: "No automatic reply: the sender is not verified.",
    Code.NO_REPLY_TO_MACHINE: "No automatic reply: no person wrote it.",
    Code.NO_REPLY_ASKED_FOR: "No automatic reply: the mail asks for none, or came by a list.",
    Code.NO_REPLY_PATH: "No automatic reply: its envelope says that nothing may come back.",
    Code.NO_REPLY_TO_OURSELVES: "No automatic reply: a team of this installation wrote it.",
    Code.NO_REPLY_TO_COLLEAGUE: "No automatic reply: an advisor of the company wrote it.",
    Code.NO_REPLY_UNREADABLE: "No automatic reply: nobody can say who wrote it.",
    Code.NO_REPLY_TO_JUNK: "No automatic reply: the filter says that it is junk.",
    Code.NO_REPLY_RELEASED: "No automatic reply: a person decided on it.",
    Code.NO_REPLY_RESTORED: "No automatic reply: it came before the back-up that was restored.",
    Code.NO_REPLY_PRIVATE: "No automatic reply: the sender knows the ticket from a BCC.",
    Code.NO_REPLY_TO_OTHERS: "No automatic reply: the sender is not the customer of the ticket.",
    Code.NO_REPLY_TICKET_HAS_ONE: "No automatic reply: only a new ticket is acknowledged.",
    Code.NO_REPLY_PERIOD_HAS_ONE: "No automatic reply: the ticket has had one since the team closed.",
    Code.NO_REPLY_SENDER_HOUR: "No automatic reply: %(address)s had one within the hour.",
    Code.NO_REPLY_SENDER_DAY: "No automatic reply: %(address)s had %(count)s within 24 hours.",
    Code.NO_REPLY_TEAM_HOUR: "No automatic reply: the team sent %(count)s to strangers within the hour.",
    Code.NO_REPLY_BREAKER: "No automatic reply: too much automatic mail came from %(address)s.",
    Code.NO_REPLY_NO_ADDRESS: "No automatic reply: the team has no address to send from.",
    Code.DUPLICATE: "It is a copy of message %(message)s.",
    Code.LOOP: "It is our own message, come back to the team that sent it.",
    Code.SET_UP_MAIL: "It belongs to the set-up of an address (%(kind)s).",
    Code.DELIVERY_REPORT: "It is a delivery report about a message of ours.",
    Code.HELD_HUB_OFF: "Held: EmailHub is switched off for this team.",
    Code.HELD_UNREADABLE_SENDER: "Held: nobody can say who wrote it.",
    Code.HELD_NOT_VERIFIED: "Held: the sender is not verified.",
    Code.HELD_UNKNOWN_SENDER: "Held: this team accepts mail only from known contacts.",
    Code.HELD_POSSIBLE_LOOP: "Held: so much automatic mail came from this sender that it may be a loop.",
    Code.HELD_JUNK: "Held: junk.",
    Code.IGNORED: "Ignored by rule %(rule)s.",
    Code.APPENDED: "Put on ticket #%(ticket)s.",
    Code.REOPENED: "Put on ticket #%(ticket)s, which is open again.",
    Code.KEPT_AS_NOTE: "Kept as an internal note on ticket #%(ticket)s.",
    Code.NEW_TICKET: "A new ticket was made.",
    Code.FOLLOW_UP_TICKET: "A new ticket was made that follows up #%(ticket)s.",
}
"""What each code says. The placeholders are keys of the step's detail."""

OUTCOMES: frozenset[Code] = frozenset(list(Code)[list(Code).index(Code.DUPLICATE) :])
"""The codes that say what was decided."""
