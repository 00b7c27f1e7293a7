"""Sign in at Microsoft: for the application, and for a person with a code that is bound to the browser."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest

from emailhub.accounts.tenancy import company
from emailhub.channels.graph import sign_in
from emailhub.channels.graph.account import Account, keep_secrets
from emailhub.channels.graph.trouble import SignInError
from emailhub.delivery.models import Connection
from tests.cast import CARLA, Cast
from tests.conftest import as_owner
from tests.letters import letter

from .conftest import SUPPORT, TENANT, Connected, connect
from .double import Double

RETURN = "https://desk.example/manage/microsoft-365/return/"
ANA = "ana@dealer.example"


def came_back(double: Double, flow: dict[str, object], user: str = ANA) -> dict[str, str]:
    """What the browser brings back after this person has signed in."""
    asked = {name: values[0] for name, values in parse_qs(urlsplit(str(flow["auth_uri"])).query).items()}
    assert asked["code_challenge_method"] == "S256"
    back = urlsplit(double.login.authorize(TENANT, asked, user))
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def signed_in(double: Double) -> sign_in.Person:
    flow = sign_in.begin(redirect_uri=RETURN, mailbox_rights=True)
    return sign_in.finish(flow, came_back(double, flow))


@pytest.fixture
def by_person(committed_cast: Cast, double: Double) -> Connected:
    """Service's mailbox by Ana's right."""
    connected = connect(committed_cast, double, mode="person")
    keep_secrets(connected.connection.pk, committed_cast.dealer.id, cache=signed_in(double).cache)
    return connected


def test_who_signed_in_and_of_which_tenant_is_what_the_token_endpoint_says(double: Double) -> None:
    person = signed_in(double)
    assert (person.user, person.tenant) == (ANA, TENANT)
    assert "planted-refresh" not in repr(person)


def test_a_code_with_another_state_is_not_exchanged(double: Double) -> None:
    flow = sign_in.begin(redirect_uri=RETURN, mailbox_rights=True)
    answer = came_back(double, flow) | {"state": "another-browser-s"}
    with pytest.raises(SignInError) as error:
        sign_in.finish(flow, answer)
    assert error.value.trouble.problem == "graph_state"
    assert double.login.token_requests == []


def test_a_stolen_code_is_worthless_without_the_verifier(double: Double) -> None:
    theirs = sign_in.begin(redirect_uri=RETURN, mailbox_rights=True)
    stolen = came_back(double, theirs)
    mine = sign_in.begin(redirect_uri=RETURN, mailbox_rights=True)
    with pytest.raises(SignInError):
        sign_in.finish(mine, stolen | {"state": str(mine["state"])})


def test_a_mailbox_is_read_by_a_persons_right_and_each_renewed_token_is_kept(by_person: Connected) -> None:
    double = by_person.double
    by_person.mailbox.receive(letter(CARLA, SUPPORT))
    assert by_person.visit().state == Connection.State.WORKING
    for _ in range(2):  # each time the refresh token is another one, and the earlier is worth nothing
        double.forget_tokens()
        assert by_person.visit().state == Connection.State.WORKING
    grants = [request["grant_type"] for request in double.login.token_requests]
    assert grants == ["authorization_code", "refresh_token", "refresh_token"]


def test_tokens_are_nowhere_in_the_database_to_be_read(by_person: Connected) -> None:
    by_person.visit()
    with as_owner() as database:
        [row] = database.execute("SELECT c::text, sealed FROM delivery_connection c").fetchall()
    text = str(row[0]) + bytes(row[1]).decode("latin-1")  # type: ignore[call-overload]
    assert "planted" not in text


def test_a_dead_refresh_token_stops_the_mailbox_and_says_sign_in_again(by_person: Connected) -> None:
    double = by_person.double
    double.forget_tokens()
    double.login.refresh_tokens.clear()
    by_person.mailbox.receive(letter(CARLA, SUPPORT))
    connection = by_person.visit()
    assert (connection.state, connection.problem) == (Connection.State.STOPPED, "graph_sign_in")

    keep_secrets(connection.pk, connection.company_id, cache=signed_in(double).cache)
    assert by_person.visit().state == Connection.State.WORKING


def test_tokens_that_another_key_sealed_stop_it_and_say_so(by_person: Connected, settings: object) -> None:
    settings.SECRET_KEY = "another-key-of-more-than-thirty-two-characters"  # type: ignore[attr-defined]
    assert by_person.visit().problem == "sealed_elsewhere"


def test_a_person_may_not_subscribe_so_the_mailbox_is_looked_at_every_minute(by_person: Connected) -> None:
    by_person.visit()
    assert not by_person.double.asked("POST /subscriptions")


def test_the_consent_is_asked_of_the_right_tenant_with_the_state(double: Double) -> None:
    url = urlsplit(sign_in.consent_url(TENANT, redirect_uri=RETURN, state="s1"))
    assert url.path == f"/{TENANT}/adminconsent"
    assert parse_qs(url.query) == {
        "client_id": [double.login.client_id],
        "redirect_uri": [RETURN],
        "state": ["s1"],
    }


def test_an_account_shows_no_secret(by_person: Connected) -> None:
    with company(by_person.cast.dealer.id):
        connection = Connection.objects.get()
        shown = repr(Account.of(connection)) + json.dumps(connection.settings)
    assert "planted" not in shown
