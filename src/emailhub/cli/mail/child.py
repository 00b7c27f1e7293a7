"""The child: reads a mail a frame, under limits, and answers each with a frame of JSON."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Mapping

from emailhub.cli.mail import frames
from emailhub.cli.mail.parsed import parsed
from emailhub.cli.mail.rendered import rendered

_SECONDS = 30  # of the processor, for one mail
_MEMORY = 1_500_000_000
_ACTIONS: Mapping[str, Callable[[bytes], dict[str, object]]] = {"parse": parsed, "render": rendered}


def serve(action: Callable[[bytes], dict[str, object]]) -> None:
    """Answer until standard input ends."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    while (raw := frames.read(sys.stdin.buffer)) is not None:
        _allow_seconds()
        frames.write(sys.stdout.buffer, json.dumps(action(raw)).encode())


def _allow_seconds() -> None:
    """Let the kernel end this process if the next mail takes too long. Earlier mails don't count."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + _SECONDS
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    if hard != resource.RLIM_INFINITY:
        until = min(until, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (until, hard))


if __name__ == "__main__":
    serve(_ACTIONS[sys.argv[1]])
