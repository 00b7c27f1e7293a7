"""Text messages of the timeline, and the numbers that want none."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany
from emailhub.delivery.models import Connection, OutgoingMessage

from .contact import Contact
from .ticket import Activity, Ticket


class ChatKind(models.TextChoices):
    SMS = "sms", "SMS"
    WHATSAPP = "whatsapp", "WhatsApp"


class ChatMessage(Tenant):
    """A text message of an activity, received or sent. Its words are the activity's text."""

    activity = models.OneToOneField(
        Activity, on_delete=models.CASCADE, related_name="chat", db_constraint=False
    )
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="chats", db_constraint=False, db_index=False
    )
    connection = models.ForeignKey(  # by which it came or goes
        Connection, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    outgoing = models.OneToOneField(
        OutgoingMessage, on_delete=models.PROTECT, null=True, related_name="desk_chat", db_constraint=False
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    kind = models.CharField(max_length=10, choices=ChatKind)
    number = models.CharField(max_length=40)  # the customer's, E.164
    own_number = models.CharField(max_length=40)  # ours, by which it came or goes
    key = models.UUIDField(default=uuid.uuid4)  # by which the gateway names it to us, if we sent it
    gateway_id = models.CharField(max_length=64, blank=True)  # what the gateway calls it
    state = models.CharField(max_length=10, blank=True)  # texting.TextState: what the gateway has said of it
    error_code = models.CharField(max_length=20, blank=True)
    segments = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("activity"),
            SameCompany("ticket"),
            SameCompany("connection"),
            SameCompany("outgoing"),
            SameCompany("contact"),
            models.UniqueConstraint(
                fields=["company", "gateway_id"],
                condition=~models.Q(gateway_id=""),
                name="desk_chatmessage_once",
            ),
            models.UniqueConstraint(fields=["company", "key"], name="desk_chatmessage_key"),
        ]
        indexes = [
            models.Index(fields=["company", "ticket", "-id"], name="desk_chatmessage_ticket"),
            models.Index(fields=["company", "number", "-id"], name="desk_chatmessage_number"),
        ]

    @property
    def is_received(self) -> bool:
        return self.outgoing_id is None


class ClosedNumber(Tenant):
    """A number whose owner asked for no more messages of a kind (STOP). Nothing is sent to it."""

    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=ChatKind)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("closed number")
        constraints = [
            OWN_COMPANY,
            models.UniqueConstraint(fields=["company", "number", "kind"], name="desk_closednumber_once"),
        ]
