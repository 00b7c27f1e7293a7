"""What a message is called in a mailbox at another server."""

from __future__ import annotations

from django.db import models

from emailhub.accounts.models import Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany

from .connection import Connection


class RemoteMessage(Tenant):
    """One message in one mailbox, by the id that stays its own there: it is taken in once, and sent once."""

    class State(models.TextChoices):
        TAKEN = "taken"  # it is in our intake, and not yet marked as read over there
        SETTLED = "settled"  # nothing is left to do for it over there
        DRAFT = "draft"  # what we are about to send, perhaps without all of its attachments
        READY = "ready"  # the whole of it: to send it twice is impossible, since a sent draft is none

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    remote_id = models.CharField(max_length=500)
    message_id = models.CharField(max_length=998, blank=True)  # as that server says it
    conversation_id = models.CharField(max_length=500, blank=True)
    outgoing = models.ForeignKey(  # what it is a copy of
        "delivery.OutgoingMessage",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_constraint=False,
    )
    state = models.CharField(max_length=10, choices=State)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("connection"),
            SameCompany("outgoing"),
            models.UniqueConstraint(
                fields=["company", "connection", "remote_id"], name="delivery_remote_message_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["company", "connection"],
                condition=models.Q(state="taken"),
                name="delivery_remote_taken",
            ),
        ]

    def __str__(self) -> str:
        return self.remote_id
