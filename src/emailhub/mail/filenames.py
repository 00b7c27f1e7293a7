"""Names of attachments: cleaned for display and download, never used as a path."""

from __future__ import annotations

import re
import unicodedata

from emailhub.mail.storable import one_line

MAX_LENGTH = 150
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|\Z)", re.I)  # names of devices in Windows
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "message/global": ".eml",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "text/html": ".html",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "application/pdf": ".pdf",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "audio/mpeg": ".mp3",
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "application/zip": ".zip",
    "application/ms-tnef": ".dat",
    "application/pgp-encrypted": ".txt",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
    "message/delivery-status": ".txt",
    "text/rfc822-headers": ".txt",
    "text/vcard": ".vcf",
    "text/x-vcard": ".vcf",
    "text/csv": ".csv",
}


def clean_filename(name: str) -> str:
    """Return the last component of `name`, safe on every file system, or "" if nothing is left.

    Invisible characters go (a name must look like what it is), as do leading dots.
    """
    name = unicodedata.normalize("NFC", one_line(name[-4 * MAX_LENGTH :], 4 * MAX_LENGTH))
    name = re.split(r"[/\\]", name)[-1]
    name = _FORBIDDEN.sub("_", name).lstrip(". ").rstrip(". ")
    if _RESERVED.match(name):
        name = "_" + name
    return _shortened(name)


def _shortened(name: str) -> str:
    """Cut in the middle, so that the extension stays."""
    if len(name) <= MAX_LENGTH:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 16:
        return name[:MAX_LENGTH].rstrip(". ")
    return stem[: MAX_LENGTH - len(extension) - 1].rstrip(". ") + dot + extension


def made_up_filename(content_type: str, number: int) -> str:
    """Return a name for the attachment without one, by its type and its place in the mail."""
    extension = _EXTENSIONS.get(content_type) or (".txt" if content_type.startswith("text/") else ".bin")
    return f"attachment-{number}{extension}"


def distinct_filenames(names: list[str]) -> list[str]:
    """Number the names that occur more than once: "scan.pdf", "scan (2).pdf"."""
    taken = {name.casefold() for name in names}
    seen: set[str] = set()
    following: dict[str, int] = {}
    distinct: list[str] = []
    for name in names:
        chosen, key = name, name.casefold()
        stem, dot, extension = name.rpartition(".")
        while chosen.casefold() in seen or (chosen != name and chosen.casefold() in taken):
            following[key] = following.get(key, 1) + 1
            chosen = f"{stem} ({following[key]}).{extension}" if dot else f"{name} ({following[key]})"
        seen.add(chosen.casefold())
        distinct.append(chosen)
    return distinct
