"""Where a gateway fetches the files of a message that it is asked to send."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from uuid import UUID

from django.core import signing
from django.urls import reverse

from emailhub.accounts.tenancy import company

from .models import Activity, Attachment

SALT = "emailhub.desk.chat_media"
HOURS = 4  # that a gateway has to fetch it
# What phones show. All else is handed out as bytes without a type, so that nothing of it runs here.
PLAIN_TYPES = frozenset(
    f"{kind}/{name}"
    for kind, names in {
        "image": ("jpeg", "png", "gif", "webp"),
        "audio": ("mpeg", "mp4", "ogg", "amr", "aac"),
        "video": ("mp4", "3gpp", "quicktime"),
        "text": ("vcard", "plain"),
        "application": ("pdf",),
    }.items()
    for name in names
)


def media_paths(company_id: int, ids: Sequence[str]) -> list[str]:
    """A path for each of these attachments, good for a few hours."""
    with company(company_id):
        found = {file.public_id: file for file in Attachment.objects.filter(public_id__in=ids)}
    files = [found[UUID(id)] for id in ids if UUID(id) in found]
    return [_path(company_id, file) for file in files]


def media_of(token: str) -> Attachment:
    """The attachment that a path was made for. Raises signing.BadSignature, Attachment.DoesNotExist."""
    value = signing.loads(token, salt=SALT, max_age=HOURS * 3600)
    with company(value[0]):
        sent = Attachment.objects.filter(activity__kind=Activity.Kind.CHAT_SENT)
        file: Attachment = sent.get(public_id=value[1])
        return file


def media_type(file: Attachment) -> str:
    """The type by which it is handed out."""
    return file.content_type if file.content_type in PLAIN_TYPES else "application/octet-stream"


def short_name(filename: str) -> str:
    """At most 20 characters without spaces, its ending kept: longer ones are not shown on phones."""
    name = PurePath(re.sub(r"[^\w.-]+", "_", filename))
    suffix = name.suffix[:6]
    return f"{name.stem[: 20 - len(suffix)]}{suffix}" or "file"


def _path(company_id: int, file: Attachment) -> str:
    token = signing.dumps([company_id, str(file.public_id)], salt=SALT)
    return reverse("text_media", args=[token, short_name(file.filename)])
