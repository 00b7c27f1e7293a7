"""Invitations: a mail with a token lets one person in, once, until it is a week old.

The database knows only a digest of the token. Each sending makes a new one and ends the former.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from .audit import Action, Change, Kind, record
from .company_mail import CompanyMail
from .errors import (
    AlreadyAdvisorError,
    AlreadyInvitedError,
    HasLogInError,
    NoTeamError,
    OtherPersonError,
    UsedInvitationError,
    ViewOnlyManagerError,
)
from .models import Advisor, Invitation, InvitedTo, Membership, Role, Team, User
from .permissions import manageable_team_ids, may_give, require

_TOKEN_OCTETS = 24  # 192 random bits


def invite(
    email: str, *, name: str, role: Role, teams: Mapping[int, bool], by: Advisor, now: datetime
) -> Invitation:
    """Invite somebody into teams, given by id and whether as a manager, and send the mail.

    Raises NoTeamError, ViewOnlyManagerError, AlreadyAdvisorError, AlreadyInvitedError.
    """
    _refuse_without_team(role, teams)
    require(may_give(by, role, teams))
    email = email.strip().lower()
    refuse_to_invite(email, role=role, teams=teams)
    token = secrets.token_urlsafe(_TOKEN_OCTETS)
    with transaction.atomic():
        invitation = Invitation.objects.create(
            company_id=by.company_id,
            email=email,
            name=" ".join(name.split())[:100],
            role=role,
            token_digest=digest(token),
            invited_by=by,
            created_at=now,
            sent_at=now,
            expires_at=now + Invitation.LIFETIME,
        )
        InvitedTo.objects.bulk_create(
            InvitedTo(company_id=by.company_id, invitation=invitation, team_id=team_id, is_manager=is_manager)
            for team_id, is_manager in teams.items()
        )
        _record(invitation, Action.ADDED, by=by, now=now, role=Change("", role))
        _send(invitation, token, by=by)
    return invitation


def refuse_to_invite(email: str, *, role: Role, teams: Mapping[int, bool]) -> None:
    """Raise what invite() would raise, before anything is sent."""
    _refuse_without_team(role, teams)
    if role == Role.VIEW_ONLY and any(teams.values()):
        raise ViewOnlyManagerError
    if Advisor.objects.filter(user__email=email, is_active=True).exists():
        raise AlreadyAdvisorError(email)
    if open_invitations().filter(email=email).exists():
        raise AlreadyInvitedError(email)


def _refuse_without_team(role: Role, teams: Mapping[int, bool]) -> None:
    if not teams and role != Role.ADMIN:
        raise NoTeamError


def open_invitations() -> QuerySet[Invitation]:
    """Those of the company that are neither accepted nor withdrawn; perhaps too old."""
    return Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)


def invitations_for(advisor: Advisor) -> QuerySet[Invitation]:
    """The open ones that the advisor may send again or withdraw, the newest first.

    All of the company to an administrator; to a manager those that lead to no team but their own.
    """
    found = open_invitations().filter(company_id=advisor.company_id)
    if not advisor.is_admin:
        own = manageable_team_ids(advisor)
        elsewhere = InvitedTo.objects.exclude(team_id__in=own).values("invitation_id")
        found = found.filter(teams__team_id__in=own).exclude(role=Role.ADMIN).exclude(pk__in=elsewhere)
    return found.distinct().order_by("-created_at", "-pk").prefetch_related("teams__team")


def send_again(invitation: Invitation, *, by: Advisor, now: datetime) -> None:
    """Send it with a new token; the one that was sent before is worth nothing any more."""
    _require_own(invitation, by)
    token = secrets.token_urlsafe(_TOKEN_OCTETS)
    with transaction.atomic():
        invitation.token_digest = digest(token)
        invitation.sent_at, invitation.expires_at = now, now + Invitation.LIFETIME
        invitation.save(update_fields=["token_digest", "sent_at", "expires_at"])
        _record(invitation, Action.CHANGED, by=by, now=now, sent_again=Change("", now.isoformat()))
        _send(invitation, token, by=by)


def withdraw(invitation: Invitation, *, by: Advisor, now: datetime) -> None:
    """End it. Its mail leads nowhere from now on."""
    _require_own(invitation, by)
    with transaction.atomic():
        invitation.withdrawn_at = now
        invitation.save(update_fields=["withdrawn_at"])
        _record(invitation, Action.REMOVED, by=by, now=now)


def company_of_token(token: str) -> int | None:
    """The company into which a token leads, or None. Asked before the company is known."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id FROM company_of_invitation(%s)", [digest(token)])
        row: tuple[int] | None = cursor.fetchone()
        return row[0] if row else None


