"""Outlook's winmail.dat ([MS-OXTNEF]): a mail's files and rich text in one attachment for Outlook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from mimetypes import guess_type
from typing import TYPE_CHECKING

from emailhub.mail.charsets import decode_bytes
from emailhub.mail.filenames import clean_filename, distinct_filenames, made_up_filename
from emailhub.mail.message import Attachment, Message
from emailhub.mail.plain_text import plain_text
from emailhub.mail.storable import one_line, storable

if TYPE_CHECKING:
    from tnefparse.tnef import TNEFAttachment

_TYPES = {"application/ms-tnef", "application/vnd.ms-tnef"}
_SIGNATURE = b"\x78\x9f\x3e\x22"
_MOST_FILES = 500
_LONG_FILENAME = 0x3707  # PidTagAttachLongFilename
_MOST_COPIED = 4_000_000_000  # octets; a second or two


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
        packed = _read(attachment.content) if is_packed(attachment) else None
        if packed is None:
            files.append(attachment)
            message = _with_defect(message) if is_packed(attachment) else message
            continue
        files += [_file(*file, number) for number, file in enumerate(packed.files, len(files) + 1)] or [
            attachment
        ]
        message = _with_body(message, packed)
    names = distinct_filenames([file.filename for file in files])
    renamed = (replace(file, filename=name) for file, name in zip(files, names, strict=True))
    return replace(message, attachments=tuple(renamed))


@dataclass(frozen=True, slots=True)
class _Packed:
    files: list[tuple[str, bytes]]
    text: str
    html: str


def _read(content: bytes) -> _Packed | None:
    from tnefparse import TNEF

    if not _is_walkable(content):
        return None
    try:
        tnef = TNEF(content, do_checksum=False)
        files = [(_name(file, tnef.codepage), bytes(file.data)) for file in tnef.attachments[:_MOST_FILES]]
    except Exception:  # noqa: BLE001  (whatever it stumbles over, the file is shown as it is)
        return None
    return _Packed(files, _text(tnef.body, tnef.codepage), _text(tnef.htmlbody, tnef.codepage))


def _is_walkable(content: bytes) -> bool:
    """Tell whether the library can go through it: at each of its pieces it copies all that follows."""
    at, pieces = 6, 0
    while at + 12 < len(content):
        at += int.from_bytes(content[at + 5 : at + 9], "little") + 11
        pieces += 1
    return pieces * len(content) <= _MOST_COPIED


def _name(file: TNEFAttachment, codepage: str | None) -> str:
    """Return a file's long name, else the short one; the library reads neither but in UTF-8."""
    long = [attribute.data for attribute in file.mapi_attrs if attribute.name == _LONG_FILENAME]
    return one_line(_text(long[0] if long else file._name, codepage), 1_000)


def _file(name: str, content: bytes, number: int) -> Attachment:
    content_type = guess_type(name)[0] or "application/octet-stream"
    filename = clean_filename(name) or made_up_filename(content_type, number)
    return Attachment(filename, content_type, content)


def _with_defect(message: Message) -> Message:
    return replace(message, defects=(*message.defects, "winmail.dat cannot be unpacked"))


def _with_body(message: Message, packed: _Packed) -> Message:
    """Take the body in it for a mail that has none beside it."""
    if message.text.strip() or message.html or not (packed.text or packed.html):
        return message
    return replace(message, html=packed.html, text=packed.text or plain_text(packed.html))


def _text(value: object, codepage: str | None) -> str:
    if isinstance(value, bytes | bytearray):
        value = decode_bytes(bytes(value).rstrip(b"\x00"), codepage or "windows-1252")
    return storable(str(value or ""))
