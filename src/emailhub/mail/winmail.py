"""Outlook's winmail.dat ([MS-OXTNEF]): a mail's files and rich text in one attachment for Outlook."""

from __future__ import annotations

from dataclasses import replace
from mimetypes import guess_type
from typing import TYPE_CHECKING

from emailhub.mail.filenames import clean_filename, distinct_filenames, made_up_filename
from emailhub.mail.message import Attachment, Message
from emailhub.mail.plain_text import plain_text
from emailhub.mail.storable import storable

if TYPE_CHECKING:
    from tnefparse import TNEF

_TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}
_SIGNATURE = b"\x78\x9f\x3e\x22"
_MOST_FILES = 500


def may_be_packed(raw: bytes) -> bool:
    """Tell whether a mail may hold a winmail.dat, before it is read."""
    small = raw.lower()
    return b"ms-tnef" in small or b"winmail.dat" in small


def is_packed(attachment: Attachment) -> bool:
    """Tell whether an attachment is a winmail.dat."""
    named = attachment.content_type in _TYPES or attachment.filename.lower() == "winmail.dat"
    return named and attachment.content.startswith(_SIGNATURE)


def unpack(message: Message) -> Message:
    """Return the mail with what was packed in its winmail.dat among its attachments.

    Call it only where running out of time or memory does no harm: the library reads what it is told to. What
    cannot be unpacked stays a file, and `defects` says so.
    """
    if not any(map(is_packed, message.attachments)):
        return message
    files: list[Attachment] = []
    for attachment in message.attachments:
        if not is_packed(attachment):
            files.append(attachment)
            continue
        tnef = _read(attachment.content)
        if tnef is None:
            files.append(attachment)
            message = replace(message, defects=(*message.defects, "winmail.dat cannot be unpacked"))
            continue
        files += [_file(name, content, len(files)) for name, content in _files(tnef)]
        message = _with_body(message, tnef)
    names = distinct_filenames([file.filename for file in files])
    renamed = (replace(file, filename=name) for file, name in zip(files, names, strict=True))
    return replace(message, attachments=tuple(renamed))


def _read(content: bytes) -> TNEF | None:
    from tnefparse import TNEF

    try:
        return TNEF(content, do_checksum=False)
    except Exception:  # noqa: BLE001  (whatever it stumbles over, the file is shown as it is)
        return None


def _files(tnef: TNEF) -> list[tuple[str, bytes]]:
    files = tnef.attachments[:_MOST_FILES]
    return [(_text(file.long_filename() or file.name), bytes(file.data or b"")) for file in files]


def _file(name: str, content: bytes, number: int) -> Attachment:
    content_type = guess_type(name)[0] or "application/octet-stream"
    return Attachment(clean_filename(name) or made_up_filename(content_type, number), content_type, content)


def _with_body(message: Message, tnef: TNEF) -> Message:
    """Take the body in it for a mail that has none beside it."""
    if message.text.strip() or message.html:
        return message
    html, text = _text(tnef.htmlbody), _text(tnef.body)
    if html:
        return replace(message, html=html, text=text or plain_text(html))
    return replace(message, text=text) if text else message


def _text(value: object) -> str:
    if isinstance(value, bytes | bytearray):
        value = bytes(value).decode("utf-8", "replace")
    return storable(str(value or "")).strip("\x00")
