"""Files that a form without a script brings along."""

from __future__ import annotations

from emailhub.desk.models import Attachment
from emailhub.desk.uploads import upload

from .requests import AdvisorRequest


def keep_files(request: AdvisorRequest) -> list[Attachment]:
    """Keep the files of the field `files` as uploads of the advisor."""
    return [
        upload(
            request.advisor,
            filename=file.name or "",
            content_type=file.content_type or "",
            content=file.read(),
        )
        for file in request.FILES.getlist("files")
    ]
