"""A team's e-mail identity."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany


class Identity(Tenant):
    """How a team shows itself by e-mail, and what it takes in. One a team."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="identity", db_constraint=False)
    enabled = models.BooleanField(default=True)
    display_name = models.CharField(_("Display name"), max_length=100, blank=True)  # empty: the team's name
    known_contacts_only = models.BooleanField(_("Accept email only from known contacts"), default=False)
    display_name_in_automatic_replies = models.BooleanField(
        _("Use display name in auto-replies"), default=False
    )
    reopen_days = models.PositiveSmallIntegerField(default=7, null=True)  # None: never reopen
    assign_on_reply = models.BooleanField(default=True)  # answering an unassigned ticket takes it
    quote_history = models.BooleanField(default=True)  # the last message below an answer

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            models.CheckConstraint(
                condition=Q(reopen_days__isnull=True) | Q(reopen_days__lte=90),
                name="hub_identity_reopen_days",
            ),
        ]

    def from_name(self) -> str:
        """The display name of the From line."""
        return self.display_name or self.team.name


class HubAddress(Tenant):
    """An address that a team receives by, for ever: rows are never deleted and never change teams."""

    class Kind(models.TextChoices):
        GENERATED = "generated", _("Generated")
        COMPANY = "company", _("Company address")
        MICROSOFT_365 = "microsoft_365", "Microsoft 365"

    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="hub_addresses", db_constraint=False
    )
    address = models.CharField(max_length=254, unique=True)  # lower-case; unique in the installation
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.GENERATED)
    is_sender = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "hub addresses"
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            models.UniqueConstraint(
                fields=["company", "team"], condition=Q(is_sender=True), name="hub_hubaddress_one_sender"
            ),
        ]

    def __str__(self) -> str:
        return self.address
