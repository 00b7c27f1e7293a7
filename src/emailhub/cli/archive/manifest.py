"""What a back-up says of itself, at its beginning and at its end."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from django.utils.crypto import salted_hmac

from emailhub.cli.errors import CommandError

FORMAT = 1
MANIFEST, DATABASE, END = "emailhub-backup.json", "database.sql.gz", "end.json"
FILES = "files/"


class BadArchiveError(CommandError):
    """This file is no back-up, is damaged, or is of a version that we cannot read."""


@dataclass(frozen=True)
class _Lines:
    """Fields that are kept as one JSON object."""

    def to_json(self) -> bytes:
        return json.dumps(asdict(self), indent=1).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Raises BadArchiveError for what is not ours."""
        try:
            return cls(**json.loads(content))
        except (ValueError, TypeError) as error:
            raise BadArchiveError("this is no back-up of EmailHub, or it is damaged") from error


@dataclass(frozen=True)
class Manifest(_Lines):
    """The beginning. Versions are text, `taken_at` an instant of ISO 8601."""

    format: int
    version: str
    taken_at: str
    server_version: str
    dump_version: str
    key_mark: str  # by which another EMAILHUB_SECRET_KEY is noticed, and nothing is learned of this one
    migrations: list[str]

    @classmethod
    def from_json(cls, content: bytes) -> Self:
        """Raises BadArchiveError, also for a format of the future, whose fields may be others."""
        _refuse_later_format(content)
        return super().from_json(content)

    @property
    def instant(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)

    @property
    def server_major(self) -> int:
        return major(self.server_version)

    @property
    def dump_major(self) -> int:
        return major(self.dump_version)


@dataclass(frozen=True)
class End(_Lines):
    """The end. `faults` are files that the database names and that were missing or damaged: [name, what]."""

    manifest_sha256: str
    database_sha256: str
    files: int
    bytes: int
    faults: list[list[str]]


def key_mark() -> str:
    """The mark of this installation's key: too short to tell one key from all others, enough from one."""
    return salted_hmac("emailhub.cli.archive", "key").hexdigest()[:8]


def major(version: str) -> int:
    return int(version.partition(".")[0])


def _refuse_later_format(content: bytes) -> None:
    try:
        fields: Any = json.loads(content)
        later = isinstance(fields, dict) and int(fields.get("format", 0)) > FORMAT
    except (ValueError, TypeError):
        return
    if later:
        raise BadArchiveError(
            f"this back-up was made by EmailHub {fields.get('version')}, in a form that this version does"
            " not know: restore it with that version or a newer one"
        )
