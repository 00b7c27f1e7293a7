"""The choice in a form of who takes somebody's open tickets over; without one they are left to nobody."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict

from emailhub.accounts.models import Advisor

from .requests import AdvisorRequest


def chosen_heir(request: AdvisorRequest, heirs: Sequence[Advisor]) -> Advisor | None:
    """The one that the form names, if they are among those who could."""
    form = request.POST if request.method == "POST" else QueryDict(request.body)
    return next((heir for heir in heirs if str(heir.pk) == form.get("heir", "")), None)
