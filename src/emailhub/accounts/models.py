"""Who works here: companies, the people who log in, and what they may see."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .sessions import Session  # noqa: F401 (one of this app's models)
from .tenancy import OWN_COMPANY, SameCompany


class Language(models.TextChoices):
    SPANISH = "es", "Español"
    ENGLISH = "en", "English"


class Company(models.Model):
    """One customer of this installation. The only tenant table whose rows are not walled off."""

    name = models.CharField(_("company name"), max_length=200)
    slug = models.SlugField(max_length=63, unique=True)  # in its teams' generated addresses
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.SPANISH)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Madrid")
    managers_read_all = models.BooleanField(_("Managers read all teams' tickets"), default=True)
    logo_key = models.CharField(max_length=64, blank=True)  # of the stored picture
    second_factor_demanded = models.BooleanField(default=False)
    retention_months = models.PositiveSmallIntegerField(null=True)  # closed tickets are deleted then
    is_demo = models.BooleanField(default=False)  # its mail never reaches a real relay
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name


class Tenant(models.Model):
    """A row that belongs to one company."""

    # No index of its own: every tenant table has the unique key (company, id).
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        abstract = True
        constraints = [OWN_COMPANY]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """Make a log-in. Without a password it cannot be used until one is set."""
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save()
        return user


class User(AbstractBaseUser):
    """A log-in. It belongs to no company; `Advisor` is what it is in one."""

    email = models.EmailField(_("email"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.SPANISH)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Madrid")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_any_case")]

    def __str__(self) -> str:
        return self.name or self.email


class TeamQuerySet(models.QuerySet["Team"]):
    def existing(self) -> Self:
        """All but the deleted ones, whose rows stay for what was received and recorded for them."""
        return self.filter(deleted_at__isnull=True)


class Team(Tenant):
    """A group of advisors who share tickets and addresses."""

    name = models.CharField(_("name"), max_length=100)
    is_hidden = models.BooleanField(default=False)  # not listed for customers; mail still works
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)  # empty: the company's
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    heir = models.ForeignKey(  # who took over a deleted team's tickets and addresses
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )

    managed: bool | None  # only of `Advisor.company_teams`

    objects = TeamQuerySet.as_manager()

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("heir"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True, heir__isnull=True)
                | Q(deleted_at__isnull=False, heir__isnull=False),
                name="accounts_team_deleted_has_heir",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone_name(self) -> str:
        """The time zone in which the team works."""
        return self.time_zone or self.company.time_zone


class Role(models.TextChoices):
    ADMIN = "admin", _("Administrator")
    ADVISOR = "advisor", _("Advisor")
    VIEW_ONLY = "view_only", _("View only")


class Advisor(Tenant):
    """A user in one company."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10, choices=Role, default=Role.ADVISOR)
    signature = models.TextField(blank=True)  # sanitised HTML
    default_team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_constraint=False
    )
    is_active = models.BooleanField(default=True)
    teams: models.ManyToManyField[Team, Membership] = models.ManyToManyField(
        Team, through="Membership", related_name="advisors"
    )

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("default_team"),
            models.UniqueConstraint(fields=["company", "user"], name="accounts_advisor_once_a_company"),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def may_write(self) -> bool:
        """Whether this advisor may answer, note and assign at all."""
        return self.is_active and self.role != Role.VIEW_ONLY

    @property
    def is_admin(self) -> bool:
        return self.is_active and self.role == Role.ADMIN

    @cached_property
    def company_teams(self) -> list[Team]:
        """All teams of the company by name, asked for once: an advisor object lives as long as a request.

        Each knows as `managed` whether this advisor manages it; None: is no member of it.
        """
        own = FilteredRelation("memberships", condition=Q(memberships__advisor_id=self.pk))
        teams = Team.objects.existing().filter(company_id=self.company_id).annotate(own=own)
        return list(teams.annotate(managed=F("own__is_manager")).order_by("name", "pk"))  # type: ignore[no-redef]

    def forget_teams(self) -> None:
        """Ask for `company_teams` again: they have just been changed."""
        vars(self).pop("company_teams", None)

    def team_ids(self) -> frozenset[int]:
        """The teams that this advisor is a member of."""
        return frozenset(team.id for team in self.company_teams if team.managed is not None)

    def readable_team_ids(self) -> frozenset[int]:
        """The teams whose tickets this advisor may read.

        One's own; all of the company for an administrator, and for a manager where the company lets
        managers read all teams.
        """
        if self.is_admin or (self.company.managers_read_all and self.manages_any()):
            return frozenset(team.id for team in self.company_teams)
        return self.team_ids()

    def readable_teams(self) -> list[Team]:
        """The same teams, by name."""
        ids = self.readable_team_ids()
        return [team for team in self.company_teams if team.id in ids]

    def writable_team_ids(self) -> frozenset[int]:
        """The teams on whose tickets this advisor may work."""
        if not self.may_write:
            return frozenset()
        return self.readable_team_ids() if self.is_admin else self.team_ids()

    def manages_any(self) -> bool:
        return any(team.managed for team in self.company_teams)


class Membership(Tenant):
    """An advisor in a team: a member, or one of its managers."""

    advisor = models.ForeignKey(
        Advisor,
        on_delete=models.CASCADE,
        related_name="memberships",
        db_constraint=False,
        db_index=False,
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships", db_constraint=False)
    is_manager = models.BooleanField(default=False)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("advisor"),
            SameCompany("team"),
            models.UniqueConstraint(fields=["company", "advisor", "team"], name="accounts_membership_once"),
        ]


class AuditEntry(Tenant):
    """One change of a setting. `audit.record()` writes it; the database lets nobody rewrite it."""

    class Action(models.TextChoices):
        ADDED = "added", _("Added")
        CHANGED = "changed", _("Changed")
        REMOVED = "removed", _("Removed")

    at = models.DateTimeField()
    kind = models.CharField(max_length=30)  # audit.Kind
    action = models.CharField(max_length=10, choices=Action)
    what = models.CharField(max_length=254)  # the name that the thing had
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False)
    by = models.ForeignKey(
        Advisor, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    by_name = models.CharField(max_length=100, blank=True)  # as it was then; empty: the operator
    changes = models.JSONField(default=dict)  # field: [before, after]

    class Meta:
        verbose_name_plural = "audit entries"
        constraints = [OWN_COMPANY, SameCompany("team"), SameCompany("by")]
        indexes = [
            models.Index(fields=["company", "-id"], name="accounts_audit_newest"),
            models.Index(fields=["company", "team", "-id"], name="accounts_audit_of_team"),
        ]


class Invitation(Tenant):
    """Somebody who may become an advisor by a mail. Only a digest of its token is kept."""

    LIFETIME = timedelta(days=7)

    email = models.EmailField(_("email"))
    name = models.CharField(_("name"), max_length=100, blank=True)
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.ADVISOR)
    token_digest = models.CharField(max_length=64, unique=True)  # of the mail that was sent last
    invited_by = models.ForeignKey(
        Advisor, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("invited_by"),
            models.UniqueConstraint(
                "company",
                Lower("email"),
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="accounts_invitation_one_open",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class InvitedTo(Tenant):
    """A team that an invitation leads to."""

    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, related_name="teams", db_constraint=False, db_index=False
    )
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    is_manager = models.BooleanField(default=False)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("invitation"),
            SameCompany("team"),
            models.UniqueConstraint(fields=["company", "invitation", "team"], name="accounts_invitedto_once"),
        ]
