"""How a command ends that cannot do what was asked."""

from __future__ import annotations

REFUSED = 1
BAD_SETTING = 78  # EX_CONFIG of sysexits.h: starting again without a change is useless


class CommandError(Exception):
    """A command cannot do what was asked. The message says what to do."""
