"""What a check found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"  # works now, but somebody should look at it
    FAILED = "failed"  # must be put right


@dataclass(frozen=True)
class Finding:
    """One line of `emailhub check`: what was looked at, how it is, and the figures behind it."""

    check: str
    level: Level
    message: str
    figures: Mapping[str, object] = field(default_factory=dict)

    def line(self) -> dict[str, object]:
        """As JSON has it."""
        return {"check": self.check, "level": self.level, "message": self.message, **self.figures}


Check = Callable[[], Iterator[Finding]]


def ok(check: str, message: str, **figures: object) -> Finding:
    return Finding(check, Level.OK, message, figures)


def warning(check: str, message: str, **figures: object) -> Finding:
    return Finding(check, Level.WARNING, message, figures)


def failed(check: str, message: str, **figures: object) -> Finding:
    return Finding(check, Level.FAILED, message, figures)
