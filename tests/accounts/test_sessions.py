"""What the database knows of sessions, and what ends them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from emailhub.accounts.models import Role, Session
from emailhub.accounts.sessions import SessionStore, digest, forget_expired
from emailhub.accounts.tenancy import company
from tests.cast import Cast
from tests.conftest import as_owner


def signed_in(cast: Cast, name: str = "ben") -> Client:
    client = Client(headers={"host": "localhost", "user-agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"})
    client.force_login(getattr(cast, name).user)
    return client


def key_of(client: Client) -> str:
    return client.cookies["emailhub_session"].value


def is_in(client: Client) -> bool:
    return client.get("/tickets/").status_code == 200


def test_the_database_holds_neither_the_key_nor_the_content(committed_cast: Cast) -> None:
    client = signed_in(committed_cast)
    session = client.session
    session["canary"] = "canary-7f3a"
    session.save()
    with as_owner() as owner:
        (row,) = owner.execute("SELECT s::text FROM accounts_session s").fetchall()
    assert key_of(client) not in str(row)
    assert "canary" not in str(row)
    assert digest(key_of(client)) in str(row)
    assert client.session["canary"] == "canary-7f3a"


def test_what_stands_in_the_database_opens_no_session(cast: Cast) -> None:
    client = signed_in(cast)
    thief = Client(headers={"host": "localhost"})
    thief.cookies["emailhub_session"] = digest(key_of(client))
    assert is_in(client)
    assert not is_in(thief)


def test_a_row_that_was_moved_under_another_key_holds_nothing(cast: Cast) -> None:
    """Who can write the database cannot hand one session's content to another cookie."""
    ben, own = signed_in(cast), SessionStore()
    own.create()
    Session.objects.filter(pk=digest(str(own.session_key))).update(
        session_data=Session.objects.get(pk=digest(key_of(ben))).session_data
    )
    assert SessionStore(own.session_key).load() == {}


def test_the_row_says_whose_session_it_is_and_where(cast: Cast) -> None:
    client = signed_in(cast)
    client.get("/tickets/", REMOTE_ADDR="192.0.2.7")
    row = Session.objects.get(pk=digest(key_of(client)))
    assert (row.user_id, row.address) == (cast.ben.user_id, "192.0.2.7")
    assert "Firefox" in row.browser
    assert row.session_data != ""


def test_use_is_noted_again_only_after_a_while(cast: Cast) -> None:
    client = signed_in(cast)
    client.get("/tickets/")
    first = Session.objects.get(pk=digest(key_of(client))).seen_at
    client.get("/tickets/")
    assert Session.objects.get(pk=digest(key_of(client))).seen_at == first
    Session.objects.update(seen_at=first - timedelta(hours=1))
    client.get("/tickets/")
    assert Session.objects.get(pk=digest(key_of(client))).seen_at > first


def test_expired_sessions_are_forgotten(cast: Cast) -> None:
    client = signed_in(cast)
    signed_in(cast, "ana")
    Session.objects.filter(user=cast.ben.user).update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_in(client)
    forget_expired(now=timezone.now())
    assert [session.user_id for session in Session.objects.all()] == [cast.ana.user_id]


def change_password(cast: Cast) -> None:
    cast.ben.user.set_password("another horse, another battery")
    cast.ben.user.save()


def switch_off_the_user(cast: Cast) -> None:
    cast.ben.user.is_active = False
    cast.ben.user.save()


def switch_off_the_advisor(cast: Cast) -> None:
    type(cast.ben).objects.filter(pk=cast.ben.pk).update(is_active=False)


def change_role(cast: Cast) -> None:
    type(cast.ben).objects.filter(pk=cast.ben.pk).update(role=Role.VIEW_ONLY)


@pytest.mark.parametrize(
    "change", [change_password, switch_off_the_user, switch_off_the_advisor, change_role]
)
def test_a_session_ends_with_what_it_was_opened_with(cast: Cast, change: Callable[[Cast], None]) -> None:
    """All of the user's, nobody else's, in the same commit."""
    clients = [signed_in(cast), signed_in(cast), signed_in(cast, "ana")]
    with company(cast.dealer.id):
        change(cast)
    assert list(Session.objects.values_list("user_id", flat=True)) == [cast.ana.user_id]
    assert [is_in(client) for client in clients] == [False, False, True]


def test_a_change_that_changes_nothing_ends_nothing(cast: Cast) -> None:
    client = signed_in(cast)
    with company(cast.dealer.id):
        cast.ben.save()
    cast.ben.user.save()
    assert is_in(client)
