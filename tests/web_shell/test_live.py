"""The event stream: who hears what, how it ends, and that nothing is missed when the database comes back."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from emailhub.accounts.models import Advisor, Membership
from emailhub.accounts.second_factor import demand
from emailhub.accounts.sessions import end_all_sessions
from emailhub.accounts.tenancy import company
from emailhub.desk.live import announce
from tests.cast import Cast
from tests.cli.installation import wait_until
from tests.conftest import as_owner
from tests.web_shell.conftest import Cookie, Server, read_head

RESYNC = {"kind": "resync"}
Listen = Callable[[str], "Stream"]


class Stream:
    """An open page's stream of events."""

    def __init__(self, client: socket.socket) -> None:
        self.head = read_head(client)
        self._file = client.makefile("rb")

    def next(self) -> dict[str, object] | None:
        """The next event; None when the stream has ended."""
        for line in self._file:
            if line == b"0\r\n":  # the last chunk
                return None
            if line.startswith(b"data: "):
                event: dict[str, object] = json.loads(line[6:])
                return event
        return None


@pytest.fixture
def listen(server: Server) -> Listen:
    """Open a stream, and return it once it hears."""

    def opened(cookie: str) -> Stream:
        stream = Stream(server.ask("GET", "/events", cookie))
        wait_until(lambda: listeners() > 0)
        return stream

    return opened


def listeners() -> int:
    with as_owner() as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN emailhub_live' AND state = 'idle'"
            " AND datname = current_database()"
        ).fetchone()
    assert row
    return int(str(row[0]))


def tell(cast: Cast, ticket_id: int, *, team: str = "service") -> None:
    firm, of = (cast.farm, cast.office) if team == "office" else (cast.dealer, getattr(cast, team))
    with company(firm.id):
        announce(firm.id, of.id, ticket_id, "ticket", ticket_id)


def after_resync(stream: Stream) -> dict[str, object] | None:
    """The first event that is not the one by which the first page of a process is told to load afresh."""
    event = stream.next()
    return stream.next() if event == RESYNC else event


def test_a_page_hears_of_its_teams_and_of_nobody_elses(
    listen: Listen, cookie: Cookie, committed_cast: Cast
) -> None:
    pat = listen(cookie(committed_cast.pat))
    frank = listen(cookie(committed_cast.frank))
    assert "text/event-stream" in pat.head
    tell(committed_cast, 1)
    tell(committed_cast, 2, team="office")
    tell(committed_cast, 3, team="parts")
    heard = after_resync(pat)
    assert heard == {
        "company": committed_cast.dealer.id,
        "team": committed_cast.parts.id,
        "ticket": 3,
        "kind": "ticket",
        "id": 3,
    }
    other = after_resync(frank)
    assert other and other["ticket"] == 2


@pytest.mark.parametrize(
    "wish", ["?team=1&team=%25", "?channel=*", "?company=%25&advisor=*", "?id=%27%20OR%201=1"]
)
def test_a_page_hears_no_more_for_wishing(
    listen: Listen, server: Server, cookie: Cookie, committed_cast: Cast, wish: str
) -> None:
    """W2: whose the session is decides, and no word in the address."""
    pat = Stream(server.ask("GET", f"/events{wish}", cookie(committed_cast.pat)))
    wait_until(lambda: listeners() > 0)
    tell(committed_cast, 1)
    tell(committed_cast, 2, team="office")
    tell(committed_cast, 3, team="parts")
    heard = after_resync(pat)
    assert heard and heard["ticket"] == 3


def test_signing_out_from_elsewhere_ends_the_stream(
    listen: Listen, cookie: Cookie, committed_cast: Cast
) -> None:
    ben, ana = listen(cookie(committed_cast.ben)), listen(cookie(committed_cast.ana))
    end_all_sessions(by=committed_cast.ben.user)
    assert after_resync(ben) is None
    tell(committed_cast, 4)
    heard = after_resync(ana)
    assert heard and heard["ticket"] == 4


