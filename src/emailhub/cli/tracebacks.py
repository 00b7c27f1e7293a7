"""Tracebacks that say where it happened and not with what: values are customers' mail and passwords.

An error of the database names the row that it refused, with all that is in it, below its first line.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from typing import TextIO

from django.db import Error as DjangoDatabaseError
from psycopg import Error as DatabaseError
from structlog.typing import EventDict, ExcInfo, WrappedLogger

_LONGEST = 500  # characters of what an error says


def write_traceback(logger: WrappedLogger, method: str, entry: EventDict) -> EventDict:
    """A structlog processor: put the traceback of `exc_info` under "exception", as text."""
    given = entry.pop("exc_info", None)
    error = given[1] if isinstance(given, tuple) else given if isinstance(given, BaseException) else None
    if given is True:
        error = sys.exception()
    if error is not None:
        entry["exception"] = "".join(_lines(error)).rstrip("\n")
    return entry


def plain_traceback(stream: TextIO, exc_info: ExcInfo) -> None:
    """The same for structlog's console renderer."""
    stream.write("\n" + "".join(_lines(exc_info[1])))


def _lines(error: BaseException) -> Iterator[str]:
    """The chain of errors, the first cause first, as Python prints it."""
    if error.__cause__ is not None:
        yield from _lines(error.__cause__)
        yield "\nThe above exception was the direct cause of the following exception:\n\n"
    elif error.__context__ is not None and not error.__suppress_context__:
        yield from _lines(error.__context__)
        yield "\nDuring handling of the above exception, another exception occurred:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__module__}.{type(error).__qualname__}: {_words(error)}\n"


def _words(error: BaseException) -> str:
    words = str(error)
    if isinstance(error, DatabaseError | DjangoDatabaseError):
        words = words.partition("\n")[0]
    return words[:_LONGEST]
