"""Files that an advisor has uploaded and not yet sent."""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO
from typing import BinaryIO
from uuid import UUID

from emailhub import mail, store
from emailhub.accounts.models import Advisor

from .models import Activity, Attachment, Ticket


def upload(advisor: Advisor, *, filename: str, content_type: str, content: bytes) -> Attachment:
    """Keep a file for a draft. Only its uploader sees it until a message or note holds it."""
    file = BytesIO(content)
    return upload_file(advisor, filename=filename, content_type=content_type, file=file, size=len(content))


def upload_file(
    advisor: Advisor, *, filename: str, content_type: str, file: BinaryIO, size: int
) -> Attachment:
    """The same for a file that may be larger than memory."""
    return Attachment.objects.create(
        company_id=advisor.company_id,
        uploaded_by=advisor,
        filename=mail.clean_filename(filename),
        content_type=content_type[:255] or "application/octet-stream",
        size=size,
        content_key=store.put_file(advisor.company_id, file),
    )


def own_uploads(advisor: Advisor, ids: Collection[UUID]) -> list[Attachment]:
    """Those of these files that the advisor uploaded and that no message holds, in the given order."""
    found = {
        attachment.public_id: attachment
        for attachment in Attachment.objects.filter(
            public_id__in=ids, uploaded_by=advisor, activity__isnull=True
        )
    }
    return [found[id] for id in dict.fromkeys(ids) if id in found]


def remove_upload(advisor: Advisor, public_id: UUID) -> None:
    """Forget a file that was not sent. Its bytes stay: another row may hold the same content."""
    Attachment.objects.filter(public_id=public_id, uploaded_by=advisor, activity__isnull=True).delete()


def attach(
    activity: Activity, ids: Collection[UUID], *, by: Advisor, content_ids: dict[UUID, str] | None = None
) -> list[Attachment]:
    """Make uploads the attachments of an activity. `content_ids` names those that are shown in place."""
    content_ids = content_ids or {}
    attachments = own_uploads(by, ids)
    for attachment in attachments:
        attachment.activity, attachment.ticket = activity, activity.ticket
        attachment.content_id = content_ids.get(attachment.public_id, "")
        attachment.is_inline = attachment.public_id in content_ids
        attachment.save(update_fields=["activity", "ticket", "content_id", "is_inline"])
    if any(not attachment.is_inline for attachment in attachments):
        Ticket.objects.filter(pk=activity.ticket_id).update(has_attachments=True)
    return attachments
