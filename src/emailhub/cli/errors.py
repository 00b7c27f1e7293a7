"""How a command ends that cannot do what was asked."""

from __future__ import annotations

REFUSED = 1
BAD_SETTING = 78  # EX_CONFIG of sysexits.h: starting again without a change is useless


class CommandError(Exception):
    """A command cannot do what was asked. The message says what to do."""


def expected() -> tuple[type[Exception], ...]:
    """The errors that end a command with a sentence instead of a traceback."""
    from django.db import OperationalError

    from emailhub.configuration import ConfigurationError
    from emailhub.postgres import PostgresError

    return CommandError, ConfigurationError, OperationalError, OSError, PostgresError


def words_of(error: Exception) -> str | None:
    """What to say of an expected error. None: it is no matter of the operator's after all."""
    from django.db import OperationalError

    if isinstance(error, OperationalError):
        return f"the database cannot be used: {' '.join(str(error).split())}"
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename is not None else None
    return str(error)


def code_of(error: Exception) -> int:
    """The exit code that goes with it."""
    from emailhub.configuration import ConfigurationError

    return BAD_SETTING if isinstance(error, ConfigurationError) else REFUSED
