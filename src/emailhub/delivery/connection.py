"""A way by which a team's or a company's messages come and go, other than our own listener and relay."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany
from emailhub.store import sealing


class Connection(Tenant):
    """One account at somebody else's server. `settings` has no secret in it; secrets are sealed.

    `cursor` says up to where its messages were taken in. It is stored in the transaction that stores them.
    """

    class Kind(models.TextChoices):
        GRAPH = "graph", "Microsoft 365"
        SMTP = "smtp", _("SMTP server")
        IMAP = "imap", _("IMAP mailbox")
        TEXTING = "texting", _("SMS and WhatsApp")
        WEBHOOK = "webhook", _("Webhook")

    class State(models.TextChoices):
        NEW = "new"  # being set up: nothing comes or goes by it
        WORKING = "working"
        FAILING = "failing"  # tried again by itself; `problem` says why
        STOPPED = "stopped"  # somebody must act first (consent, password); `problem` says what
        OFF = "off"  # switched off by a manager; kept for what still arrives or is referred to

    PURPOSE: ClassVar = "connection"

    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )  # none: the whole company's
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=320)  # the mailbox, host or account, as people know it
    settings = models.JSONField(default=dict)
    sealed = models.BinaryField(default=bytes)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    problem = models.CharField(max_length=60, blank=True)  # a code; the pages have its words and remedy
    problem_detail = models.TextField(blank=True)  # what the server said
    failing_since = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)  # when the managers were told that it stands still
    checked_at = models.DateTimeField(null=True, blank=True)
    last_in_at = models.DateTimeField(null=True, blank=True)
    last_out_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)  # of what must be renewed: secret, subscription
    cursor = models.JSONField(default=dict)
    due_at = models.DateTimeField(null=True, blank=True)  # when its worker looks again; none: not polled
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [OWN_COMPANY, SameCompany("team")]
        indexes = [
            models.Index(fields=["company", "team", "kind"], name="delivery_connection_team"),
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="delivery_connection_due"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def secrets(self) -> dict[str, Any]:
        """The sealed secrets. Raises sealing.SealedElsewhereError."""
        if not self.sealed:
            return {}
        opened: dict[str, Any] = json.loads(sealing.unseal(bytes(self.sealed), purpose=self.PURPOSE))
        return opened

    @secrets.setter
    def secrets(self, secrets: dict[str, Any]) -> None:
        """Seal them; stored with the next save()."""
        self.sealed = sealing.seal(json.dumps(secrets).encode(), purpose=self.PURPOSE)
