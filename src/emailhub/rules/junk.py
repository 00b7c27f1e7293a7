"""What is held as junk: what the team has blocked, and what a trusted filter says."""

from __future__ import annotations

from emailhub.rules.codes import Code
from emailhub.rules.facts import Facts
from emailhub.rules.replies import Reply
from emailhub.rules.trace import Trace


def is_junk(facts: Facts, reply: Reply | None, trace: Trace) -> bool:
    """Return whether the mail is to be held as junk.

    A filter errs: it is not believed against a participant who answers, nor against a known contact whose
    check passed. Who is blocked was blocked by a person, so that holds for answers too.
    """
    if facts.blocked:
        trace.add(Code.SENDER_BLOCKED, address=facts.blocked)
        return True
    if not facts.junk or (reply is not None and reply.participant):
        return False
    contact = facts.sender.contact
    if contact is not None and contact.confirmed and facts.passes:
        trace.add(Code.JUNK_BUT_KNOWN)
        return False
    trace.add(Code.FILTER_SAYS_JUNK)
    return True
