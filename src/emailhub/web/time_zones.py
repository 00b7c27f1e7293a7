"""The time zones that a form offers."""

from __future__ import annotations

from zoneinfo import available_timezones


def zone_choices() -> list[tuple[str, str]]:
    """Those that are named after a place, by name, as a select takes them."""
    zones = sorted(zone for zone in available_timezones() if "/" in zone)
    return [(zone, zone.replace("_", " ")) for zone in zones]
