"""Nothing is dropped silently: all that was accepted waits, or has exactly one fate that can be shown.

Counted by delivery (mail x receiving team), in one query and so at one instant.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connections

from emailhub.cli.check.finding import Finding, failed, ok

_SHOWN = 20  # deliveries that are named one by one
# What became of a delivery, or "nowhere": it says that it is in a ticket, and is in none that is there.
_FATES = """
WITH fates AS (
  SELECT r.id, r.company_id, r.team_id,
    CASE
      WHEN r.state <> 'done' THEN r.state
      WHEN r.outcome IN ('ticket', 'duplicate') AND t.id IS NULL THEN 'nowhere'
      WHEN r.outcome = '' OR r.reason = '' THEN 'nowhere'
      ELSE r.outcome
    END AS fate
  FROM intake_receivedmessage r
  LEFT JOIN desk_message m ON m.company_id = r.company_id AND m.id = r.filed_as_id
  LEFT JOIN desk_ticket t ON t.company_id = m.company_id AND t.id = m.ticket_id
)
"""
_BY_TEAM = (
    _FATES
    + """
SELECT c.name, t.name, f.fate, count(*) FROM fates f
LEFT JOIN accounts_company c ON c.id = f.company_id
LEFT JOIN accounts_team t ON t.company_id = f.company_id AND t.id = f.team_id
GROUP BY c.id, c.name, t.id, t.name, f.fate ORDER BY c.name, t.name, f.fate
"""
)
_NOWHERE = f"{_FATES} SELECT id FROM fates WHERE fate = 'nowhere' ORDER BY id LIMIT %s"  # noqa: S608  (constant)


def look() -> Iterator[Finding]:
    fates = _by_team()
    total: dict[str, int] = {}
    for (company, team), counts in fates.items():
        for fate, count in counts.items():
            total[fate] = total.get(fate, 0) + count
        if counts.get("nowhere"):
            yield failed("sums.team", _words(counts), company=company, team=team, **_figures(counts))
    if total.get("nowhere"):
        yield failed("sums", _words(total), **_figures(total), deliveries=_nowhere())
    else:
        yield ok("sums", _words(total), **_figures(total))


def _by_team() -> dict[tuple[str | None, str | None], dict[str, int]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(_BY_TEAM)
        rows = cursor.fetchall()
    fates: dict[tuple[str | None, str | None], dict[str, int]] = {}
    for company, team, fate, count in rows:
        fates.setdefault((company, team), {})[fate] = count
    return fates


def _nowhere() -> list[int]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(_NOWHERE, [_SHOWN])
        return [id for (id,) in cursor.fetchall()]


def _figures(counts: dict[str, int]) -> dict[str, int]:
    return {"accepted": sum(counts.values()), **counts}


def _words(counts: dict[str, int]) -> str:
    parts = " + ".join(f"{count} {fate}" for fate, count in sorted(counts.items())) or "0"
    return f"{sum(counts.values())} accepted = {parts}"
