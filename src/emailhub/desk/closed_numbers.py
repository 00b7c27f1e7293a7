"""Numbers whose owners asked for no more messages."""

from __future__ import annotations

from datetime import datetime

from .models import ClosedNumber

OPTED_OUT = "21610"  # the gateway's code: the owner of the number has said STOP to it


def close_number(company_id: int, number: str, kind: str, *, now: datetime) -> bool:
    """Send nothing more of this kind to the number. False: it was closed already."""
    _, is_new = ClosedNumber.objects.get_or_create(
        company_id=company_id, number=number, kind=kind, defaults={"at": now}
    )
    return is_new


def open_number(company_id: int, number: str, kind: str) -> bool:
    """Its owner wants messages again. False: it was open."""
    gone, _ = ClosedNumber.objects.filter(company_id=company_id, number=number, kind=kind).delete()
    return bool(gone)
