"""Take a finished mail apart as Graph wants it: a draft's bytes, its large parts, and whom it goes to.

PURE. Graph takes at most 4 MB in one request, and the bytes of a draft go there in base64.
"""

from __future__ import annotations

import email
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses

from .mailbox import File

ROOM = 2_900_000  # octets of a draft: with base64 less than 4 MB
LARGEST_FILE = 150 * 1024 * 1024
_POLICY = SMTP.clone(refold_source="none")


class CannotBeTakenApartError(Exception):
    """What is left without all attachments is larger than a draft may be, or one of them is too large."""


@dataclass(frozen=True)
class Apart:
    """A mail in the pieces in which it is handed over."""

    draft: bytes
    files: Sequence[File]
    addressed: dict[str, list[str]]  # what is to be said of the draft's recipients


def take_apart(content: bytes, recipients: Collection[str], *, room: int = ROOM) -> Apart:
    """The pieces of a mail of ours for these recipients. Raises CannotBeTakenApartError.

    As few parts as possible are taken out, the largest first: what stays in the draft stays as it is.
    """
    message = email.message_from_bytes(content, policy=_POLICY)
    assert isinstance(message, EmailMessage)
    files = []
    draft, size = content, len(content)
    for part, parent in _removable(message):
        if size <= room:
            break
        files.append(_file_of(part))
        size -= _size_of(part)
        parent.set_payload([other for other in _children(parent) if other is not part])
        draft = b""
    draft = draft or message.as_bytes(policy=_POLICY)
    if len(draft) > room or any(len(file.content) > LARGEST_FILE for file in files):
        raise CannotBeTakenApartError
    return Apart(draft, files, _addressed(message, recipients))


def _removable(message: EmailMessage) -> list[tuple[EmailMessage, EmailMessage]]:
    """The parts that may be handed over by themselves, each with the part that it is in, largest first."""
    return sorted(_leaves(message), key=lambda found: _size_of(found[0]), reverse=True)


def _size_of(part: EmailMessage) -> int:
    """The octets of its content as it travels: a little less than the whole part takes."""
    payload = part.get_payload()
    return len(payload) if isinstance(payload, str) else len(part.as_bytes(policy=_POLICY))


def _leaves(parent: EmailMessage) -> Iterator[tuple[EmailMessage, EmailMessage]]:
    for part in _children(parent):
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            yield from _leaves(part)
        elif part.get_content_disposition() in ("attachment", "inline"):
            yield part, parent


def _children(part: EmailMessage) -> list[EmailMessage]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, EmailMessage)] if part.is_multipart() else []


def _file_of(part: EmailMessage) -> File:
    inline = part.get_content_disposition() == "inline"
    content_id = str(part["Content-ID"] or "").strip().removeprefix("<").removesuffix(">")
    return File(
        name=part.get_filename() or "file",
        content_type=part.get_content_type(),
        content=_content_of(part),
        content_id=content_id if inline else "",
    )


def _content_of(part: EmailMessage) -> bytes:
    if part.get_content_maintype() == "message":
        return b"".join(child.as_bytes() for child in _children(part))
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def _addressed(message: EmailMessage, recipients: Collection[str]) -> dict[str, list[str]]:
    """BCC from the envelope; To and Cc as well where somebody in them is not to get this mail (again)."""
    envelope = {address.lower(): address for address in recipients}
    named = {field: _addresses(message, field) for field in ("To", "Cc")}
    visible = {address.lower() for addresses in named.values() for address in addresses}
    said = {"bccRecipients": [address for key, address in envelope.items() if key not in visible]}
    for field, addresses in named.items():
        wanted = [address for address in addresses if address.lower() in envelope]
        if wanted != addresses:
            said[f"{field.lower()}Recipients"] = wanted
    return {name: addresses for name, addresses in said.items() if addresses or name != "bccRecipients"}


def _addresses(message: EmailMessage, field: str) -> list[str]:
    return [address for _, address in getaddresses([str(value) for value in message.get_all(field, [])])]
