"""Commands that speak JSON: one object a line."""

from __future__ import annotations

import json
from collections.abc import Mapping


def print_line(line: Mapping[str, object]) -> None:
    """Print an object as one line. Only ASCII: no program takes a character in it for the line's end."""
    print(json.dumps(line))
