"""Whom a team has blocked: their mail is held as junk."""

from __future__ import annotations

from django.db import models

from emailhub.accounts.models import Advisor, Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany


class BlockedSender(Tenant):
    """An address, or a domain with all that is below it, whose mail a team does not want."""

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="blocked_senders", db_constraint=False, db_index=False
    )
    value = models.CharField(max_length=320)  # an address in normal form, or a domain as A-labels
    by = models.ForeignKey(
        Advisor, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            SameCompany("by"),
            models.UniqueConstraint(fields=["company", "team", "value"], name="hub_blockedsender_once"),
        ]

    def __str__(self) -> str:
        return self.value
