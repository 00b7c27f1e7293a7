"""Read a mail without risking the worker: in a limited child if it is large, packed, or failed before."""

from __future__ import annotations

import faulthandler
import pickle
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import NamedTuple

from emailhub import mail

LARGE = 1_000_000  # octets
LONGEST_TEXT = 1_000_000  # characters of a body that are kept beside the raw bytes
LONGEST_HTML = 4_000_000
_LEFT_OUT = "\n[…]"
_SECONDS = 30
_HANG = 120.0  # seconds after which reading a small mail is taken for a loop without end
_MEMORY = 1_500_000_000


class UnreadableError(Exception):
    """The child that read this mail died or ran out of time or memory."""


class Read(NamedTuple):
    """A mail as read, and what its sender wrote without the history."""

    message: mail.Message
    new_text: str


def read_mail(raw: bytes, *, failed_before: bool = False) -> Read:
    """Read a mail. Raises UnreadableError; the raw bytes are kept whatever happens."""
    if len(raw) >= LARGE or failed_before or mail.may_be_packed(raw):
        return _read_in_child(raw, unpack=not failed_before)  # what was packed may be why it failed
    with _worker_ends_rather_than_hangs():
        return read_here(raw)


def read_here(raw: bytes, *, unpack: bool = False) -> Read:
    """Read a mail in this process, without limits. A body that nobody reads to its end is cut.

    Only a process that may end is told to `unpack` what is in a winmail.dat.
    """
    message = mail.parse(raw)
    message = _shortened(mail.unpack(message) if unpack else message)
    return Read(message, mail.new_text(message))


def _shortened(message: mail.Message) -> mail.Message:
    if len(message.html) > LONGEST_HTML:
        message = replace(message, html="")  # its text is shown instead
    if len(message.text) > LONGEST_TEXT:
        message = replace(message, text=message.text[:LONGEST_TEXT] + _LEFT_OUT)
    return message


@contextmanager
def _worker_ends_rather_than_hangs() -> Iterator[None]:
    """End this process if the block takes for ever; the next one reads the mail in a child."""
    faulthandler.dump_traceback_later(_HANG, exit=True, file=2)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def _read_in_child(raw: bytes, *, unpack: bool) -> Read:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "emailhub.intake.limited", *(["--unpack"] if unpack else [])],
            input=raw,
            capture_output=True,
            timeout=_SECONDS * 2,
            preexec_fn=_limit,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(f"not read within {_SECONDS * 2} seconds") from error
    if done.returncode != 0:
        raise UnreadableError(f"the reader ended with {done.returncode}: {_last_line(done.stderr)}")
    read = pickle.loads(done.stdout)  # noqa: S301  (our own child wrote it)
    assert isinstance(read, Read)
    return read


def _last_line(output: bytes) -> str:
    """The last line that is a sentence: of a traceback the error itself."""
    return (output.decode(errors="replace").strip().splitlines() or ["it said nothing"])[-1][:500]


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
