"""Entries that were taken from one ticket to another: what is known of it, so that it can be taken back."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from emailhub.accounts.models import Advisor, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany

from .ticket import Ticket


class Regrouping(Tenant):
    """A split, a move of entries, or a merge of two tickets."""

    class Kind(models.TextChoices):
        SPLIT = "split"
        MOVE = "move"
        MERGE = "merge"

    kind = models.CharField(max_length=10, choices=Kind)
    source = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="regroupings_from", db_constraint=False
    )
    target = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="regroupings_to", db_constraint=False
    )
    activity_ids = ArrayField(models.BigIntegerField(), default=list)  # what was taken
    was_closed = models.BooleanField(default=False)  # of a merge: the ticket that became part of the other
    followers = ArrayField(models.BigIntegerField(), default=list)  # of a merge: tickets that led to it
    by = models.ForeignKey(
        Advisor, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("source"),
            SameCompany("target"),
            SameCompany("by"),
        ]