def test_a_demanded_second_factor_ends_the_streams_of_who_has_none(
    listen: Listen, server: Server, cookie: Cookie, committed_cast: Cast
) -> None:
    ben = cookie(committed_cast.ben)
    stream = listen(ben)
    with company(committed_cast.dealer.id):
        demand(committed_cast.dealer, True, by=committed_cast.olga, now=timezone.now())
    assert after_resync(stream) is None
    assert read_head(server.ask("GET", "/events", ben)).startswith("HTTP/1.1 403")


def test_nobody_hears_without_a_session(server: Server, cookie: Cookie) -> None:
    for header in ("", "emailhub_session=guessed", "; ==;"):
        assert read_head(server.ask("GET", "/events", header)).startswith("HTTP/1.1 403")


def end_membership(cast: Cast) -> None:
    with company(cast.dealer.id):
        Membership.objects.filter(advisor=cast.ben).delete()


def end_advisor(cast: Cast) -> None:
    with company(cast.dealer.id):
        Advisor.objects.filter(pk=cast.ben.pk).update(is_active=False)


def end_password(cast: Cast) -> None:
    user = cast.ben.user
    user.set_password("another battery staple")
    user.save()


@pytest.mark.parametrize("end", [end_membership, end_advisor, end_password])
def test_a_stream_ends_when_its_access_changes(
    listen: Listen, cookie: Cookie, committed_cast: Cast, end: Callable[[Cast], None]
) -> None:
    ben, ana = listen(cookie(committed_cast.ben)), listen(cookie(committed_cast.ana))
    end(committed_cast)
    assert after_resync(ben) is None
    tell(committed_cast, 4)
    heard = after_resync(ana)
    assert heard and heard["ticket"] == 4


def test_a_companys_streams_end_when_it_decides_what_managers_read(
    listen: Listen, cookie: Cookie, committed_cast: Cast
) -> None:
    ana, frank = listen(cookie(committed_cast.ana)), listen(cookie(committed_cast.frank))
    committed_cast.dealer.name = "Dealers"
    committed_cast.dealer.save()  # of no matter to a stream
    tell(committed_cast, 7, team="parts")
    heard = after_resync(ana)
    assert heard and heard["ticket"] == 7
    committed_cast.dealer.managers_read_all = False
    committed_cast.dealer.save()
    assert ana.next() is None
    tell(committed_cast, 8, team="office")
    heard = after_resync(frank)
    assert heard and heard["ticket"] == 8
    again = listen(cookie(committed_cast.ana))
    tell(committed_cast, 9, team="parts")
    tell(committed_cast, 10)
    heard = after_resync(again)
    assert heard and heard["ticket"] == 10


def test_signing_out_ends_the_stream(server: Server, listen: Listen, committed_cast: Cast) -> None:
    client = Client(headers={"host": "localhost"})
    client.force_login(committed_cast.ben.user)
    stream = listen(f"emailhub_session={client.cookies['emailhub_session'].value}")
    client.logout()
    assert after_resync(stream) is None


def test_a_lost_connection_to_the_database_makes_pages_load_afresh(
    listen: Listen, cookie: Cookie, committed_cast: Cast
) -> None:
    ana = listen(cookie(committed_cast.ana))
    tell(committed_cast, 5)
    assert after_resync(ana)
    with as_owner() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN emailhub_live'"
            " AND datname = current_database()"
        )
    assert ana.next() == RESYNC
    tell(committed_cast, 6)
    heard = ana.next()
    assert heard and heard["ticket"] == 6


def test_a_page_that_does_not_read_is_told_once_to_load_afresh(
    listen: Listen, cookie: Cookie, committed_cast: Cast
) -> None:
    ana = listen(cookie(committed_cast.ana))
    with company(committed_cast.dealer.id):
        for number in range(20_000):
            announce(committed_cast.dealer.id, committed_cast.service.id, number, "ticket", number)
    events = []
    while not events or events[-1] is None or events[-1].get("ticket") != 19_999:
        events.append(ana.next())
        assert events[-1] is not None
    assert len(events) < 20_000
    assert RESYNC in events[1:]


def test_stopping_ends_open_streams(
    server: Server, listen: Listen, cookie: Cookie, committed_cast: Cast
) -> None:
    streams = [listen(cookie(committed_cast.ana)) for _ in range(5)]
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 5
    assert [after_resync(stream) for stream in streams] == [None] * 5
