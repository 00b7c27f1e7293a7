"""Which lines of a mail are its history: what the client quoted, and not what the sender wrote.

One set of rules for text and for HTML. When in doubt a line is shown: nothing that somebody wrote is hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from emailhub.mail.attributions import (
    answers_within,
    begins_attribution,
    header_block,
    is_attribution,
    is_forward_line,
    is_rule,
    is_separator,
    names_time_or_address,
)
from emailhub.mail.subjects import is_forward


class Mark(Enum):
    """What the client's own markup says of a line."""

    NONE = auto()
    QUOTED = auto()  # within a quotation
    BOXED = auto()  # within a blockquote that may be mere layout
    ATTRIBUTION = auto()  # says who wrote what follows
    OPENS = auto()  # all from here on is history
    SIGNATURE = auto()  # within the sender's signature


@dataclass(slots=True)
class Line:
    """A line as the reader sees it, without the signs of quoting."""

    text: str
    mark: Mark = Mark.NONE
    picture: bool = False

    @property
    def blank(self) -> bool:
        return not self.picture and not self.text.strip(" \t\r\n\xa0\u200b\u200c\ufeff>")


@dataclass(frozen=True, slots=True)
class _Run:
    """Lines [start, end) that are quoted, with their attribution if `attributed`."""

    start: int
    end: int
    attributed: bool


def history(lines: Sequence[Line], *, subject: str = "") -> list[bool]:
    """Return for each line whether it is history. None is in a forward, or if nothing else would be left."""
    shown = [False] * len(lines)
    if is_forward(subject):
        return shown
    _settle_boxes(lines)
    opening = _opening(lines)
    runs = _runs(lines, opening)
    folded = _foldable(lines, runs, opening)
    if opening < len(lines):
        folded.append(_Run(opening, len(lines), attributed=True))
    if not folded or _forwarded(lines, folded[0].start):
        return shown
    result = [any(run.start <= number < run.end for run in folded) for number in range(len(lines))]
    return _with_gaps(lines, result) if _leaves_something(lines, result) else shown


def _settle_boxes(lines: Sequence[Line]) -> None:
    """Take a blockquote for a quotation if an attribution stands above it or is its first line."""
    number = 0
    while number < len(lines):
        end = _end_of_box(lines, number)
        if end > number:
            first = next((line.text for line in lines[number:end] if not line.blank), "")
            head = [line.text for line in lines[number:end]]
            quoted = is_attribution(first) or header_block(head) or _attribution_above(lines, number) < number
            for line in lines[number:end]:
                if line.mark is Mark.BOXED:
                    line.mark = Mark.QUOTED if quoted else Mark.NONE
        number = max(end, number + 1)


def _end_of_box(lines: Sequence[Line], start: int) -> int:
    """Return the end of the box that begins at `start`, with the quotations in it; `start` if none does."""
    end = start
    while end < len(lines) and lines[end].mark in (
        (Mark.BOXED, Mark.QUOTED) if end > start else (Mark.BOXED,)
    ):
        end += 1
    return end


def _attribution_above(lines: Sequence[Line], start: int) -> int:
    """Return where the attribution (up to four lines) or header block above `start` begins, or `start`."""
    last = start - 1
    while last >= 0 and last > start - 9 and lines[last].blank and lines[last].mark is not Mark.QUOTED:
        last -= 1
    if last < 0 or lines[last].blank or lines[last].mark is Mark.QUOTED:
        return start
    if lines[last].mark is Mark.ATTRIBUTION:
        while last > 0 and lines[last - 1].mark is Mark.ATTRIBUTION:
            last -= 1
        return last
    for first in range(last, max(last - 4, -1), -1):
        if lines[first].blank or lines[first].mark is Mark.QUOTED:
            break
        if is_attribution(" ".join(line.text.strip() for line in lines[first : last + 1])):
            return _wrapped_above(lines, first)
    return start - _block_above(lines, start, last)


def _wrapped_above(lines: Sequence[Line], first: int) -> int:
    """Return the line with the date, where the name that follows it stands on a line of its own."""
    if begins_attribution(lines[first].text):
        return first
    for above in range(first - 1, max(first - 3, -1), -1):
        if lines[above].blank or lines[above].mark is Mark.QUOTED:
            break
        if begins_attribution(lines[above].text):
            return above
    return first


