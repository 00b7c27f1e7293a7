"""What can be refused about a team's identity and addresses. str() is the sentence for the user."""

from __future__ import annotations

from django.utils.translation import gettext as _


class HubError(ValueError):
    """A setting cannot be as it was asked for. Nothing was changed."""


class NeverSwitchedOnError(HubError):
    """EmailHub was never switched on for the team: there is nothing to set."""

    def __str__(self) -> str:
        return _("Switch EmailHub on for this team first.")


class UnprovedSenderError(HubError):
    """Nobody has proved yet that mail may leave with this address."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address

    def __str__(self) -> str:
        return _(
            "%(address)s cannot be the sender address yet: nobody has proved that mail may leave with it."
        ) % {"address": self.address}