def find(token: str, *, now: datetime) -> Invitation:
    """The invitation of a token, locked; inside its company. Raises UsedInvitationError."""
    found = open_invitations().select_for_update(of=("self",)).select_related("company", "invited_by__user")
    invitation = found.filter(token_digest=digest(token), expires_at__gt=now).first()
    if invitation is None:
        raise UsedInvitationError
    return invitation


def accept(token: str, *, name: str, password: str, language: str, now: datetime) -> Advisor:
    """Make the invited person a log-in and an advisor; inside the company.

    Raises UsedInvitationError, and HasLogInError where they have a log-in: then it is accept_as().
    """
    with transaction.atomic():
        invitation = find(token, now=now)
        if User.objects.filter(email=invitation.email).exists():
            raise HasLogInError(invitation.email)
        user = User.objects.create_user(
            invitation.email,
            password,
            name=" ".join(name.split())[:100],
            language=language,
            time_zone=invitation.company.time_zone,
        )
        return _let_in(invitation, user, now=now)


def accept_as(user: User, token: str, *, now: datetime) -> Advisor:
    """Let somebody in who has a log-in from another company, or worked here before.

    Raises UsedInvitationError, OtherPersonError.
    """
    with transaction.atomic():
        invitation = find(token, now=now)
        if user.email != invitation.email:
            raise OtherPersonError(invitation.email)
        return _let_in(invitation, user, now=now)


def digest(token: str) -> str:
    """What the database knows of a token. It has 192 random bits: nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _let_in(invitation: Invitation, user: User, *, now: datetime) -> Advisor:
    advisor, _is_new = Advisor.objects.update_or_create(
        company_id=invitation.company_id,
        user=user,
        defaults={"role": invitation.role, "is_active": True},
    )
    for place in invitation.teams.filter(team__deleted_at__isnull=True).order_by("pk"):
        Membership.objects.update_or_create(
            company_id=invitation.company_id,
            advisor=advisor,
            team_id=place.team_id,
            defaults={"is_manager": place.is_manager},
        )
        advisor.default_team_id = advisor.default_team_id or place.team_id
    advisor.save(update_fields=["default_team"])
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    record(Kind.ADVISOR, str(user), by=advisor, at=now, action=Action.ADDED, role=Change("", advisor.role))
    return advisor


def _require_own(invitation: Invitation, by: Advisor) -> None:
    require(invitations_for(by).filter(pk=invitation.pk).exists())


def _record(invitation: Invitation, action: Action, *, by: Advisor, now: datetime, **changes: Change) -> None:
    """About a team, if it leads to one: then that team's managers see it as well."""
    places = list(invitation.teams.select_related("team").all()[:2])
    team: Team | None = places[0].team if len(places) == 1 else None
    record(Kind.INVITATION, invitation.email, by=by, at=now, action=action, team=team, **changes)


def _send(invitation: Invitation, token: str, *, by: Advisor) -> None:
    with translation.override(by.company.language):
        greeting = _("Hello %(name)s,") % {"name": invitation.name} if invitation.name else _("Hello,")
        body = _(
            "%(who)s invites you to %(company)s on EmailHub, where the team answers its customers' email"
            " together.\n\nChoose a password and begin:\n%(url)s\n\nThe link works once, for seven days."
            " If you did not expect this, you need do nothing."
        ) % {
            "who": by.user.name,
            "company": by.company.name,
            "url": f"{settings.URL}/invitations/{token}/",
        }
        subject = _("%(who)s invites you to %(company)s") % {"who": by.user.name, "company": by.company.name}
        CompanyMail(
            by.company_id, to=invitation.email, subject=subject, body=f"{greeting}\n\n{body}\n"
        ).send()
