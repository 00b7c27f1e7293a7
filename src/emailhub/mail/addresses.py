"""Address fields: text to mailboxes (RFC 5322 3.4), in one pass whatever stands in them.

An address decides whose mail it is, so a form that two programs may read in two ways is not read at
all: two addresses in one mailbox, routes, quoted pairs, comments within the address.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from emailhub.mail.headers import decode_words
from emailhub.mail.message import Mailbox
from emailhub.mail.storable import one_line

MAX_ADDRESSES = 500
MAX_NAME = 200
MAX_ADDRESS = 320  # RFC 3696 errata 1690 has 254; senders' local parts are longer than its 64

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|<[^<>]*>|[(),;:<>]|[^"(),;:<>]+', re.S)
_QUOTED_PAIR = re.compile(r"\\(.)", re.S)
_LOCAL_PART = re.compile(
    r"""[^\s"(),:;<>@\[\]\\\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+\Z"""
)
_QUOTED_LOCAL_PART = re.compile(r'"[^"\\\x00-\x1f\x7f@]+"\Z')
_ASCII_DOMAIN = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\Z")
_DOMAIN_LITERAL = re.compile(r"\[[0-9a-f:.]{2,60}\]\Z|\[ipv6:[0-9a-f:.]{2,60}\]\Z")


def normal_address(address: str) -> str:
    """Return an addr-spec in the form in which addresses are compared, "" if it is none.

    Lower-case as a whole, the domain as A-labels. Dots and plus-tags stay.
    """
    local_part, at, domain = address.strip().rpartition("@")
    if not at or len(address) > MAX_ADDRESS or "=?" in local_part:
        return ""
    if not (_LOCAL_PART.match(local_part) or _QUOTED_LOCAL_PART.match(local_part)):
        return ""
    domain = _normal_domain(domain)
    return f"{unicodedata.normalize('NFC', local_part).lower()}@{domain}" if domain else ""


def _normal_domain(domain: str) -> str:
    domain = domain.lower().removesuffix(".")
    if len(domain) > 253:
        return ""
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii").lower()
        except UnicodeError:
            return ""
    return domain if _ASCII_DOMAIN.match(domain) or _DOMAIN_LITERAL.match(domain) else ""


def clean_name(name: str) -> str:
    """Return a display name on one line, without characters that hide or reorder others."""
    name = one_line(unicodedata.normalize("NFC", name[: 4 * MAX_NAME]), MAX_NAME)
    return name.strip("\"' ") if name[:1] in {'"', "'"} and name[:1] == name[-1:] else name


@dataclass(slots=True)
class _Draft:
    """One mailbox while it is read."""

    words: list[str] = field(default_factory=list)  # before the angle bracket
    comments: list[str] = field(default_factory=list)
    angles: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)  # what follows the angle bracket
    has_at: bool = False  # an "@" among the words
    broken: bool = False

    @property
    def is_blank(self) -> bool:
        return not (self.angles or self.broken or "".join(self.words).strip())

    def add(self, piece: str) -> None:
        if self.angles:
            self.after.append(piece)
        else:
            self.words.append(piece)
            self.has_at = self.has_at or "@" in piece


def parse_mailboxes(value: str, hint: str = "") -> list[Mailbox]:
    """Return the mailboxes of To, Cc or Reply-To that can be read, at most 500, each address once."""
    found: dict[str, Mailbox] = {}
    for mailbox in read_mailboxes(value, hint):
        if mailbox:
            found.setdefault(mailbox.address, mailbox)
            if len(found) >= MAX_ADDRESSES:
                break
    return list(found.values())


def parse_author(values: list[str], hint: str = "") -> Mailbox | None:
    """Return the first mailbox of From, None where it is not certain which one that is.

    Two fields that differ, and mailboxes of several domains, are shown in one way and verified in
    another by different programs; so they name nobody.
    """
    authors = [list(read_mailboxes(value, hint)) for value in values]
    mailboxes = [mailbox for author in authors for mailbox in author]
    if not mailboxes or None in mailboxes or len({author[0] for author in authors if author}) > 1:
        return None
    certain = [mailbox for mailbox in mailboxes if mailbox]
    return certain[0] if len({mailbox.domain for mailbox in certain}) == 1 else None


def read_mailboxes(value: str, hint: str = "") -> Iterator[Mailbox | None]:
    """Yield each mailbox of an address field, None for one that cannot be read."""
    if value.count('"') % 2 and '\\"' not in value:
        value = value.replace('"', "")  # a lone quote would swallow the rest
    carried = ""  # "Surname, Name <address>" written without quotes
    for draft, separator in _drafts(value):
        if draft.is_blank:
            continue
        if separator == "," and not (draft.angles or draft.has_at or draft.broken):
            carried = (carried + "".join(draft.words) + ", ")[: 8 * MAX_NAME]
            continue
        yield _mailbox(draft, carried, hint)
        carried = ""


def _drafts(value: str) -> Iterator[tuple[_Draft, str]]:
    """Yield each draft with the separator that ends it. A group's name is dropped."""
    draft, depth = _Draft(), 0
    comment: list[str] = []
    for piece in _PIECE.findall(value):
        if piece == "(" or (piece == ")" and depth):
            depth += 1 if piece == "(" else -1
            comment.append(piece)
            if not depth:
                draft.comments.append("".join(comment)[1:-1])
                comment.clear()
        elif depth:
            comment.append(piece)
        elif piece in {",", ";"}:
            yield draft, piece
            draft = _Draft()
        elif piece == ":" and not (draft.angles or draft.has_at):
            draft = _Draft()
        elif len(piece) > 1 and piece[0] == "<":
            draft.angles.append(piece[1:-1])
        else:
            draft.broken = draft.broken or piece in {"<", ">", ")", ":"}
            draft.add(piece)
    draft.broken = draft.broken or depth > 0
    yield draft, ""


def _mailbox(draft: _Draft, carried: str, hint: str) -> Mailbox | None:
    if draft.broken or len(draft.angles) > 1 or "".join(draft.after).strip():
        return None
    words = "".join(draft.words)
    if draft.angles:
        name = carried + (words if words.strip() else "".join(draft.comments[:1]))
        address = normal_address(draft.angles[0].strip().removeprefix("mailto:"))
    else:
        name, address = carried + "".join(draft.comments[:1]), normal_address(words)
    return Mailbox(_display_name(name, hint), address) if address else None


def _display_name(name: str, hint: str) -> str:
    unquoted = "".join(
        _QUOTED_PAIR.sub(r"\1", piece[1:].removesuffix('"')) if piece.startswith('"') else piece
        for piece in _PIECE.findall(name[: 8 * MAX_NAME])
    )
    return clean_name(decode_words(unquoted, hint))
