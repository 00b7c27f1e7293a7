"""A team's e-mail identity."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import Advisor, Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany
from emailhub.delivery.models import Connection

from .automatic_reply import AutomaticReply
from .blocked_sender import BlockedSender
from .confirmation import ForwardingConfirmation
from .display_name import Words, fill
from .inbound_rule import InboundRule
from .opening import Holiday, OpeningHours
from .own_address import OwnAddress, Probe
from .sending_domain import SendingDomain

__all__ = [
    "AutomaticReply",
    "BlockedSender",
    "ForwardingConfirmation",
    "Holiday",
    "HubAddress",
    "Identity",
    "InboundRule",
    "OpeningHours",
    "OwnAddress",
    "Probe",
    "SendingDomain",
]


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
    keep_held_days = models.PositiveSmallIntegerField(default=30)  # then held and ignored mail is deleted
    rules_version = models.UUIDField(default=uuid4)  # another one with each change of the inbound rules
    digest_on = models.DateField(null=True)  # the last day on which managers were told of held mail

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

    def from_name(self, advisor: Advisor | None = None) -> str:
        """The display name of a mail's From line, as this advisor sends it."""
        return self._filled(advisor.user.name if advisor else "") or self._plain(self.team.name)

    def automatic_from_name(self) -> str:
        """The display name of an automatic reply, which no advisor writes."""
        own = self._filled("") if self.display_name_in_automatic_replies else ""
        return own or self._plain(self.team.company.name) or self._plain(self.team.name)

    def _filled(self, advisor: str) -> str:
        if "{" not in self.display_name:  # the company is asked for only where it may be named
            return self._plain(self.display_name)
        return fill(self.display_name, Words(self.team.name, self.team.company.name, advisor))

    def _plain(self, name: str) -> str:
        return fill("{team}", Words(team=name, company=""))


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
    team_name = models.CharField(max_length=100, blank=True)  # what the team was called when it was made
    # Since when it is proved that mail may leave with it. A generated one is ours and needs no proof.
    proved_for_sending_at = models.DateTimeField(null=True)
    connection = models.ForeignKey(  # by whose account its mail leaves; none: by the installation's relay
        Connection, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    last_received_at = models.DateTimeField(null=True)  # to the minute: see note_received()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "hub addresses"
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            SameCompany("connection"),
            models.UniqueConstraint(
                fields=["company", "team"], condition=Q(is_sender=True), name="hub_hubaddress_one_sender"
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def may_send(self) -> bool:
        """Whether mail may leave with it: a foreign domain's mail without proof is a forgery to receivers."""
        return self.kind == self.Kind.GENERATED or self.proved_for_sending_at is not None
