"""Have mails read by a child under limits: if one ends it, the next mail gets another child."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from types import TracebackType
from typing import IO, Any, Self

from emailhub.cli.files import UnreadableError
from emailhub.cli.mail import frames

_LONGEST = 120.0  # seconds for one mail by the clock; the child allows itself fewer of the processor's


class Reader:
    """Reads one mail after another in a limited child, which is begun when it is needed."""

    def __init__(self, action: str) -> None:
        self._action = action
        self._child: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  (closed with the reader)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._child is not None:
            self._child.kill()  # it holds nothing that would be lost
        self._end()
        self._complaints.close()

    def read(self, raw: bytes) -> dict[str, Any]:
        """What the child says of a mail. Raises UnreadableError; the next mail is read all the same."""
        child = self._running()
        limit = threading.Timer(_LONGEST, child.kill)
        limit.start()
        try:
            answer = _ask(child, raw)
        finally:
            limit.cancel()
        if answer is None:
            raise UnreadableError(self._last_words())
        read: dict[str, Any] = json.loads(answer)
        return read

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._complaints.seek(0)
            self._complaints.truncate()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "emailhub.cli.mail.child", self._action],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
            )
        return self._child

    def _last_words(self) -> str:
        """How the child ended, and the last line that it said: of a traceback the error itself."""
        code = self._end()
        self._complaints.seek(0)
        said = self._complaints.read().decode(errors="replace").strip().splitlines()
        return f"the reader ended with {code}: {(said or ['it said nothing'])[-1][:500]}"

    def _end(self) -> int:
        child, self._child = self._child, None
        if child is None:
            return 0
        child.communicate()  # closes its standard input, by which it ends
        return child.returncode


def _ask(child: subprocess.Popen[bytes], raw: bytes) -> bytes | None:
    """Hand a mail over and take the answer; None if the child has ended."""
    assert child.stdin and child.stdout
    try:
        frames.write(child.stdin, raw)
    except BrokenPipeError:
        return None
    return frames.read(child.stdout)
