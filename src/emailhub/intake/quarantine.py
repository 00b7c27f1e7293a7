"""What could not be processed, as staff sees it: who may, which mails, and another try."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from emailhub.accounts.models import Advisor

from .models import ReceivedMessage
from .process import try_again

_WITHOUT_TEAM = Q(team__isnull=True)  # came to one of our return-paths


def quarantined(advisor: Advisor) -> QuerySet[ReceivedMessage]:
    """The mails in quarantine that the advisor is answerable for, newest first.

    An administrator's are all of the company's; a manager's are those of the teams that they manage.
    """
    rows = ReceivedMessage.objects.filter(
        company_id=advisor.company_id, state=ReceivedMessage.State.QUARANTINED
    )
    if not advisor.is_admin:
        managed = [team.id for team in advisor.company_teams if team.managed]
        rows = rows.filter(~_WITHOUT_TEAM, team_id__in=managed if advisor.is_active else [])
    return rows.select_related("team").order_by("-id")


def try_once_more(advisor: Advisor, id: int, *, now: datetime) -> bool:
    """Give a mail three more tries. False: it is not there for this advisor, or is being tried already."""
    row = quarantined(advisor).select_for_update(of=("self",)).filter(pk=id).first()
    if row is None:
        return False
    try_again(row, now=now)
    return True
