"""Pictures that lie elsewhere: those that a mail showed when somebody asked, and whose are always shown."""

from __future__ import annotations

from django.db import models

from emailhub.accounts.models import Advisor, Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany

from .message import Message


class RemotePicture(Tenant):
    """A picture that a mail shows from elsewhere, as it was when the first advisor asked for it."""

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="remote_pictures", db_constraint=False, db_index=False
    )
    digest = models.CharField(max_length=64)  # SHA-256 of its address
    content_key = models.CharField(max_length=64)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    fetched_at = models.DateTimeField()

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("message"),
            models.UniqueConstraint(
                fields=["company", "message", "digest"], name="desk_remote_picture_once_a_message"
            ),
        ]
        indexes = [models.Index(fields=["company", "fetched_at"], name="desk_remote_picture_age")]


class ShownSender(Tenant):
    """Whose pictures a team wants to see without being asked."""

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="shown_senders", db_constraint=False, db_index=False
    )
    address = models.CharField(max_length=320)
    by = models.ForeignKey(
        Advisor, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            SameCompany("by"),
            models.UniqueConstraint(fields=["company", "team", "address"], name="desk_shown_sender_once"),
        ]

    def __str__(self) -> str:
        return self.address
