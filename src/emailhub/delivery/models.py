"""The outbox: what is due is the work."""

from __future__ import annotations

from django.db import models

from emailhub.accounts.models import Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany

from .connection import Connection
from .remote import RemoteMessage

__all__ = [
    "Connection",
    "OutboxHold",
    "OutgoingMessage",
    "OutgoingRecipient",
    "RemoteMessage",
    "Restoration",
]


class OutgoingMessage(Tenant):
    """Finished bytes on their way through one channel.

    A worker holds a session's advisory lock on the row while it sends, so that its death frees the row
    at once; `claim` is the fence for one that lost its lock with its connection and does not know yet.
    """

    class State(models.TextChoices):
        QUEUED = "queued"  # due at `due_at`, also while it waits for another try
        SENDING = "sending"  # claimed; `phase` says how far it came
        SENT = "sent"  # every recipient accepted or refused for good, at least one accepted
        FAILED = "failed"  # refused for good, or given up
        UNCERTAIN = "uncertain"  # the connection was lost after the final dot; never resent by itself
        CANCELLED = "cancelled"  # undone before it left

    class Phase(models.TextChoices):
        NONE = ""
        CLAIMED = "claimed"
        DATA_SENT = "data_sent"  # committed before the final dot

    channel = models.CharField(max_length=20)
    connection = models.ForeignKey(  # by whose account it leaves; none: by the installation's own
        Connection, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    mail_from = models.CharField(max_length=254, blank=True)  # the reverse-path, ours (RFC 5321 4.1.1.2)
    message_id = models.CharField(max_length=255)
    content_key = models.CharField(max_length=64)  # of the stored bytes
    size = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    phase = models.CharField(max_length=10, choices=Phase, default=Phase.NONE, blank=True)
    due_at = models.DateTimeField()
    give_up_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    claim = models.PositiveBigIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("connection"),
            models.UniqueConstraint(
                fields=["mail_from"], condition=~models.Q(mail_from=""), name="delivery_return_path"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["queued", "sending"]),
                name="delivery_due",
            ),
            models.Index(fields=["company", "message_id"], name="delivery_message_id"),
        ]


class OutgoingRecipient(Tenant):
    """What became of one recipient of one message."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENT = "sent"
        FAILED = "failed"
        UNCERTAIN = "uncertain"
        BOUNCED = "bounced"  # accepted first, then a delivery report said that it failed
        DELAYED = "delayed"  # a delivery report said that it is still being tried

    message = models.ForeignKey(
        OutgoingMessage,
        on_delete=models.CASCADE,
        related_name="recipients",
        db_constraint=False,
        db_index=False,
    )
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    status = models.CharField(max_length=20, blank=True)  # enhanced status code (RFC 3463) or reply code
    diagnostic = models.TextField(blank=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("message"),
            models.UniqueConstraint(fields=["company", "message", "address"], name="delivery_recipient_once"),
        ]


class Restoration(models.Model):
    """A back-up from which these data come, kept when its outbox is released (hold.was_in_a_back_up)."""

    taken_at = models.DateTimeField()
    restored_at = models.DateTimeField()


class OutboxHold(models.Model):
    """Nothing leaves while this one row is there: the data was restored, and nobody has released it yet."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    taken_at = models.DateTimeField()  # the instant of the back-up
    restored_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="delivery_outboxhold_one")]
