"""What has been received: raw bytes, envelope and fate, one row a delivery (mail x receiving team)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from emailhub.accounts.models import Company, Team
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany
from emailhub.desk.models import Message


class ReceivedMessage(models.Model):
    """One delivery. A row that waits *is* the work; every other state has a reason.

    `company` is empty for the operator's mail (postmaster, abuse), `team` for that and for what came
    to one of our return-paths, until that turns out to be no report but somebody's answer.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        QUARANTINED = "quarantined"  # could not be processed three times; an operator can try again

    class Outcome(models.TextChoices):
        NONE = ""
        TICKET = "ticket"
        HELD = "held"
        IGNORED = "ignored"
        SET_UP = "set_up"
        REPORT = "report"
        LOOP = "loop"
        DUPLICATE = "duplicate"
        OPERATOR = "operator"  # postmaster and abuse: the operator's to read

    company = models.ForeignKey(Company, on_delete=models.CASCADE, null=True, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    channel = models.CharField(max_length=20)
    mail_from = models.CharField(max_length=320, blank=True)
    rcpt_to = ArrayField(models.CharField(max_length=320))
    content_key = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.NONE, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    trace = models.JSONField(default=list, blank=True)  # [[code, {detail}], ...] of rules.Step
    message_id = models.CharField(max_length=998, blank=True)
    sender_address = models.CharField(max_length=320, blank=True)
    sender_name = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=998, blank=True)
    filed_as = models.ForeignKey(  # what it became, or the one that it is a copy of
        Message, on_delete=models.SET_NULL, null=True, related_name="deliveries", db_constraint=False
    )
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            SameCompany("filed_as"),
            models.CheckConstraint(
                condition=(models.Q(state="done") & ~models.Q(outcome=""))
                | (~models.Q(state="done") & models.Q(outcome="")),
                name="intake_done_has_outcome",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="intake_due"),
            models.Index(
                fields=["company", "id"],
                condition=models.Q(state="quarantined"),
                name="intake_quarantined",
            ),
            models.Index(fields=["company", "team", "outcome", "-id"], name="intake_outcome"),
            models.Index(fields=["company", "message_id"], name="intake_message_id"),
        ]
