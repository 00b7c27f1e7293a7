"""A company's domain whose mail leaves by our relay: the proofs that its DNS holds, the keys that sign."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from emailhub.accounts.models import Tenant
from emailhub.accounts.tenancy import OWN_COMPANY
from emailhub.store import sealing

from .domain_records import Key


class SendingDomain(Tenant):
    """One a company and domain, whichever teams have addresses in it. Private keys are sealed."""

    PURPOSE: ClassVar = "dkim"

    domain = models.CharField(max_length=253)
    challenge = models.CharField(max_length=80)  # the text that proves whose the domain is
    selector = models.CharField(max_length=30)
    public_key = models.TextField()
    sealed_key = models.BinaryField()
    # The key that takes over as soon as its record is found; none: no change is under way.
    next_selector = models.CharField(max_length=30, blank=True)
    next_public_key = models.TextField(blank=True)
    next_sealed_key = models.BinaryField(default=bytes)
    records = models.JSONField(default=list)  # what the last look found
    checked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()  # of the next look
    proved_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)  # a proof that was there is gone
    lapsed_at = models.DateTimeField(null=True)  # gone for too long: mail leaves with EmailHub's addresses
    lapsed_senders = models.JSONField(default=list)  # ids of the addresses that it was taken from
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            OWN_COMPANY,
            models.UniqueConstraint(fields=["company", "domain"], name="hub_sendingdomain_once"),
        ]
        indexes = [models.Index(fields=["due_at"], name="hub_sendingdomain_due")]

    def __str__(self) -> str:
        return self.domain

    @property
    def keys(self) -> list[Key]:
        """The one that signs, and the one that will."""
        found = [Key(self.selector, self.public_key)]
        return [*found, Key(self.next_selector, self.next_public_key)] if self.next_selector else found

    @property
    def signs(self) -> bool:
        return self.proved_at is not None and self.lapsed_at is None

    def private_key(self) -> bytes:
        """The key that signs. Raises sealing.SealedElsewhereError."""
        return sealing.unseal(bytes(self.sealed_key), purpose=self.PURPOSE)


SIGNING = Q(proved_at__isnull=False, lapsed_at__isnull=True)
