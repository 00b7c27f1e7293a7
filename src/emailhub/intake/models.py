"""What has been received: raw bytes, envelope and fate, one row a delivery (mail x receiving team)."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from emailhub.accounts.models import Company, Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany
from emailhub.desk.models import ChatMessage, Message, Ticket
from emailhub.hub.inbound_rule import InboundRule


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
    verdict = models.CharField(  # whether the domain of From vouches for it (mail.authenticity)
        max_length=5, choices=Message.Verdict, default=Message.Verdict.NONE, db_default="none"
    )
    policy = models.CharField(max_length=10, blank=True, db_default="")  # what that domain asks to be done
    by_trusted_forwarder = models.BooleanField(default=False, db_default=False)  # who saw it pass
    authentication = models.CharField(max_length=1000, blank=True, db_default="")  # what that stands on
    message_id = models.CharField(max_length=998, blank=True)
    sender_address = models.CharField(max_length=320, blank=True)
    sender_name = models.CharField(max_length=320, blank=True)
    subject = models.CharField(max_length=998, blank=True)
    filed_as = models.ForeignKey(  # what it became, or the one that it is a copy of
        Message, on_delete=models.SET_NULL, null=True, related_name="deliveries", db_constraint=False
    )
    filed_chat = models.ForeignKey(  # the same of a text message
        ChatMessage, on_delete=models.SET_NULL, null=True, related_name="deliveries", db_constraint=False
    )
    preview = models.CharField(max_length=200, blank=True, db_default="")  # of what is held or ignored
    rule = models.ForeignKey(  # the inbound rule that decided on it
        InboundRule,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    is_automatic = models.BooleanField(default=False, db_default=False)  # the breaker counts it
    discarded_at = models.DateTimeField(null=True)  # held or ignored mail that a person threw away
    purged_at = models.DateTimeField(null=True)  # its bytes are gone; what became of it stays told
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            SameCompany("filed_as"),
            SameCompany("filed_chat"),
            SameCompany("rule"),
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
            models.Index(
                fields=["company", "team", "sender_address", "received_at"],
                condition=models.Q(is_automatic=True),
                name="intake_automatic",
            ),
            models.Index(
                fields=["company", "rule", "-received_at"],
                condition=models.Q(rule__isnull=False),
                name="intake_rule",
            ),
            models.Index(
                fields=["company", "team", "received_at"],
                condition=models.Q(outcome__in=["held", "ignored"], purged_at__isnull=True),
                name="intake_kept",
            ),
            models.Index(fields=["company", "team", "-received_at"], name="intake_newest"),
        ]


class Consideration(Tenant):
    """What was known when a delivery was decided on: a dry run decides once more by it. Kept for a month."""

    received = models.ForeignKey(
        ReceivedMessage, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    facts = models.JSONField()  # rules.Facts, by rules.stored
    letter = models.JSONField()  # rules.matching.Letter without its body
    at = models.DateTimeField()

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("received"),
            models.UniqueConstraint(fields=["company", "received"], name="intake_consideration_once"),
        ]
        indexes = [models.Index(fields=["company", "at"], name="intake_consideration_at")]


class SentReply(Tenant):
    """An automatic reply that was sent: what its limits are counted by."""

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=20)  # rules.ReplyKind
    address = models.CharField(max_length=320)
    to_stranger = models.BooleanField()  # no advisor had written to the address
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "sent replies"
        constraints = [OWN_COMPANY, SameCompany("team"), SameCompany("ticket")]
        indexes = [
            models.Index(fields=["company", "team", "address", "at"], name="intake_reply_to_sender"),
            models.Index(
                fields=["company", "team", "at"],
                condition=models.Q(to_stranger=True),
                name="intake_reply_to_strangers",
            ),
            models.Index(fields=["company", "ticket", "at"], name="intake_reply_on_ticket"),
        ]


class SilencedSender(Tenant):
    """A sender to whom the breaker lets no automatic reply go for a while."""

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    address = models.CharField(max_length=320)
    until = models.DateTimeField()

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            models.UniqueConstraint(fields=["company", "team", "address"], name="intake_silenced_once"),
        ]
