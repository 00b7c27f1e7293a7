"""What can be refused about a team's rules and automatic replies. str() is the sentence for the user."""

from __future__ import annotations

from django.utils.translation import gettext as _

from .errors import HubError


class RuleError(HubError):
    """An inbound rule cannot be stored as it is."""


class NoNameError(RuleError):
    """It has no name."""

    def __str__(self) -> str:
        return _("Give the rule a name: it is how others will know why a mail went where it went.")


class NoConditionError(RuleError):
    """It has no condition, or one without a value: it would take every mail."""

    def __str__(self) -> str:
        return _("Add at least one condition, and a value to each: without one it would take every email.")


class BadConditionError(RuleError):
    """A condition asks something that cannot be asked, or there are too many of them."""

    def __str__(self) -> str:
        return _("One of the conditions cannot be used like this. Choose it again.")


class NotOwnAddressError(RuleError):
    """“Received at” names an address that is not the team's."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address

    def __str__(self) -> str:
        return _("%(address)s is no address of this team.") % {"address": self.address}


class BadTargetError(RuleError):
    """The team or the advisor that it routes to cannot take the mail."""

    def __str__(self) -> str:
        return _("Choose a team with EmailHub, or an active member of this team.")


class TooManyRulesError(RuleError):
    """The team has as many rules as it may have."""

    def __str__(self) -> str:
        return _("The team has too many rules. Delete one that is not needed any more.")


class TextMissingError(HubError):
    """An automatic reply is switched on without a text in the company's language."""

    def __str__(self) -> str:
        return _("Write a subject and a text before you switch the automatic reply on.")


class UnknownVariableError(HubError):
    """A text has braces around a word that stands for nothing."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word

    def __str__(self) -> str:
        return _("Nothing stands for {%(word)s} in this text.") % {"word": self.word}
