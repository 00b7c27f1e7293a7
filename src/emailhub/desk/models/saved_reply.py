"""Answers that are written once and used often."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import Advisor, Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany


class SavedReply(Tenant):
    """A text with variables: a team's, kept by its managers, or an advisor's own."""

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, null=True, related_name="saved_replies", db_constraint=False
    )
    owner = models.ForeignKey(
        Advisor, on_delete=models.CASCADE, null=True, related_name="saved_replies", db_constraint=False
    )
    name = models.CharField(_("name"), max_length=100)
    html = models.TextField()

    class Meta:
        verbose_name_plural = "saved replies"
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            SameCompany("owner"),
            models.CheckConstraint(
                condition=Q(team__isnull=False, owner__isnull=True)
                | Q(team__isnull=True, owner__isnull=False),
                name="desk_savedreply_one_holder",
            ),
        ]

    def __str__(self) -> str:
        return self.name
