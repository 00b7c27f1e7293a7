"""Read a raw mail without risking the worker: large mails, and those that failed before, in a limited child."""

from __future__ import annotations

import pickle
import resource
import subprocess
import sys

from emailhub import mail

LARGE = 1_000_000  # octets
_SECONDS = 30
_MEMORY = 1_500_000_000


class UnreadableError(Exception):
    """The child that read this mail died or ran out of time or memory."""


def read_mail(raw: bytes, *, failed_before: bool = False) -> mail.Message:
    """Parse a mail. Raises UnreadableError; the raw bytes are kept whatever happens."""
    if len(raw) < LARGE and not failed_before:
        return mail.parse(raw)
    return _read_in_child(raw)


def _read_in_child(raw: bytes) -> mail.Message:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "emailhub.intake.limited"],
            input=raw,
            capture_output=True,
            timeout=_SECONDS * 2,
            preexec_fn=_limit,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(f"not read within {_SECONDS * 2} seconds") from error
    if done.returncode != 0:
        raise UnreadableError(
            f"the reader ended with {done.returncode}: {done.stderr[-500:].decode(errors='replace')}"
        )
    message = pickle.loads(done.stdout)  # noqa: S301  (our own child wrote it)
    assert isinstance(message, mail.Message)
    return message


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
