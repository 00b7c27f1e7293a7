"""Where the bytes lie: can they be written and read, is there room, and are all of them whole?"""

from __future__ import annotations

import shutil
from collections.abc import Iterator

from django.conf import settings

from emailhub import store
from emailhub.cli.check.finding import Finding, failed, ok, warning

_PROBE = b"emailhub check\n"
_GIGABYTE = 1_000_000_000
_LOW = 2 * _GIGABYTE
_SHOWN = 20  # faults that are named one by one


def look() -> Iterator[Finding]:
    yield _writable()
    yield _room()


def _writable() -> Finding:
    """One small file of the operator's is written as a mail is, and read again. It stays, always the same."""
    check = "storage.writable"
    try:
        whole = store.get(None, store.put(None, _PROBE)) == _PROBE
    except (OSError, store.MissingError) as error:
        return failed(check, f"a file could not be written and read: {error}")
    return ok(check, "a file was written and read") if whole else failed(check, "a file was read otherwise")


def _room() -> Finding:
    usage = shutil.disk_usage(settings.DATA_ROOT)
    words = f"{usage.free / _GIGABYTE:.1f} GB of {usage.total / _GIGABYTE:.1f} GB are free"
    figures = {"free_bytes": usage.free, "total_bytes": usage.total}
    if usage.free < 4 * settings.MAX_MESSAGE_SIZE:
        return failed("storage.room", f"{words}: mail is about to be refused (452 4.3.1)", **figures)
    say = warning if usage.free < max(_LOW, usage.total // 20) else ok
    return say("storage.room", words, **figures)


def look_at_files() -> Iterator[Finding]:
    """Read every file that a row names. Takes as long as reading all of them takes."""
    from emailhub.cli.stored_files import faults

    number = 0
    for number, fault in enumerate(faults(), start=1):
        if number <= _SHOWN:
            yield failed("storage.files", f"{fault.name} is {fault.what}", file=fault.name, fault=fault.what)
    if number:
        yield failed(
            "storage.files", f"{number} stored files cannot be handed out; restore them", faults=number
        )
    else:
        yield ok("storage.files", "every stored file is there and whole", faults=0)
