"""E-mails of the timeline, the ids that prove things, the people who take part, the files."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import Advisor, Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany
from emailhub.delivery.models import OutgoingMessage

from ..queries import AttachmentQuerySet
from .contact import Contact
from .ticket import Activity, Ticket


class Message(Tenant):
    """An e-mail of an activity, received or sent."""

    class Verdict(models.TextChoices):
        PASS = "pass", _("Sender verified")
        NONE = "none", _("Sender not checked")
        FAIL = "fail", _("Sender not verified")

    activity = models.OneToOneField(
        Activity, on_delete=models.CASCADE, related_name="message", db_constraint=False
    )
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="messages", db_constraint=False, db_index=False
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    outgoing = models.OneToOneField(
        OutgoingMessage,
        on_delete=models.PROTECT,
        null=True,
        related_name="desk_message",
        db_constraint=False,
    )
    message_key = models.CharField(max_length=64)  # equal: the same mail (mail.message_key)
    message_id = models.CharField(max_length=998, blank=True)
    in_reply_to = ArrayField(models.CharField(max_length=998), default=list, blank=True)
    references = ArrayField(models.CharField(max_length=998), default=list, blank=True)
    sender_name = models.CharField(max_length=320, blank=True)
    sender_address = models.CharField(max_length=320, blank=True)
    answer_to = models.CharField(max_length=320, blank=True)  # where an answer goes, if not to the sender
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    to = models.JSONField(default=list, blank=True)  # [[name, address], ...], as are cc and bcc
    cc = models.JSONField(default=list, blank=True)
    bcc = models.JSONField(default=list, blank=True)  # of a sent message: shown to the team alone
    subject = models.CharField(max_length=998, blank=True)
    date = models.DateTimeField(null=True)  # what its Date header says
    text = models.TextField(blank=True)  # the whole text body
    html = models.TextField(blank=True)  # as received: only mail.sanitise may show it
    verdict = models.CharField(max_length=5, choices=Verdict, default=Verdict.NONE)
    automatic = models.CharField(max_length=40, blank=True)
    flags = ArrayField(models.CharField(max_length=30), default=list, blank=True)  # rules.Flag
    is_private = models.BooleanField(
        default=False
    )  # hidden from the customer: by or for somebody in BCC, or passed on
    content_key = models.CharField(max_length=64)  # the raw bytes as received, the finished ones as sent

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("activity"),
            SameCompany("ticket"),
            SameCompany("team"),
            SameCompany("outgoing"),
            SameCompany("contact"),
            models.UniqueConstraint(
                fields=["company", "team", "message_key"], name="desk_message_once_a_team"
            ),
            models.UniqueConstraint(
                fields=["company", "ticket", "message_key"], name="desk_message_once_a_ticket"
            ),
        ]

    @property
    def is_received(self) -> bool:
        return self.outgoing_id is None


class KnownId(Tenant):
    """A Message-ID that proves something: a message's own, or one that it references."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="known_ids", db_constraint=False
    )
    value = models.CharField(max_length=998)
    is_own = models.BooleanField()  # the message's own id, not one of its References

    class Meta:
        constraints = [OWN_COMPANY, SameCompany("message")]
        indexes = [models.Index(fields=["company", "value"], name="desk_knownid_value")]


class Participant(Tenant):
    """Somebody outside who takes part in a ticket."""

    class Part(models.TextChoices):
        FROM = "from"
        TO = "to"
        CC = "cc"
        BCC = "bcc"

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="participants", db_constraint=False, db_index=False
    )
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=320, blank=True)
    part = models.CharField(max_length=4, choices=Part)
    is_offered = models.BooleanField(default=False)  # from an unverified CC: offered, never prefilled

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("ticket"),
            models.UniqueConstraint(
                fields=["company", "ticket", "address", "part"], name="desk_participant_once"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "address"], name="desk_participant_address"),
            GinIndex(fields=["address"], opclasses=["gin_trgm_ops"], name="desk_participant_part"),
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="desk_participant_name"),
        ]


class Attachment(Tenant):
    """A file of a message or note, or one that was uploaded for a draft (then without an activity)."""

    public_id = models.UUIDField(default=uuid.uuid4)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, null=True, related_name="attachments", db_constraint=False
    )
    activity = models.ForeignKey(
        Activity, on_delete=models.CASCADE, null=True, related_name="attachments", db_constraint=False
    )
    uploaded_by = models.ForeignKey(
        Advisor, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    filename = models.CharField(max_length=255)
    content_type = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    content_key = models.CharField(max_length=64)  # empty: its link ended, and the bytes went with it
    content_id = models.CharField(max_length=998, blank=True)
    is_inline = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    linked_until = models.DateTimeField(null=True)  # it went as a link, which is good until then
    link_ended_at = models.DateTimeField(null=True)  # by somebody of the team, before its time
    downloads = models.PositiveIntegerField(default=0, db_default=0)  # of the link

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("ticket"),
            SameCompany("activity"),
            SameCompany("uploaded_by"),
            models.UniqueConstraint(fields=["company", "public_id"], name="desk_attachment_public_id"),
        ]
        indexes = [
            models.Index(fields=["company", "ticket"], name="desk_attachment_ticket"),
            models.Index(
                fields=["company", "linked_until"],
                condition=models.Q(linked_until__isnull=False),
                name="desk_attachment_linked",
            ),
        ]

    def __str__(self) -> str:
        return self.filename