def _block_above(lines: Sequence[Line], start: int, last: int) -> int:
    """Return how many lines above `start` are a separator or header block that ends at `last`."""
    for first in range(last, max(last - 8, -1), -1):
        texts = [line.text for line in lines[first : last + 1]]
        if is_separator(texts[0]) or header_block(texts) == len(texts):
            above = first - 1
            return start - (above if above >= 0 and is_separator(lines[above].text) else first)
    return 0


def _opening(lines: Sequence[Line]) -> int:
    """Return the first line from which on all is history, or len(lines)."""
    for number, line in enumerate(lines):
        if line.mark is Mark.QUOTED or line.blank:
            continue
        if line.mark is Mark.OPENS:
            return _with_rule(lines, number)
        after = _after_opening(lines, number)
        if after and not _quoted_next(lines, after):
            return _with_rule(lines, number)
    return len(lines)


def _after_opening(lines: Sequence[Line], number: int) -> int:
    """Return the line after a separator, header block or undoubted attribution at `number`, or 0."""
    if is_separator(lines[number].text):
        return number + 1
    if block := header_block([line.text for line in lines[number : number + 14]]):
        return number + block
    for end in range(number + 1, min(number + 4, len(lines)) + 1):
        if lines[end - 1].blank:
            break
        text = " ".join(line.text.strip() for line in lines[number:end])
        if is_attribution(text) and names_time_or_address(text):
            return end
    return 0


def _quoted_next(lines: Sequence[Line], number: int) -> bool:
    """Return whether the next thing is marked as quoted, or nothing: the marks say how far it reaches."""
    rest = lines[number : number + 60]
    block = next((n for n, line in enumerate(rest) if not line.blank), len(rest))
    block += header_block([line.text for line in rest[block : block + 14]])
    line = next((line for line in rest[block:] if not line.blank), None)
    return line is None or line.mark is Mark.QUOTED


def _with_rule(lines: Sequence[Line], number: int) -> int:
    above = next((n for n in range(number - 1, max(number - 4, -1), -1) if not lines[n].blank), -1)
    return above if above >= 0 and is_rule(lines[above].text) and lines[above].mark is Mark.NONE else number


def _runs(lines: Sequence[Line], end: int) -> list[_Run]:
    """Return the quotations before `end`; blank lines between two pieces belong to one."""
    runs: list[_Run] = []
    number = 0
    while number < end:
        if lines[number].mark is not Mark.QUOTED:
            number += 1
            continue
        stop = number
        for other in range(number, end):
            if lines[other].mark is Mark.QUOTED:
                stop = other + 1
            elif not lines[other].blank:
                break
        start = _attribution_above(lines, number)
        first = next((line.text for line in lines[number:stop] if not line.blank), "")
        if any(not line.blank for line in lines[number:stop]):
            runs.append(_Run(start, stop, attributed=start < number or is_attribution(first)))
        number = stop
    return runs


def _foldable(lines: Sequence[Line], runs: list[_Run], end: int) -> list[_Run]:
    """Return the runs to fold: none of an interleaved answer.

    A quotation with the sender's words below it is folded if it is the only one, and is attributed or stands
    on top (an answer below the quote); without that it is a piece that the sender chose, and answers.
    """
    if not runs:
        return []
    last = runs[-1]
    ends_it = end == len(lines) and all(line.blank for line in lines[last.end : end])
    if len(runs) > 1:
        return [last] if ends_it and last.attributed and not runs[0].attributed else []
    on_top = all(line.blank for line in lines[: last.start])
    return [last] if ends_it or last.attributed or on_top else []


def _forwarded(lines: Sequence[Line], start: int) -> bool:
    """Return whether the history is something forwarded: its own first line, or one above it, says so."""
    first = next((line for line in lines[start:] if not line.blank), None)
    above = (line for line in lines[:start] if line.mark is not Mark.QUOTED)
    return any(is_forward_line(line.text) for line in above) or (
        first is not None and is_forward_line(first.text)
    )


def _leaves_something(lines: Sequence[Line], folded: list[bool]) -> bool:
    left = [line for line, gone in zip(lines, folded, strict=True) if not gone and not line.blank]
    return bool(left) and not answers_within("\n".join(line.text for line in left))


def _with_gaps(lines: Sequence[Line], folded: list[bool]) -> list[bool]:
    """Fold the blank lines above history too, and those below it."""
    result = list(folded)
    for number in range(len(lines) - 1, 0, -1):
        result[number - 1] |= result[number] and lines[number - 1].blank
    for number in range(1, len(lines)):
        result[number] |= result[number - 1] and lines[number].blank
    return result
