"""The table of permissions, asked of the pages: who may do what, and what everybody else is told.

"yes" is done or shown, "no" is 403, "hidden" is the 404 of something that was never there. `marc` manages
Parts: he reads Service's tickets where the company lets managers read all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from django.test import Client

from emailhub.accounts.models import Advisor, Membership, User
from emailhub.accounts.permissions import (
    may_manage,
    may_manage_any,
    may_manage_company,
    may_read_settings,
    may_release_held,
    may_see_held,
)
from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from tests.cast import Cast
from tests.web.conftest import SignIn

WHO = ("vera", "ben", "ana", "olga", "marc", "pat", "frank")
YES, NO, HIDDEN = "yes", "no", "hidden"
ANSWERS = {200: YES, 204: YES, 302: YES, 403: NO, 404: HIDDEN}


@dataclass(frozen=True)
class Act:
    """Something that one does on a page about the team Service."""

    name: str
    method: str
    path: str
    data: Mapping[str, str]
    answers: tuple[str, ...]  # to each of WHO


TABLE = (
    Act("read a ticket", "GET", "/tickets/1/", {}, (YES, YES, YES, YES, YES, HIDDEN, HIDDEN)),
    Act(
        "send",
        "POST",
        "/tickets/1/replies/",
        {"to": "carla@customer.example", "text": "Hello", "key": "6f9619ff8b86d011b42d00cf4fc964ff"},
        (NO, YES, YES, YES, NO, HIDDEN, HIDDEN),
    ),
    Act(
        "write a note",
        "POST",
        "/tickets/1/notes/",
        {"text": "Hello", "key": "6f9619ff8b86d011b42d00cf4fc964fe"},
        (NO, YES, YES, YES, NO, HIDDEN, HIDDEN),
    ),
    Act(
        "assign",
        "POST",
        "/tickets/1/assignment/",
        {},
        (NO, YES, YES, YES, NO, HIDDEN, HIDDEN),
    ),
    Act(
        "read EmailHub's settings",
        "GET",
        "/manage/teams/{team}/emailhub/",
        {},
        (NO, YES, YES, YES, HIDDEN, HIDDEN, HIDDEN),
    ),
    Act(
        "change the display name",
        "POST",
        "/manage/teams/{team}/emailhub/display-name/",
        {"name": "Workshop"},
        (NO, NO, YES, YES, HIDDEN, HIDDEN, HIDDEN),
    ),
    Act(
        "switch EmailHub off",
        "POST",
        "/manage/teams/{team}/emailhub/switch/",
        {"enabled": "0"},
        (NO, NO, YES, YES, HIDDEN, HIDDEN, HIDDEN),
    ),
    Act(
        "rename the team",
        "POST",
        "/manage/teams/{team}/",
        {"name": "Workshop"},
        (NO, NO, YES, YES, HIDDEN, HIDDEN, HIDDEN),
    ),
    Act(
        "set its hours",
        "POST",
        "/manage/teams/{team}/hours/",
        {"0-0-from": "08:00", "0-0-to": "17:00"},
        (NO, NO, YES, YES, HIDDEN, HIDDEN, HIDDEN),
    ),
    Act(
        "take a member out",
        "POST",
        "/manage/teams/{team}/members/{ben}/",
        {"_method": "DELETE"},
        (NO, NO, YES, YES, HIDDEN, HIDDEN, HIDDEN),
    ),
    Act(
        "invite into it",
        "POST",
        "/manage/invitations/",
        {"email": "nora@x.example", "role": "advisor", "team": "{team}"},
        (NO, NO, YES, YES, "refused", NO, "refused"),
    ),
    Act(
        "remove an advisor",
        "POST",
        "/manage/advisors/{ben}/activity/",
        {"_method": "DELETE"},
        (NO, NO, YES, YES, NO, NO, HIDDEN),
    ),
    Act(
        "give a role",
        "POST",
        "/manage/advisors/{ben}/role/",
        {"role": "admin"},
        (NO, NO, NO, YES, NO, NO, NO),
    ),
    Act("create a team", "POST", "/manage/teams/", {"name": "Third"}, (NO, NO, NO, YES, NO, NO, NO)),
    Act(
        "delete the team",
        "POST",
        "/manage/teams/{team}/removal/",
        {"heir": "{parts}"},
        (NO, NO, NO, YES, NO, NO, NO),
    ),
    Act(
        "change the company",
        "POST",
        "/manage/company/",
        {"name": "Dealer", "slug": "dealer", "language": "en", "time_zone": "Europe/Madrid"},
        (NO, NO, NO, YES, NO, NO, NO),
    ),
    Act("see the audit", "GET", "/manage/audit/", {}, (NO, NO, YES, YES, YES, NO, YES)),
)


@pytest.fixture
def marc(cast: Cast) -> Advisor:
    """Manager of Parts."""
    with company(cast.dealer.id):
        user = User.objects.create_user("marc@dealer.example", name="Marc", language="en")
        advisor = Advisor.objects.create(company=cast.dealer, user=user, default_team=cast.parts)
        Membership.objects.create(company=cast.dealer, advisor=advisor, team=cast.parts, is_manager=True)
    return advisor


def do(client: Client, act: Act, cast: Cast) -> str:
    """Do it, and tell the answer in the words of the table."""
    ids = {"team": cast.service.pk, "parts": cast.parts.pk, "ben": cast.ben.pk}
    data = {name: value.format(**ids) for name, value in act.data.items()}
    path = act.path.format(**ids)
    answer = client.get(path) if act.method == "GET" else client.post(path, data)
    return ANSWERS.get(answer.status_code, "refused")


@pytest.mark.usefixtures("ticket")
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("act", TABLE, ids=lambda act: act.name)
def test_the_table_of_permissions(cast: Cast, marc: Advisor, sign_in: SignIn, act: Act, who: str) -> None:
    client = sign_in(marc if who == "marc" else getattr(cast, who))
    assert do(client, act, cast) == act.answers[WHO.index(who)]


@pytest.mark.usefixtures("ticket")
@pytest.mark.parametrize("act", TABLE[:4], ids=lambda act: act.name)
def test_where_managers_do_not_read_all_another_teams_ticket_is_hidden(
    cast: Cast, marc: Advisor, sign_in: SignIn, act: Act
) -> None:
    cast.dealer.managers_read_all = False
    cast.dealer.save()
    assert do(sign_in(marc), act, cast) == HIDDEN


QUESTIONS: Mapping[str, tuple[Callable[..., bool], tuple[bool, ...]]] = {
    # of                      vera   ben    ana    olga   marc   pat
    "see held mail": (may_see_held, (False, True, True, True, True, False)),
    "release held mail": (may_release_held, (False, True, True, True, False, False)),
    "read settings": (may_read_settings, (False, True, True, True, False, False)),
    "change settings": (may_manage, (False, False, True, True, False, False)),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_pages_ask_about_a_team(cast: Cast, marc: Advisor, question: str) -> None:
    may, answers = QUESTIONS[question]
    with company(cast.dealer.id):
        people = (cast.vera, cast.ben, cast.ana, cast.olga, marc, cast.pat)
        assert tuple(may(person, cast.service) for person in people) == answers


def test_what_pages_ask_about_the_company(inside: Cast, marc: Advisor) -> None:
    people = (inside.vera, inside.ben, inside.ana, inside.olga, marc, inside.pat)
    assert [may_manage_company(person) for person in people] == [False, False, False, True, False, False]
    assert [may_manage_any(person) for person in people] == [False, False, True, True, True, False]


def test_who_works_here_no_more_may_nothing(inside: Cast) -> None:
    for person in (inside.ana, inside.olga):
        person.is_active = False
        assert not may_manage(person, inside.service)
        assert not may_read_settings(person, inside.service)
        assert not may_manage_any(person)
        assert not may_manage_company(person)


def test_who_may_look_at_a_team_s_settings_is_led_to_manage(
    cast: Cast, ticket: Ticket, sign_in: SignIn
) -> None:
    shown = {
        who: 'href="/manage/"' in sign_in(getattr(cast, who)).get("/tickets/").content.decode()
        for who in ("vera", "ben", "ana", "olga")
    }
    assert shown == {"vera": False, "ben": True, "ana": True, "olga": True}
