"""Two contacts that were made one."""

from __future__ import annotations

from django.db import models

from emailhub.accounts.models import Advisor, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany

from .contact import Contact


class ContactMerge(Tenant):
    """Which contact went into which: old links lead on, and who did it can be told."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="merges", db_constraint=False
    )  # the one that stayed
    merged_id = models.BigIntegerField()  # the one that is gone
    merged_name = models.CharField(max_length=200)
    by = models.ForeignKey(
        Advisor, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [OWN_COMPANY, SameCompany("contact"), SameCompany("by")]
        indexes = [models.Index(fields=["company", "merged_id"], name="desk_contactmerge_gone")]
