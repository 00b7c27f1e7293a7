"""Which lines of a mail are the signature: by the client's mark, by RFC 3676 4.3, or by a phone's words.

When in doubt a line is shown. A signature ends what the sender wrote; what stands below one is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from emailhub.mail.attributions import is_forward_line
from emailhub.mail.history import Line, Mark
from emailhub.mail.subjects import is_forward

_MOST_LINES = 15  # more is somebody's text in the wrong place
_MARK = ("--", "-- ", "—")
_MAX_PHONE_LINE = 100
_PHONE = re.compile(
    r"(?:sent (?:from|with|via)|get outlook for|enviado (?:desde|con|do|a partir d[eo]|através d[eo])"
    r"|obtener outlook|envoyé (?:de(?:puis)?|avec|à partir d)|obtenez outlook"
    r"|(?:von|mit) (?:mein\w+|der|dem|outlook|gmx|web\.de)\b.{0,60}\b(?:gesendet|geschickt|verschickt)"
    r"|gesendet (?:von|mit|mithilfe)"
    r"|diese nachricht wurde von mein\w+ .{0,60}gesendet|holen sie sich outlook|inviato d[ao]|scarica outlook"
    r"|obter (?:o )?outlook|wysłan[eo] z|pobierz (?:program )?outlook"
    r"|ver(?:stuurd|zonden) (?:vanaf|vanuit|met|via)"
    r"|outlook voor|yahoo mail)\b",
    re.IGNORECASE,
)


def signature(lines: Sequence[Line], folded: Sequence[bool], *, subject: str = "") -> list[bool]:
    """Return for each line whether it is the signature; `folded` says which ones are history.

    None is in a forward, whose signatures are somebody else's, or if nothing else would be left.
    """
    nothing = [False] * len(lines)
    own = [number for number, line in enumerate(lines) if not folded[number] and not line.blank]
    if is_forward(subject) or any(is_forward_line(lines[number].text) for number in own):
        return nothing
    signed = _marked(lines, own) or _below_mark(lines, own) or _phone_line(lines, own)
    if not signed or len(signed) > _MOST_LINES or len(signed) == len(own):
        return nothing
    first, last = signed[0], signed[-1]
    return [first <= number <= last and not folded[number] for number in range(len(lines))]


def _marked(lines: Sequence[Line], own: Sequence[int]) -> list[int]:
    """Return the lines at the end that the client marked, with the "-- " above them."""
    at = len(own)
    while at and lines[own[at - 1]].mark is Mark.SIGNATURE:
        at -= 1
    if at < len(own) and at and lines[own[at - 1]].text.strip() in _MARK:
        at -= 1
    return list(own[at:])


def _below_mark(lines: Sequence[Line], own: Sequence[int]) -> list[int]:
    """Return what stands below the last line that is "-- " and nothing else, with that line."""
    for at in range(len(own) - 1, max(len(own) - _MOST_LINES - 1, -1), -1):
        if lines[own[at]].text.strip() == "--":
            return list(own[at:]) if at < len(own) - 1 else []
    return []


def _phone_line(lines: Sequence[Line], own: Sequence[int]) -> list[int]:
    """Return the last line if a phone or a web mail wrote it by itself."""
    text = lines[own[-1]].text.strip() if own else ""
    return [own[-1]] if len(text) <= _MAX_PHONE_LINE and _PHONE.match(text) else []
