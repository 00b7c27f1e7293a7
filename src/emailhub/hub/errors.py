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


class NotAnOwnAddressError(HubError):
    """It is no address, or one that EmailHub has given out itself."""

    def __init__(self, typed: str) -> None:
        super().__init__(typed)
        self.typed = typed

    def __str__(self) -> str:
        return _("“%(typed)s” is no address of your company's, like support@example.com.") % {
            "typed": self.typed
        }


class AddressTakenError(HubError):
    """Another team has it."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address

    def __str__(self) -> str:
        return _("Another team uses %(address)s already.") % {"address": self.address}


class TooManyProbesError(HubError):
    """Each test is a mail to a mailbox that may be a stranger's."""

    def __str__(self) -> str:
        return _("That were many tests in a short time. Wait a while before the next one.")


class ServerFormError(HubError):
    """Something typed about a mail server cannot be. Made with the sentence for the user."""


class NotProvedError(HubError):
    """Nothing has shown yet that mail may leave with the address."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address

    def __str__(self) -> str:
        return _("It is not shown yet that mail may leave with %(address)s.") % {"address": self.address}


class FreeMailError(HubError):
    """Nobody can publish records in the domain of a provider of free mailboxes."""

    def __init__(self, domain: str) -> None:
        super().__init__(domain)
        self.domain = domain

    def __str__(self) -> str:
        return _("%(domain)s belongs to a mail provider: send by its mail server.") % {"domain": self.domain}
