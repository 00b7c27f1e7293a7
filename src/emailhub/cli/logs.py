"""One line a log entry on standard error: for people at a terminal, as JSON elsewhere.

No entry holds a secret or what a customer wrote: see tracebacks.py and secrets.py beside this.
"""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import Processor

from emailhub.cli.secrets import hide_secrets
from emailhub.cli.tracebacks import plain_traceback, write_traceback
from emailhub.configuration import read


def configure() -> None:
    """Send structlog's and the standard library's entries the same way."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_last_steps())
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("uvicorn.access", "mail.log", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _last_steps() -> list[Processor]:
    """What makes a line of an entry."""
    first: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if _for_people():
        return [*first, hide_secrets, structlog.dev.ConsoleRenderer(exception_formatter=plain_traceback)]
    return [*first, write_traceback, hide_secrets, structlog.processors.JSONRenderer()]


def _for_people() -> bool:
    chosen = read("EMAILHUB_LOGS").lower()
    return chosen == "text" if chosen else sys.stderr.isatty()
