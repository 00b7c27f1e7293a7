"""What advisors put tickets in order with."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from emailhub.accounts.models import Advisor, Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany

from .ticket import Ticket


class Tag(Tenant):
    """A label for tickets. All teams of the company share them."""

    class Tone(models.TextChoices):
        """A colour by its meaning in tokens.css, which has it for light and for dark."""

        GREY = "grey", pgettext_lazy("colour", "Grey")
        BLUE = "accent", pgettext_lazy("colour", "Blue")
        GREEN = "ok", pgettext_lazy("colour", "Green")
        ORANGE = "warn", pgettext_lazy("colour", "Orange")
        RED = "danger", pgettext_lazy("colour", "Red")
        YELLOW = "note", pgettext_lazy("colour", "Yellow")

    name = models.CharField(_("name"), max_length=50)
    tone = models.CharField(max_length=10, choices=Tone, default=Tone.GREY)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            OWN_COMPANY,
            models.UniqueConstraint("company", Lower("name"), name="desk_tag_name_any_case"),
        ]

    def __str__(self) -> str:
        return self.name


class TicketTag(Tenant):
    """A tag on a ticket."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="ticket_tags", db_constraint=False, db_index=False
    )
    tag = models.ForeignKey(
        Tag, on_delete=models.CASCADE, related_name="ticket_tags", db_constraint=False, db_index=False
    )

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("ticket"),
            SameCompany("tag"),
            models.UniqueConstraint(fields=["company", "ticket", "tag"], name="desk_tickettag_once"),
        ]
        indexes = [models.Index(fields=["company", "tag", "ticket"], name="desk_tickettag_of")]


class BulkAct(Tenant):
    """What an advisor did to many tickets at once, and what each was before: kept while it can be undone."""

    advisor = models.ForeignKey(Advisor, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    act = models.CharField(max_length=10)  # desk.bulk.Act
    detail = models.JSONField(default=dict)
    before = models.JSONField(default=list)  # of each ticket that it changed
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [OWN_COMPANY, SameCompany("advisor")]


class SavedView(Tenant):
    """A list with its filters, under a name: an advisor's own, or a team's."""

    advisor = models.ForeignKey(Advisor, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    team = models.ForeignKey(  # None: for nobody but the advisor
        Team, on_delete=models.CASCADE, null=True, related_name="+", db_constraint=False
    )
    name = models.CharField(_("name"), max_length=50)
    query = models.CharField(max_length=500)  # of the list's address
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [OWN_COMPANY, SameCompany("advisor"), SameCompany("team")]

    def __str__(self) -> str:
        return self.name


class TicketLink(Tenant):
    """Two tickets that belong together, by an advisor's word."""

    class Kind(models.TextChoices):
        RELATED = "related", pgettext_lazy("link", "related to")
        DUPLICATE = "duplicate", pgettext_lazy("link", "duplicate of")

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="links", db_constraint=False, db_index=False
    )
    other = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="links_back", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(
        Advisor, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("ticket"),
            SameCompany("other"),
            SameCompany("by"),
            models.UniqueConstraint(fields=["company", "ticket", "other"], name="desk_ticketlink_once"),
        ]
        indexes = [models.Index(fields=["company", "other"], name="desk_ticketlink_back")]
