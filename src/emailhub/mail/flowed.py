"""text/plain; format=flowed (RFC 3676)."""

from __future__ import annotations

_SIGNATURE = "-- "


def unflow(text: str, *, delete_space: bool) -> str:
    """Join the soft-broken lines of a flowed text; quote marks come out as "> "."""
    paragraphs: list[tuple[int, list[str]]] = []
    open_depth: int | None = None  # the quote depth of a paragraph that goes on in the next line
    for raw_line in text.split("\n"):
        depth, line = _quote_depth(raw_line)
        flows = line.endswith(" ") and line != _SIGNATURE
        if flows and delete_space:
            line = line[:-1]
        if open_depth == depth and line != _SIGNATURE:
            paragraphs[-1][1].append(line)
        else:
            paragraphs.append((depth, [line]))
        open_depth = depth if flows else None
    return "\n".join(_quoted(depth, "".join(lines)) for depth, lines in paragraphs)


def _quote_depth(line: str) -> tuple[int, str]:
    unquoted = line.lstrip(">")
    return len(line) - len(unquoted), unquoted.removeprefix(" ")


def _quoted(depth: int, line: str) -> str:
    return f"{'>' * depth} {line}" if depth else line
