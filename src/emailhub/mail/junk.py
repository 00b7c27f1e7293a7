"""What a filter in front of us says about a mail, in a header field that the operator trusts."""

from __future__ import annotations

from emailhub.mail.automatic import keyword
from emailhub.mail.message import Message

_JUNK = frozenset({"yes", "true", "1", "spam", "junk", "reject"})


def is_marked_junk(message: Message, field: str) -> bool:
    """Tell whether the topmost field of this name says yes, as X-Spam-Flag or X-Spam-Status do.

    The field counts only if our own mail server sets it, and takes away what senders write into it. Where
    no field is trusted (""), nothing is junk.
    """
    if not field:
        return False
    return keyword(message.header(field)).rstrip(",") in _JUNK
