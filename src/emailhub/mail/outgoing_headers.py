"""Header fields of messages that we write, in their form on the wire: ASCII, RFC 2047 words, folded.

The standard library encodes ids of more than 77 characters, puts spaces into long encoded names, and takes
encoded words in what a user typed for its own; so this module encodes and folds, and the library only refuses
what holds a line end.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from email.headerregistry import BaseHeader, HeaderRegistry
from email.policy import Policy
from typing import Any

from emailhub.mail.message import Mailbox
from emailhub.mail.storable import one_line, storable

EXTRA_FIELDS = frozenset(
    ("auto-submitted", "precedence", "x-auto-response-suppress", "x-loop", "list-id", "list-unsubscribe")
) | {"list-help", "list-unsubscribe-post", "list-archive", "list-owner", "list-post", "list-subscribe"}
_WRITTEN = frozenset(("from", "reply-to", "to", "cc", "subject", "message-id", "in-reply-to", "references"))

_MAX_TEXT = 900
_MAX_NAME = 200
_WIDTH = 76
_WORD_BYTES = 45  # 60 characters of base64; an encoded word has at most 75 (RFC 2047 2)
_PLAIN_TEXT = re.compile(r"[!-~]{1,60}(?: [!-~]{1,60})*")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
_NOT_PRINTABLE = re.compile(r"[^!-~]+")
_CONTROL_IN_BODY = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf'(?:{_ATOM}(?:\.{_ATOM})*|"[ !#-\[\]-~]*")@(?:[A-Za-z0-9.-]+|\[[A-Za-z0-9.:]+\])')


class UnusableAddressError(ValueError):
    """An address can't be written in a header: it is none, or needs SMTPUTF8 (a non-ASCII local part)."""


class WrittenHeader(BaseHeader):
    """A field whose value is given as on the wire; it is folded at its spaces and otherwise left alone."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        """Take the value as it is (the registry calls this)."""
        kwds["decoded"] = value
        kwds["parse_tree"] = None

    def fold(self, *, policy: Policy) -> str:
        """Return the field's lines, of at most 76 characters where its words allow."""
        lines = [f"{self.name}:"]
        for word in str(self).split(" "):
            if len(lines[-1]) + len(word) >= _WIDTH and lines[-1].strip() != f"{self.name}:":
                lines.append("")
            lines[-1] += f" {word}"
        return policy.linesep.join(lines) + policy.linesep


class FieldFactory(HeaderRegistry):
    """The standard library's fields for MIME and the date, ours for all else."""

    def __init__(self) -> None:
        super().__init__()
        for field in (*_WRITTEN, *EXTRA_FIELDS):
            self.map_to_type(field, WrittenHeader)


def text_field(text: str) -> str:
    """Return an unstructured text (RFC 5322 3.2.5) as on the wire."""
    return _phrase(one_line(text, _MAX_TEXT))


def token_field(text: str) -> str:
    """Return the printable ASCII of a text, on one line."""
    return " ".join(_NOT_PRINTABLE.sub(" ", text[:_MAX_TEXT]).split())


def address_field(mailboxes: Iterable[Mailbox]) -> str:
    """Return an address list (RFC 5322 3.4) as on the wire. Raises UnusableAddressError."""
    return ", ".join(map(_mailbox, mailboxes))


def body_text(text: str) -> str:
    """Return a body without lone surrogates and control characters but tab and line ends."""
    return _CONTROL_IN_BODY.sub("", storable(text))


def _mailbox(mailbox: Mailbox) -> str:
    address = _address(mailbox.address)
    name = one_line(mailbox.name, _MAX_NAME)
    if not name:
        return address
    if not _PLAIN_TEXT.fullmatch(name) or "=?" in name:
        return f"{_encoded(name)} <{address}>"
    if not _PLAIN_NAME.fullmatch(name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{name} <{address}>"


def _address(address: str) -> str:
    local_part, _, domain = address.rpartition("@")
    try:
        domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    except UnicodeError as error:
        raise UnusableAddressError(address) from error
    written = f"{local_part}@{domain}"
    if len(written) > 320 or not _ADDRESS.fullmatch(written):
        raise UnusableAddressError(address)
    return written


def _phrase(text: str) -> str:
    return text if not text or ("=?" not in text and _PLAIN_TEXT.fullmatch(text)) else _encoded(text)


def _encoded(text: str) -> str:
    """Return a text as encoded words (RFC 2047), each of whole characters."""
    return " ".join(f"=?utf-8?b?{b64encode(chunk).decode('ascii')}?=" for chunk in _chunks(text))


def _chunks(text: str) -> Iterator[bytes]:
    chunk = b""
    for character in text:
        encoded = character.encode()
        if len(chunk) + len(encoded) > _WORD_BYTES:
            yield chunk
            chunk = b""
        chunk += encoded
    yield chunk
