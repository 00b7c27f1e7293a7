"""The rows of a team's automatic replies: whether, and with what words. When is rules.automatic_replies."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany


class AutomaticReply(Tenant):
    """What a team answers by itself, in its customers' languages. Off until a manager switches it on."""

    class Kind(models.TextChoices):
        """rules.ReplyKind, in the words of the product."""

        ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement of a new ticket")
        AFTER_HOURS = "after_hours", _("After-hours reply")

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="automatic_replies", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=20, choices=Kind)
    enabled = models.BooleanField(default=False)
    texts = models.JSONField(default=dict)  # {language: {"subject": ..., "html": ... sanitised}}

    class Meta:
        verbose_name_plural = "automatic replies"
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            models.UniqueConstraint(fields=["company", "team", "kind"], name="hub_automaticreply_once"),
        ]
