"""The row of an inbound rule. What it means is rules.matching; who may change it is hub.rules."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import Advisor, Team, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany
from emailhub.rules import matching


class InboundRule(Tenant):
    """How a team handles the mails that meet some conditions. The uppermost match alone counts."""

    class Action(models.TextChoices):
        """rules.Action, in the words of the product."""

        IGNORE = "ignore", _("Ignore")
        ROUTE_TO_TEAM = "route_to_team", _("Route to team")
        ROUTE_TO_ADVISOR = "route_to_advisor", _("Route to advisor")
        CREATE_NEW = "create_new", _("Create a new ticket")

    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, related_name="inbound_rules", db_constraint=False, db_index=False
    )
    name = models.CharField(_("name"), max_length=100)
    enabled = models.BooleanField(default=True)
    match_all = models.BooleanField(default=True)  # otherwise any one condition is enough
    conditions = models.JSONField(default=list)  # [[field, operator, [value, ...]], ...] of rules.matching
    action = models.CharField(max_length=20, choices=Action)
    to_team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    to_advisor = models.ForeignKey(
        Advisor, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    even_if_open = models.BooleanField(default=False)  # of a route: a new ticket though one is open
    also_replies = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)  # 0 is on top
    broken_since = models.DateTimeField(null=True)  # found to name a team or advisor that is gone; told once
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("team"),
            SameCompany("to_team"),
            SameCompany("to_advisor"),
            models.UniqueConstraint(
                fields=["company", "team", "position"],
                name="hub_inboundrule_place",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(to_team__isnull=True) | Q(action="route_to_team"),
                name="hub_inboundrule_team_of_route",
            ),
            models.CheckConstraint(
                condition=Q(to_advisor__isnull=True) | Q(action="route_to_advisor"),
                name="hub_inboundrule_advisor_of_route",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def read_conditions(self) -> tuple[matching.Condition, ...]:
        """The conditions as values."""
        return tuple(
            matching.Condition(matching.Field(of), matching.Operator(operator), tuple(values))
            for of, operator, values in self.conditions
        )
