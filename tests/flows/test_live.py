"""The live stream through the real shell: who hears what, and when it ends."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from emailhub.accounts.models import Advisor, Membership, Role
from emailhub.accounts.sessions import end_all_sessions
from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from tests.cast import Cast
from tests.letters import letter

from .mails import CARLA, MALLORY
from .product import Product, eventually

AT_MOST = 5.0  # seconds from a change of rights to the end of the stream


class Stream:
    """An open /events of somebody. `events` grows; `ended` is set when the server closes it."""

    def __init__(self, product: Product, cookie: str) -> None:
        self.events: list[dict[str, object]] = []
        self.ended = threading.Event()
        self._connection = http.client.HTTPConnection(urlsplit(product.url).netloc, timeout=120)
        self._connection.request("GET", "/events", headers={"Cookie": cookie})
        self.answer = self._connection.getresponse()
        self._reader = threading.Thread(target=self._read, daemon=True)
        if self.answer.status == 200:
            self._reader.start()

    def _read(self) -> None:
        for line in self.answer:
            if line.startswith(b"data: "):
                self.events.append(json.loads(line[6:]))
        self.ended.set()

    def tickets(self) -> set[object]:
        return {event.get("ticket") for event in list(self.events)} - {None}

    def close(self) -> None:
        if self._connection.sock:
            self._connection.sock.close()


def session_of(advisor: Advisor) -> tuple[str, Client]:
    client = Client(headers={"host": "localhost"})
    client.force_login(advisor.user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={value}", client


Listen = Callable[[Advisor], Stream]


@pytest.fixture
def listen(product: Product) -> Iterator[Listen]:
    """Open a stream that hears: the server says once that it listens."""
    streams: list[Stream] = []

    def start(advisor: Advisor) -> Stream:
        stream = Stream(product, session_of(advisor)[0])
        streams.append(stream)
        assert stream.answer.status == 200
        return stream

    yield start
    for stream in streams:
        stream.close()


def test_only_who_may_read_a_ticket_hears_of_it(product: Product, people: Cast, listen: Listen) -> None:
    names = ("ana", "vera", "olga", "pat", "frank")
    streams = {name: listen(getattr(people, name)) for name in names}
    for number in range(5):
        product.mail(letter(CARLA, subject=f"Service {number}"))
    product.mail(letter(MALLORY, to=people.parts_address, subject="Parts"), to=people.parts_address)
    product.mail(letter(MALLORY, to=people.office_address, subject="Office"), to=people.office_address)
    product.wait_until_idle()
    with company(people.dealer.id):
        service, parts = (
            set(Ticket.objects.filter(team=t).values_list("pk", flat=True))
            for t in (people.service, people.parts)
        )
    with company(people.farm.id):
        office = set(Ticket.objects.values_list("pk", flat=True))
    for name, expected in {
        "ana": service | parts,
        "vera": service,
        "olga": service | parts,
        "pat": parts,
        "frank": office,
    }.items():
        eventually(lambda s=streams[name], e=expected: s.tickets() >= e, wanted=f"{name}'s events")  # type: ignore[misc]
    # Each has heard the last of its own, so that whatever was to come before has come.
    assert streams["vera"].tickets() == service
    assert streams["pat"].tickets() == parts
    assert streams["frank"].tickets() == office
    assert all(
        set(event) <= {"company", "team", "ticket", "kind", "id"}
        for stream in streams.values()
        for event in stream.events
    )


@pytest.mark.parametrize("query", ["?team=1", "?company=1&team=%25", "?channel=*"])
def test_nobody_chooses_what_to_hear(product: Product, people: Cast, query: str) -> None:
    cookie, _ = session_of(people.frank)
    connection = http.client.HTTPConnection(urlsplit(product.url).netloc, timeout=60)
    connection.request("GET", f"/events{query}", headers={"Cookie": cookie})
    answer = connection.getresponse()
    product.mail(letter(CARLA))
    product.wait_until_idle()
    connection.sock.settimeout(2)
    heard = b""
    try:
        while chunk := answer.read1(4096):
            heard += chunk
    except TimeoutError:
        pass
    connection.close()
    assert b'"ticket"' not in heard


@pytest.mark.parametrize("cookie", ["", "emailhub_session=nonsense", 'emailhub_session="; a=b'])
def test_nobody_unsigned_hears_anything(product: Product, people: Cast, cookie: str) -> None:
    stream = Stream(product, cookie)
    assert stream.answer.status == 403
    assert stream.answer.read() == b""


def _remove_from_the_team(cast: Cast) -> None:
    with company(cast.dealer.id):
        Membership.objects.filter(advisor=cast.ben).delete()


def _make_view_only(cast: Cast) -> None:
    with company(cast.dealer.id):
        Advisor.objects.filter(pk=cast.ben.pk).update(role=Role.VIEW_ONLY)


def _dismiss(cast: Cast) -> None:
    with company(cast.dealer.id):
        Advisor.objects.filter(pk=cast.ben.pk).update(is_active=False)


def _change_the_password(cast: Cast) -> None:
    cast.ben.user.set_password("another correct horse")
    cast.ben.user.save()


def _end_the_sessions(cast: Cast) -> None:
    end_all_sessions(by=cast.ben.user)


@pytest.mark.parametrize(
    "change", [_remove_from_the_team, _make_view_only, _dismiss, _change_the_password, _end_the_sessions]
)
def test_a_change_of_rights_ends_the_stream(
    product: Product, people: Cast, listen: Listen, change: Callable[[Cast], None]
) -> None:
    ben, ana = listen(people.ben), listen(people.ana)
    change(people)
    assert ben.ended.wait(AT_MOST)
    assert not ana.ended.is_set()


def test_signing_out_ends_the_stream(product: Product, people: Cast) -> None:
    cookie, client = session_of(people.ben)
    stream = Stream(product, cookie)
    client.post("/account/logout/")
    assert stream.ended.wait(AT_MOST)
    assert Stream(product, cookie).answer.status == 403


def test_who_left_the_team_hears_nothing_after_coming_back(
    product: Product, people: Cast, listen: Listen
) -> None:
    stream = listen(people.ben)
    _remove_from_the_team(people)
    assert stream.ended.wait(AT_MOST)
    again = listen(people.ben)
    product.mail(letter(CARLA))
    product.wait_until_idle()
    with company(people.dealer.id):
        ticket = Ticket.objects.get()
        Membership.objects.create(company=people.dealer, advisor=people.ben, team=people.parts)
    assert again.ended.wait(AT_MOST)  # the trigger's word came after all of the ticket's
    assert not again.tickets()
    assert ticket.created_at < timezone.now()


POLICY = "content-security-policy"


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/account/login/", {}, 200),
        ("GET", "/static/emailhub/js/main.js", {}, 200),
        ("GET", "/static/emailhub/favicon.svg", {}, 200),
        ("GET", "/static/nothing.js", {}, 404),
        ("GET", "/nowhere/", {}, 404),
        ("GET", "/events", {}, 403),
        ("POST", "/account/login/", {}, 403),
        ("POST", "/uploads/", {"Content-Length": "999999999"}, 403),
        ("POST", "/uploads/", {"Content-Length": "9999999999"}, 413),
        ("GET", "/tickets/", {"Host": "evil.example"}, 400),
    ],
)
def test_every_answer_of_the_shell_has_its_policies(
    product: Product, people: Cast, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    connection = http.client.HTTPConnection(urlsplit(product.url).netloc, timeout=60)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    assert answer.status == status
    assert "default-src 'none'" in answer.headers[POLICY]
    assert "unsafe-inline" not in answer.headers[POLICY].split("style-src")[0]
    assert answer.headers["x-content-type-options"] == "nosniff"
    connection.close()


def test_a_stream_has_its_policies(product: Product, people: Cast, listen: Listen) -> None:
    answer = listen(people.ana).answer
    assert "default-src 'none'" in answer.headers[POLICY]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
