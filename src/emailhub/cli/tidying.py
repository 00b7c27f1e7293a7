"""Once a day one of the workers tidies up the stored files, as `emailhub stored-files --collect` does."""

from __future__ import annotations

from dataclasses import asdict

import structlog
from django.core.cache import cache

from emailhub.cli.errors import CommandError
from emailhub.cli.stored_files import tidy
from emailhub.store import BehindWallsError

_MARK = "stored-files-tidied"
_DAY = 24 * 3600  # seconds
log = structlog.get_logger()


def tidy_once_a_day() -> None:
    """Tidy unless a worker did so within the last day. What cannot be done now is done tomorrow."""
    if not cache.add(_MARK, True, timeout=_DAY):
        return
    try:
        log.info("tidied the stored files", **asdict(tidy()))
    except (BehindWallsError, CommandError) as error:
        log.warning("the stored files were not tidied", error=str(error))
