"""How large a soak test is: full for `make test-all`, a part of it for the sample that guards main."""

from __future__ import annotations

import os

IS_LONG = "EMAILHUB_SOAK_SCALE" in os.environ  # else it is `make test`, which must be quick
SCALE = float(os.environ.get("EMAILHUB_SOAK_SCALE", "1"))
SEED = int(os.environ.get("EMAILHUB_SOAK_SEED", "1"))


def scaled(full: int) -> int:
    """Return the part of the full number that this run is to do; at least one."""
    return max(1, round(full * SCALE))
