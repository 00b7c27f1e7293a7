"""Invitations: one mail lets one person in, once."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.db import connection

from emailhub import mail, store
from emailhub.accounts.advisors import end_work
from emailhub.accounts.errors import (
    AlreadyAdvisorError,
    AlreadyInvitedError,
    HasLogInError,
    NoTeamError,
    OtherPersonError,
    UsedInvitationError,
    ViewOnlyManagerError,
)
from emailhub.accounts.invitations import (
    accept,
    accept_as,
    company_of_token,
    find,
    invitations_for,
    invite,
    send_again,
    withdraw,
)
from emailhub.accounts.models import Advisor, Invitation, Membership, Role, User
from emailhub.accounts.permissions import NotPermittedError
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from tests.cast import Cast

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NORA = "nora@dealer.example"
PASSWORD = "a password of some length"


@pytest.fixture(autouse=True)
def _by_the_outbox(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in the product; pytest-django keeps mail in memory otherwise."""
    monkeypatch.setattr(settings, "EMAIL_BACKEND", "emailhub.delivery.backend.OutboxBackend")


def invited(cast: Cast, email: str = NORA, **given: object) -> Invitation:
    """Ana invites Nora into Service, unless it is said otherwise."""
    values: dict[str, object] = {
        "name": "Nora Vidal",
        "role": Role.ADVISOR,
        "teams": {cast.service.id: False},
        "by": cast.ana,
        "now": NOW,
        **given,
    }
    return invite(email, **values)  # type: ignore[arg-type]


def sent_mail(cast: Cast) -> mail.Message:
    row = OutgoingMessage.objects.latest("id")
    return mail.parse(store.get(cast.dealer.id, row.content_key))


def token_in(message: mail.Message) -> str:
    found = re.search(r"/invitations/([\w-]+)/", message.text)
    assert found
    return found[1]


def test_the_invited_person_gets_a_mail_in_the_companys_language(inside: Cast) -> None:
    inside.dealer.language = "es"
    inside.dealer.save()
    inside.ana.company.refresh_from_db()
    invited(inside)
    message = sent_mail(inside)
    assert message.subject == "Ana te invita a Dealer Group"
    assert "Hola, Nora Vidal:" in message.text
    assert OutgoingMessage.objects.latest("id").recipients.get().address == NORA


def test_accepting_makes_a_log_in_an_advisor_and_memberships(inside: Cast) -> None:
    invited(inside, teams={inside.service.id: True, inside.parts.id: False}, by=inside.olga)
    token = token_in(sent_mail(inside))
    nora = accept(token, name="Nora V.", password=PASSWORD, language="es", now=NOW)
    assert (nora.user.email, nora.user.name, nora.user.language) == (NORA, "Nora V.", "es")
    assert nora.user.check_password(PASSWORD)
    assert nora.default_team == inside.service
    memberships = Membership.objects.filter(advisor=nora).values_list("team__name", "is_manager")
    assert set(memberships) == {("Service", True), ("Parts", False)}


def test_a_token_works_once(inside: Cast) -> None:
    invited(inside)
    token = token_in(sent_mail(inside))
    accept(token, name="Nora", password=PASSWORD, language="en", now=NOW)
    with pytest.raises(UsedInvitationError):
        accept(token, name="Nora", password=PASSWORD, language="en", now=NOW)


def test_a_token_is_worth_nothing_after_a_week(inside: Cast) -> None:
    invited(inside)
    token = token_in(sent_mail(inside))
    assert find(token, now=NOW + timedelta(days=7) - timedelta(seconds=1)).email == NORA
    with pytest.raises(UsedInvitationError):
        find(token, now=NOW + timedelta(days=7))


@pytest.mark.parametrize("token", ["", "null", "0", "\0", "None", "x" * 5000])
def test_what_is_no_token_leads_nowhere(inside: Cast, token: str) -> None:
    invited(inside)
    assert company_of_token(token) is None
    with pytest.raises(UsedInvitationError):
        find(token, now=NOW)


def test_the_database_knows_only_a_digest(inside: Cast) -> None:
    invitation = invited(inside)
    token = token_in(sent_mail(inside))
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(row)
    assert company_of_token(row["token_digest"]) is None  # who reads the database cannot use it


def test_sending_again_ends_the_former_link_and_begins_a_new_week(inside: Cast) -> None:
    invitation = invited(inside)
    first = token_in(sent_mail(inside))
    send_again(invitation, by=inside.ana, now=NOW + timedelta(days=6))
    second = token_in(sent_mail(inside))
    assert second != first
    with pytest.raises(UsedInvitationError):
        find(first, now=NOW + timedelta(days=6))
    assert find(second, now=NOW + timedelta(days=12)).email == NORA


