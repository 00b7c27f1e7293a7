"""The trace that grows while a decision is taken."""

from __future__ import annotations

from emailhub.rules.codes import Code
from emailhub.rules.decision import Step


class Trace:
    """Steps in the order in which they were taken. One decision owns it; nobody else sees it."""

    def __init__(self) -> None:
        self._steps: list[Step] = []

    def add(self, code: Code, **detail: str | int) -> None:
        self._steps.append(Step(code, tuple(detail.items())))

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(self._steps)
