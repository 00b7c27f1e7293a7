"""What advisors write before it is sent."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import Advisor, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany

from .ticket import Activity, Ticket


class Draft(Tenant):
    """What an advisor has written on a ticket and not sent, one a channel."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("Email")
        NOTE = "note", _("Internal note")
        CHAT = "chat", _("Chat")  # SMS
        WHATSAPP = "whatsapp", "WhatsApp"

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="drafts", db_constraint=False, db_index=False
    )
    advisor = models.ForeignKey(
        Advisor, on_delete=models.CASCADE, related_name="drafts", db_constraint=False, db_index=False
    )
    channel = models.CharField(max_length=10, choices=Channel)
    fields = models.JSONField(default=dict)  # as the form posts them
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("ticket"),
            SameCompany("advisor"),
            models.UniqueConstraint(
                fields=["company", "ticket", "advisor", "channel"], name="desk_draft_one"
            ),
        ]


class SentForm(Tenant):
    """The key of a form that was sent: a double click or a retry sends nothing twice."""

    key = models.UUIDField()
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="+", db_constraint=False)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("activity"),
            models.UniqueConstraint(fields=["company", "key"], name="desk_sentform_once"),
        ]
