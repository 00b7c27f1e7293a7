"""Subjects: the marks that mail programs put before them, and ticket numbers."""

from __future__ import annotations

import re

from emailhub.mail.storable import one_line

MAX_SUBJECT = 998

_REPLY = "re|aw|antw|antwort|res|sv|vs|rif|r|odp|ynt|回复|回覆|答复|答覆|返信"
_FORWARD = "fwd|fw|rv|wg|tr|enc|i|vb|vl|doorst|pd|ilt|转发|轉寄|転送"
_COUNTER = r"(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|\*\d{1,3})?"
# Both are matched at a position, never searched for, and end in what they cannot repeat: linear.
_PREFIX = re.compile(rf"(?:{_REPLY}|{_FORWARD}){_COUNTER}[  ]?[::]", re.I)
_FORWARD_PREFIX = re.compile(rf"(?:{_FORWARD}){_COUNTER}[  ]?[::]", re.I)
_TAG = re.compile(r"\[#\d{1,9}\]")


def base_subject(subject: str) -> str:
    """Return the subject without the marks of answers and forwards and without ticket tags."""
    subject = one_line(subject, MAX_SUBJECT)
    position = 0
    while match := _PREFIX.match(subject, position) or _TAG.match(subject, position):
        position = match.end()
        position += len(subject) - position - len(subject[position:].lstrip())
    return " ".join(_TAG.sub(" ", subject[position:]).split())


def normalise_subject(subject: str) -> str:
    """Return the form in which subjects are compared."""
    return base_subject(subject).casefold()


def reply_subject(subject: str) -> str:
    """Return the subject of an answer: "Re: " once, whatever stood before."""
    return f"Re: {base_subject(subject)}".strip()[:MAX_SUBJECT]


def forward_subject(subject: str) -> str:
    """Return the subject of a mail that is passed on: "Fwd: " once, whatever stood before."""
    return f"Fwd: {base_subject(subject)}".strip()[:MAX_SUBJECT]


def is_forward(subject: str) -> bool:
    """Tell whether the outermost mark says that a mail was forwarded."""
    return bool(_FORWARD_PREFIX.match(one_line(subject, MAX_SUBJECT)))


def ticket_number(subject: str) -> int | None:
    """Return the number in a tag such as [#1234], the last one if there are several."""
    tags = _TAG.findall(subject[:MAX_SUBJECT])
    return int(tags[-1][2:-1]) if tags else None
