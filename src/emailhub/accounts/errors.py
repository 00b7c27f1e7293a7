"""What can be refused about people. A docstring is the meaning; str() is the sentence for the user."""

from __future__ import annotations

from django.utils.translation import gettext as _


class AccountsError(Exception):
    """Something that was asked for cannot be done. Nothing was changed."""


class NoNameError(AccountsError):
    """A company, team or person without a name."""

    def __str__(self) -> str:
        return _("Give it a name.")


class LastAdminError(AccountsError):
    """The company would be left without an administrator, and nobody could make one."""

    def __str__(self) -> str:
        return _("A company needs an administrator. Make somebody else one first.")


class LastTeamError(AccountsError):
    """The company would be left without a team, and its mail without anywhere to go."""

    def __str__(self) -> str:
        return _("A company needs a team. Create another one first.")


class ViewOnlyManagerError(AccountsError):
    """Somebody who may only read would own a team's settings."""

    def __str__(self) -> str:
        return _("Who may only read cannot manage a team. Give them another role first.")


class AlreadyMemberError(AccountsError):
    """The advisor is in the team already."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return _("%(name)s is in this team already.") % {"name": self.name}


class SlugTakenError(AccountsError):
    """Another company's addresses have this part."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug

    def __str__(self) -> str:
        return _("Another company's addresses have “%(slug)s” already. Choose another name.") % {
            "slug": self.slug
        }


class BadSlugError(AccountsError):
    """Nothing that an address can have is left of the name."""

    def __str__(self) -> str:
        return _("Use letters from a to z, digits and hyphens, at least one letter or digit.")


class HasLogInError(AccountsError):
    """The address belongs to a log-in already."""

    def __init__(self, email: str) -> None:
        super().__init__(email)
        self.email = email

    def __str__(self) -> str:
        return _("%(email)s has a log-in already.") % {"email": self.email}


class InvitationError(AccountsError):
    """An invitation cannot be made or accepted."""


class AlreadyAdvisorError(InvitationError):
    """The person who is invited works here already."""

    def __init__(self, email: str) -> None:
        super().__init__(email)
        self.email = email

    def __str__(self) -> str:
        return _("%(email)s works here already. Add them to your team instead.") % {"email": self.email}


class AlreadyInvitedError(InvitationError):
    """There is an open invitation for the address: it can be sent again."""

    def __init__(self, email: str) -> None:
        super().__init__(email)
        self.email = email

    def __str__(self) -> str:
        return _("%(email)s is invited already. Send that invitation again instead.") % {"email": self.email}


class NoTeamError(InvitationError):
    """An advisor without a team would see nothing."""

    def __str__(self) -> str:
        return _("Choose at least one team.")


class UsedInvitationError(InvitationError):
    """The invitation was accepted, withdrawn, replaced by a newer one, or is too old; or never was."""

    def __str__(self) -> str:
        return _("This invitation is no longer valid. Ask for a new one.")


class OtherPersonError(InvitationError):
    """Somebody else is signed in than who was invited."""

    def __init__(self, email: str) -> None:
        super().__init__(email)
        self.email = email

    def __str__(self) -> str:
        return _("This invitation is for %(email)s.") % {"email": self.email}


class RetentionError(AccountsError):
    """Tickets are to be kept for less than a month, or for longer than anybody plans."""

    def __init__(self, limits: range) -> None:
        super().__init__()
        self.limits = limits

    def __str__(self) -> str:
        return _("Choose between %(least)s and %(most)s months.") % {
            "least": self.limits.start,
            "most": self.limits[-1],
        }