def test_a_withdrawn_invitation_leads_nowhere_and_the_person_can_be_invited_anew(inside: Cast) -> None:
    invitation = invited(inside)
    token = token_in(sent_mail(inside))
    withdraw(invitation, by=inside.ana, now=NOW)
    with pytest.raises(UsedInvitationError):
        find(token, now=NOW)
    assert invited(inside).pk != invitation.pk


def test_who_works_here_or_is_invited_is_not_invited_again(inside: Cast) -> None:
    with pytest.raises(AlreadyAdvisorError):
        invited(inside, "BEN@dealer.example")
    invited(inside)
    with pytest.raises(AlreadyInvitedError):
        invited(inside, NORA.upper())


def test_an_advisor_needs_a_team_and_who_only_reads_manages_none(inside: Cast) -> None:
    with pytest.raises(NoTeamError):
        invited(inside, teams={}, by=inside.olga)
    with pytest.raises(ViewOnlyManagerError):
        invited(inside, role=Role.VIEW_ONLY, teams={inside.service.id: True})


def test_a_manager_invites_into_their_own_teams_and_no_administrator(inside: Cast) -> None:
    for given in (
        {"teams": {inside.parts.id: False}},
        {"teams": {inside.service.id: False, inside.parts.id: False}},
        {"role": Role.ADMIN},
        {"teams": {}, "role": Role.ADMIN},
        {"by": inside.ben},
        {"by": inside.vera},
    ):
        with pytest.raises(NotPermittedError):
            invited(inside, **given)
    assert not Invitation.objects.exists()


def test_a_manager_sees_and_withdraws_only_what_leads_to_their_teams(inside: Cast) -> None:
    both = invited(
        inside, "both@x.example", teams={inside.service.id: False, inside.parts.id: False}, by=inside.olga
    )
    admin = invited(inside, "admin@x.example", role=Role.ADMIN, by=inside.olga)
    own = invited(inside)
    assert list(invitations_for(inside.ana)) == [own]
    assert set(invitations_for(inside.olga)) == {own, both, admin}
    for invitation in (both, admin):
        with pytest.raises(NotPermittedError):
            withdraw(invitation, by=inside.ana, now=NOW)


def test_who_has_a_log_in_elsewhere_joins_with_it_and_with_no_other(cast: Cast) -> None:
    with company(cast.dealer.id):
        invited(cast, cast.frank.user.email)
        token = token_in(sent_mail(cast))
        with pytest.raises(HasLogInError):
            accept(token, name="Frank", password=PASSWORD, language="en", now=NOW)
        with pytest.raises(OtherPersonError):
            accept_as(cast.ben.user, token, now=NOW)
        joined = accept_as(cast.frank.user, token, now=NOW)
        assert joined.company == cast.dealer
    assert User.objects.filter(email=cast.frank.user.email).count() == 1


def test_who_worked_here_before_comes_back_by_invitation(inside: Cast) -> None:
    end_work(inside.ben, by=inside.olga, now=NOW)
    invited(inside, inside.ben.user.email, role=Role.VIEW_ONLY)
    back = accept_as(inside.ben.user, token_in(sent_mail(inside)), now=NOW)
    assert back == inside.ben
    assert (back.role, back.is_active) == (Role.VIEW_ONLY, True)


def test_of_many_who_use_a_token_at_once_one_gets_in(committed_cast: Cast) -> None:
    cast = committed_cast
    with company(cast.dealer.id):
        invited(cast)
        token = token_in(sent_mail(cast))
    outcomes: list[str] = []

    def try_it() -> None:
        try:
            with company(cast.dealer.id):
                accept(token, name="Nora", password=PASSWORD, language="en", now=NOW)
            outcomes.append("in")
        except (UsedInvitationError, HasLogInError):
            outcomes.append("refused")
        finally:
            connection.close()

    racers = [threading.Thread(target=try_it) for _ in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join(30)
    assert sorted(outcomes) == ["in"] + ["refused"] * 7
    with company(cast.dealer.id):
        assert Advisor.objects.filter(user__email=NORA).count() == 1


def test_another_company_sees_no_invitation(cast: Cast) -> None:
    with company(cast.dealer.id):
        invited(cast)
        token = token_in(sent_mail(cast))
    assert company_of_token(token) == cast.dealer.id
    with company(cast.farm.id):
        assert not invitations_for(cast.frank).exists()
        with pytest.raises(UsedInvitationError):
            find(token, now=NOW)
