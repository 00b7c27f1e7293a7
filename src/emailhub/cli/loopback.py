"""The demo's log-ins are printed for everybody at the terminal: it listens to this machine alone."""

from __future__ import annotations

from emailhub.cli.errors import CommandError
from emailhub.configuration import read

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def refuse_open_address(name: str) -> None:
    """Raise CommandError if the variable names an address that others can reach."""
    if read(name) not in LOOPBACK:
        raise CommandError(f"{name} is {read(name)}: a demo listens on 127.0.0.1 alone")


def refuse_open_demo(name: str) -> None:
    """The same, where the data is a demo's."""
    from emailhub.accounts.models import Company

    if Company.objects.filter(is_demo=True).exists():
        refuse_open_address(name)
