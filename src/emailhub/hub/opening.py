"""When a team is open, as rows: its weekly hours and its holidays. What follows from them is in hours.py."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany

MIDNIGHT = time(0, 0)


class OpeningHours(Tenant):
    """A stretch of a weekday, in the team's time zone. A team without any is open at every hour."""

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="opening_hours", db_constraint=False
    )
    weekday = models.PositiveSmallIntegerField()  # as datetime.weekday(): 0 is Monday
    opens_at = models.TimeField(_("opens at"))
    closes_at = models.TimeField(_("closes at"))  # 00:00 is the end of the day

    class Meta:
        verbose_name_plural = "opening hours"
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            models.UniqueConstraint(
                fields=["company", "team", "weekday", "opens_at"], name="hub_openinghours_once"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="hub_openinghours_weekday"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")) | Q(closes_at=MIDNIGHT),
                name="hub_openinghours_ends_later",
            ),
        ]


class Holiday(Tenant):
    """A day on which a team is closed."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="holidays", db_constraint=False)
    on = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=100, blank=True)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            models.UniqueConstraint(fields=["company", "team", "on"], name="hub_holiday_once"),
        ]
