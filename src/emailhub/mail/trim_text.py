"""Folding the history of a plain-text mail (RFC 3676 quotes: ">" at the beginning of a line)."""

from __future__ import annotations

from dataclasses import dataclass

from emailhub.mail.history import Line, Mark, history


@dataclass(frozen=True, slots=True)
class Folded:
    """A body in two: what the sender wrote, and what the client quoted ("" if nothing). No text is lost."""

    visible: str
    history: str = ""


def fold_text(text: str, *, subject: str = "") -> Folded:
    """Return a text with its quoted history apart. A forward (by its subject or its words) stays whole."""
    raw_lines = text.splitlines(keepends=True)
    folded = history([_line(raw) for raw in raw_lines], subject=subject)
    if not any(folded):
        return Folded(text)
    visible = "".join(raw for raw, gone in zip(raw_lines, folded, strict=True) if not gone)
    return Folded(visible, "".join(raw for raw, gone in zip(raw_lines, folded, strict=True) if gone))


def _line(raw: str) -> Line:
    stripped = raw.lstrip(" ")
    if stripped.startswith(">") and len(raw) - len(stripped) < 3:
        return Line(stripped.lstrip("> ").rstrip(), Mark.QUOTED)
    return Line(raw.strip())
