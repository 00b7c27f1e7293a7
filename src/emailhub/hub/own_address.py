"""How an address of the company's own becomes one of a team's: what the set-up guide keeps."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from emailhub.accounts.models import Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany
from emailhub.delivery.models import Connection, OutgoingMessage


class OwnAddress(Tenant):
    """A company's address, from the moment that a manager names it. Proved, it has a HubAddress as well."""

    class Provider(models.TextChoices):
        GOOGLE = "google", "Gmail / Google Workspace"
        MICROSOFT = "microsoft", "Microsoft 365 / Exchange"
        OTHER = "other"

    class Sending(models.TextChoices):
        UNDECIDED = ""
        SMTP = "smtp"  # by the company's own server
        DNS = "dns"  # by our relay, which the domain's records allow

    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="own_addresses", db_constraint=False, db_index=False
    )
    address = models.CharField(max_length=254)  # in normal form
    provider = models.CharField(max_length=10, choices=Provider, blank=True)  # whose instructions are shown
    sending = models.CharField(max_length=4, choices=Sending, default=Sending.UNDECIDED, blank=True)
    connection = models.ForeignKey(  # the company's own server, where it sends by that
        Connection, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    test = models.ForeignKey(  # the last mail that showed whether the server takes ours
        OutgoingMessage, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    forwards_since = models.DateTimeField(null=True)  # a probe came back as it should
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            SameCompany("connection"),
            SameCompany("test"),
            models.UniqueConstraint(fields=["company", "address"], name="hub_ownaddress_once"),
        ]
        indexes = [models.Index(fields=["company", "team", "-id"], name="hub_ownaddress_newest")]

    def __str__(self) -> str:
        return self.address

    @property
    def domain(self) -> str:
        return self.address.rpartition("@")[2]


class Probe(Tenant):
    """A mail with a token, sent to see whether it comes back to one of the team's addresses."""

    class Found(models.TextChoices):
        """How it came."""

        NOTHING = ""
        INTACT = "intact"
        FROM_CHANGED = "from_changed"  # forwarded as somebody else's mail
        BY_GROUP = "by_group"  # through a mailing list or Google Groups, which puts itself into From
        ATTACHED = "attached"  # within another mail
        OTHER_TEAM = "other_team"  # it came, to an address of another team

    # The best first: of two copies that come back the better one counts.
    BEST: ClassVar = (Found.INTACT, Found.BY_GROUP, Found.FROM_CHANGED, Found.ATTACHED, Found.OTHER_TEAM)

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="probes", db_constraint=False, db_index=False
    )
    address = models.CharField(max_length=254)  # to which it was sent
    token = models.CharField(max_length=32)
    outgoing = models.ForeignKey(
        OutgoingMessage, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    sent_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True)
    came_to = models.CharField(max_length=254, blank=True)
    came_from = models.CharField(max_length=254, blank=True)  # the From that it had then
    found = models.CharField(max_length=12, choices=Found, default=Found.NOTHING, blank=True)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            SameCompany("outgoing"),
            models.UniqueConstraint(fields=["company", "token"], name="hub_probe_token"),
        ]
        indexes = [models.Index(fields=["company", "team", "-id"], name="hub_probe_newest")]
