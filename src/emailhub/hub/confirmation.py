"""What other providers ask before they forward mail to a team's address."""

from __future__ import annotations

from django.db import models

from emailhub.accounts.models import Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany


class ForwardingConfirmation(Tenant):
    """A provider asks whether a team's address agrees to get somebody's mail. A manager answers it."""

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="confirmations", db_constraint=False, db_index=False
    )
    provider = models.CharField(max_length=40)  # as people know it: Gmail, Zoho Mail ...
    address = models.CharField(max_length=320, blank=True)  # whose mail is to be forwarded
    code = models.CharField(max_length=40, blank=True)
    link = models.CharField(max_length=2000, blank=True)  # to the provider's own host, https
    received_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [OWN_COMPANY, SameCompany("team")]
        indexes = [models.Index(fields=["company", "team", "-id"], name="hub_confirmation_newest")]
