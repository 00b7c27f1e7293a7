"""Folding history and signature of a plain-text mail (RFC 3676 quotes: ">" at the beginning of a line)."""

from __future__ import annotations

from dataclasses import dataclass

from emailhub.mail.history import Line, Mark, history
from emailhub.mail.signatures import signature


@dataclass(frozen=True, slots=True)
class Folded:
    """A body in pieces: what the sender wrote, what the client quoted, the signature. No text is lost."""

    visible: str
    history: str = ""
    signature: str = ""


def fold_text(text: str, *, subject: str = "") -> Folded:
    """Return a text with its history and its signature apart. A forward (by subject or words) stays whole."""
    raw_lines = text.splitlines(keepends=True)
    lines = [_line(raw) for raw in raw_lines]
    folded = history(lines, subject=subject)
    signed = signature(lines, folded, subject=subject)
    shown = [not (gone or signs) for gone, signs in zip(folded, signed, strict=True)]
    pieces = (
        "".join(raw for raw, kept in zip(raw_lines, keep, strict=True) if kept)
        for keep in (shown, folded, signed)
    )
    return Folded(*pieces)


def _line(raw: str) -> Line:
    stripped = raw.lstrip(" ")
    if stripped.startswith(">") and len(raw) - len(stripped) < 3:
        return Line(stripped.lstrip("> ").rstrip(), Mark.QUOTED)
    return Line(raw.strip())
