"""Files that come with a form, or each by itself."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile

from emailhub.accounts.models import Advisor
from emailhub.desk.models import Attachment
from emailhub.desk.uploads import upload_file

from .requests import AdvisorRequest


def keep_files(request: AdvisorRequest) -> list[Attachment]:
    """Keep the files of the field `files` as uploads of the advisor."""
    return [keep_file(request.advisor, file) for file in request.FILES.getlist("files")]


def keep_file(advisor: Advisor, file: UploadedFile[Any]) -> Attachment:
    """Keep one, however large, without taking it into memory."""
    return upload_file(
        advisor,
        filename=file.name or "",
        content_type=file.content_type or "",
        file=cast(BinaryIO, file),
        size=file.size or 0,
    )
