"""Every route, asked by everybody who has no business there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from emailhub import store
from emailhub.accounts.invitations import invite
from emailhub.accounts.models import Advisor, Role
from emailhub.accounts.tenancy import company
from emailhub.desk import queries
from emailhub.desk.bulk import Act, Wish, carry_out
from emailhub.desk.importing.imports import begin
from emailhub.desk.links import link
from emailhub.desk.models import Activity, Attachment, Message, Regrouping, RemotePicture, Ticket, TicketLink
from emailhub.desk.regrouping import merge
from emailhub.desk.saved_replies import create as save_reply
from emailhub.desk.saved_views import save_view
from emailhub.desk.segments import create_segment
from emailhub.desk.tags import tag_named
from emailhub.hub.models import BlockedSender, ForwardingConfirmation, Holiday
from emailhub.hub.rules import RuleForm, create_rule
from emailhub.rules import Action
from emailhub.rules.matching import Condition, Field, Operator
from emailhub.web.remote_images import own_urls
from tests.cast import Cast, gather_cast
from tests.conftest import as_owner, committing
from tests.texting_lines import connect

from . import desk
from .routes import ROUTES, UNKNOWN_ID, Kind, Route, patterns

NAMES = sorted(ROUTES)
OF_TEAMS_KINDS = (Kind.TICKETS, Kind.ANSWERABLE, Kind.MANAGED, Kind.SETTINGS, Kind.KEPT)
OF_CONTACTS_KINDS = (Kind.CONTACTS, Kind.CONTACT_DATA)
WALLED = [name for name in NAMES if ROUTES[name].kind in (*OF_TEAMS_KINDS, *OF_CONTACTS_KINDS)]
OF_TICKETS = [name for name in NAMES if ROUTES[name].kind is Kind.TICKETS]
OF_TEAMS = [name for name in NAMES if ROUTES[name].kind in OF_TEAMS_KINDS]
MANAGED = [name for name in NAMES if ROUTES[name].kind in (Kind.MANAGED, Kind.SETTINGS)]
CLOSED = [name for name in NAMES if ROUTES[name].kind is not Kind.DOOR]
READABLE = [name for name in NAMES if ROUTES[name].reads]
WRITABLE = [(name, method) for name in NAMES for method in ROUTES[name].writes]
SECRET = "xyzzy-secret-pump"
RULE = RuleForm("Pumps", (Condition(Field.SUBJECT, Operator.CONTAINS, (SECRET,)),), Action.CREATE_NEW)


@dataclass(frozen=True)
class Scene:
    """A ticket of Service with a received mail, its file and a sent mail."""

    cast: Cast
    ticket: Ticket
    arguments: dict[str, object]
    unknown: dict[str, object]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: pytest.FixtureDef[object]) -> Iterator[Scene]:
    """One for all: whoever asks here leaves every row as it is, and that is what is tested."""
    with committing(django_db_blocker):
        yield set_the_scene(gather_cast())


def set_the_scene(cast: Cast) -> Scene:
    with company(cast.dealer.id):
        for _ in range(7):  # numbers and ids that nobody else has
            ticket = desk.open_ticket(cast.service, cast.carla, subject=SECRET)
        received = desk.receive(ticket, f"{SECRET} leaks", html=f"<p>{SECRET} leaks</p>")
        inside = f"From: eva@farm.example\r\n\r\n{SECRET}".encode()
        file = desk.attach(received, f"{SECRET}.eml", inside, "message/rfc822")
        sent = desk.send(ticket, cast.ana, SECRET)
        message = Message.objects.get(activity=received)
        quarantined = message.deliveries.get()
        quarantined.state = quarantined.State.QUARANTINED
        quarantined.outcome = ""
        quarantined.save()
        holiday = Holiday.objects.create(company=cast.dealer, team=cast.service, on="2026-12-25")
        invitation = invite(
            "nora@dealer.example",
            name="",
            role=Role.ADVISOR,
            teams={cast.service.pk: False},
            by=cast.olga,
            now=timezone.now(),
        )
        arguments = {
            "number": ticket.number,
            "message_id": message.pk,
            "contact_id": cast.carla.pk,
            "activity_id": sent.pk,
            "public_id": file.public_id,
            "channel": "email",
            "received_id": quarantined.pk,
            "team_id": cast.service.pk,
            "rule_id": create_rule(cast.service, RULE, by=cast.ana, now=timezone.now()).pk,
            "kind": "acknowledgement",
            "blocked_id": block(cast).pk,
            "regrouping_id": merged_before(ticket, cast).pk,
            "confirmation_id": ask_to_forward(cast).pk,
            "reply_id": save_reply(
                "Hours", "We open at 8", team=cast.service, by=cast.ana, now=timezone.now()
            ).pk,
            "segment_id": create_segment(cast.dealer, "Dairy", by=cast.ana).pk,
            "link_id": linked_before(ticket, cast).pk,
            "view_id": save_view("Mine", "view=open", team=cast.service, by=cast.ana).pk,
            "bulk_id": carry_out(Wish(Act.REOPEN), [], by=cast.ana, now=timezone.now()).row.pk,
            "tag_id": tag_named(cast.dealer, "Warranty").pk,
            "import_id": begin(b"name\nEva\n", "x.csv", by=cast.ana, now=timezone.now()).pk,
            "advisor_id": cast.ben.pk,
            "holiday_id": holiday.pk,
            "invitation_id": invitation.pk,
            "signed": shown_before(message),
            "token": "not-a-token",
            "filename": "pump.png",
            "company_id": cast.dealer.pk,
            "connection_id": connect(cast.dealer).pk,
            "outgoing_id": Message.objects.get(activity=sent).outgoing_id,
            "uidb36": "1",
            "key": "set-password",
            "pk": 987654321,
            "provider_id": "oidc",
        }
    return Scene(cast, ticket, arguments, never_given(arguments))


def never_given(arguments: dict[str, object]) -> dict[str, object]:
    """The same with ids that nothing has."""
    ids = {name: 987654321 for name, value in arguments.items() if isinstance(value, int)}
    return {**arguments, **ids, "public_id": UNKNOWN_ID}


def merged_before(ticket: Ticket, cast: Cast) -> Regrouping:
    other = Ticket.objects.get(number=1)
    merge(ticket, other, by=cast.ana, now=timezone.now())
    return Regrouping.objects.get(source=other)


def linked_before(ticket: Ticket, cast: Cast) -> TicketLink:
    first = Ticket.objects.exclude(pk=ticket.pk).order_by("pk")[0]
    link(ticket, first, TicketLink.Kind.RELATED, by=cast.ana, now=timezone.now())
    return TicketLink.objects.get()


def shown_before(message: Message) -> str:
    """The signed address of a picture that the mail has shown."""
    RemotePicture.objects.create(
        company=message.company,
        message=message,
        digest=sha256(b"https://a.example/1.png").hexdigest(),
        content_key=store.put(message.company_id, desk.PNG),
        content_type="image/png",
        size=len(desk.PNG),
        fetched_at=timezone.now(),
    )
    url = own_urls(message)("https://a.example/1.png")
    assert url is not None
    return url.split("/")[-2]


def block(cast: Cast) -> BlockedSender:
    return BlockedSender.objects.create(
        company=cast.dealer, team=cast.service, value="spam.example", by=cast.ana, at=timezone.now()
    )


def ask_to_forward(cast: Cast) -> ForwardingConfirmation:
    return ForwardingConfirmation.objects.create(
        company=cast.dealer, team=cast.service, provider="Gmail", code="123", received_at=timezone.now()
    )


def address(name: str, arguments: dict[str, object]) -> str:
    wanted = patterns()[name].pattern.regex.groupindex
    path = reverse(name, kwargs={argument: arguments[argument] for argument in wanted})
    return f"{path}?after=0" if name == "activities" else path


def client_of(advisor: Advisor | None, **options: bool) -> Client:
    client = Client(headers={"host": "localhost"}, **options)
    if advisor is not None:
        client.force_login(advisor.user)
    return client


def ask(client: Client, method: str, path: str, route: Route) -> tuple[int, bytes]:
    form = {"key": uuid4().hex, **route.post} if method == "POST" else None
    answer = client.generic(method, path) if form is None else client.post(path, form)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return answer.status_code, body


@pytest.fixture(scope="module")
def state(scene: Scene) -> Iterator[Callable[[], str]]:
    """A digest of every row but those of sessions, in one question: it is asked twice in each test."""
    with as_owner() as owner:
        tables = owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename NOT IN ('accounts_session', 'cache', 'django_migrations') ORDER BY 1"
        ).fetchall()
        each = [
            f"SELECT '{name}', md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{name}\" t"
            for (name,) in tables
        ]
        question = " UNION ALL ".join(each)
        yield lambda: repr(sorted(owner.execute(question).fetchall(), key=str))  # type: ignore[arg-type]


def test_every_route_is_listed() -> None:
    assert set(patterns()) == set(ROUTES)


@pytest.mark.parametrize("name", CLOSED)
def test_nobody_gets_in_unsigned(scene: Scene, name: str, state: Callable[[], str]) -> None:
    before = state()
    for method in {"GET", *ROUTES[name].writes}:
        answer = client_of(None).generic(method, address(name, scene.arguments))
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/login/")
    assert state() == before


def _methods(route: Route) -> list[str]:
    return [*(["GET"] if route.reads else []), *route.writes]


@pytest.mark.parametrize("who", ["pat", "frank"])
@pytest.mark.parametrize("name", OF_TEAMS)
def test_to_another_team_and_company_a_ticket_does_not_exist(
    scene: Scene, name: str, who: str, state: Callable[[], str]
) -> None:
    """404 with the very words that an id has which was never given."""
    client, route = client_of(getattr(scene.cast, who)), ROUTES[name]
    before = state()
    for method in _methods(route):
        status, body = ask(client, method, address(name, scene.arguments), route)
        assert (status, _plain(body)) == _as_unknown(client, method, name, scene)
        assert status == 404
        assert SECRET.encode() not in body
    assert state() == before


def _as_unknown(client: Client, method: str, name: str, scene: Scene) -> tuple[int, bytes]:
    status, body = ask(client, method, address(name, scene.unknown), ROUTES[name])
    return status, _plain(body)


def _plain(body: bytes) -> bytes:
    """Without the token, which is another in every answer."""
    return b"\n".join(line for line in body.splitlines() if b"csrf" not in line.lower())


@pytest.mark.parametrize("name", [name for name in WALLED if name not in OF_TEAMS])
def test_to_another_company_a_contact_does_not_exist(
    scene: Scene, name: str, state: Callable[[], str]
) -> None:
    client, route = client_of(scene.cast.frank), ROUTES[name]
    before = state()
    for method in _methods(route):
        status, body = ask(client, method, address(name, scene.arguments), route)
        assert (status, _plain(body)) == _as_unknown(client, method, name, scene)
        assert status == 404
    assert state() == before


@pytest.mark.parametrize(
    ("name", "method"),
    [
        (name, method)
        for name, method in WRITABLE
        if ROUTES[name].kind not in (Kind.DOOR, Kind.DEMO, Kind.ANSWERABLE) and not ROUTES[name].own
    ],
)
def test_who_may_only_read_changes_nothing(
    scene: Scene, name: str, method: str, state: Callable[[], str]
) -> None:
    route = ROUTES[name]
    client = client_of(scene.cast.vera)
    before = state()
    status, _ = ask(client, method, address(name, scene.arguments), route)
    assert status == 403
    assert state() == before


@pytest.mark.parametrize("name", [name for name in WALLED if ROUTES[name].reads])
def test_whom_it_concerns_gets_it(scene: Scene, name: str) -> None:
    """Else a 404 for the others would prove nothing."""
    status, _ = ask(client_of(scene.cast.ana), "GET", address(name, scene.arguments), ROUTES[name])
    assert status == 200


@pytest.mark.parametrize("name", [name for name in OF_TICKETS if ROUTES[name].reads])
def test_who_may_only_read_may_read(scene: Scene, name: str) -> None:
    status, _ = ask(client_of(scene.cast.vera), "GET", address(name, scene.arguments), ROUTES[name])
    assert status == 200


@pytest.mark.parametrize("who", ["ben", "vera"])
@pytest.mark.parametrize("name", [name for name in NAMES if ROUTES[name].kind is Kind.ANSWERABLE])
def test_to_a_mere_member_what_managers_see_does_not_exist(
    scene: Scene, name: str, who: str, state: Callable[[], str]
) -> None:
    client = client_of(getattr(scene.cast, who))
    before = state()
    for method in _methods(ROUTES[name]):
        assert ask(client, method, address(name, scene.arguments), ROUTES[name])[0] == 404
    assert state() == before


def _refused_to(kind: Kind, who: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(name, one) for name in NAMES if ROUTES[name].kind is kind for one in who]


@pytest.mark.parametrize(
    ("name", "who"),
    [
        *_refused_to(Kind.MANAGED, ("ben", "vera")),
        *_refused_to(Kind.SETTINGS, ("vera",)),
        *_refused_to(Kind.KEPT, ("vera",)),
        *_refused_to(Kind.COMPANY, ("ana", "ben", "vera", "pat")),
        *_refused_to(Kind.MANAGERS, ("ben", "vera", "pat")),
        *_refused_to(Kind.CONTACT_DATA, ("ben", "vera", "pat")),
    ],
)
def test_who_does_not_manage_it_is_refused(
    scene: Scene, name: str, who: str, state: Callable[[], str]
) -> None:
    client = client_of(getattr(scene.cast, who))
    before = state()
    for method in _methods(ROUTES[name]):
        assert ask(client, method, address(name, scene.arguments), ROUTES[name])[0] == 403
    assert state() == before


@pytest.mark.parametrize("name", [name for name in NAMES if ROUTES[name].kind is Kind.SETTINGS])
def test_the_team_s_advisors_read_its_settings_and_change_nothing(
    scene: Scene, name: str, state: Callable[[], str]
) -> None:
    client, before = client_of(scene.cast.ben), state()
    for method in _methods(ROUTES[name]):
        status, _ = ask(client, method, address(name, scene.arguments), ROUTES[name])
        assert status == (200 if method == "GET" else 403)
    assert state() == before


@pytest.mark.parametrize("who", ["ana", "olga"])
@pytest.mark.parametrize("name", MANAGED)
def test_managers_and_administrators_manage_a_team(scene: Scene, name: str, who: str) -> None:
    if ROUTES[name].reads:
        assert client_of(getattr(scene.cast, who)).get(address(name, scene.arguments)).status_code == 200


@pytest.mark.parametrize("name", [name for name in NAMES if ROUTES[name].kind is Kind.COMPANY])
def test_administrators_manage_the_company(scene: Scene, name: str) -> None:
    if ROUTES[name].reads:
        assert client_of(scene.cast.olga).get(address(name, scene.arguments)).status_code == 200


@pytest.mark.parametrize("name", [name for name in NAMES if ROUTES[name].kind is Kind.DEMO])
def test_outside_the_demo_its_pages_do_not_exist(scene: Scene, name: str, state: Callable[[], str]) -> None:
    client = client_of(scene.cast.ana)
    before = state()
    for method in _methods(ROUTES[name]):
        assert ask(client, method, address(name, scene.arguments), ROUTES[name])[0] == 404
    assert state() == before


@pytest.mark.parametrize("who", ["pat", "frank"])
@pytest.mark.parametrize("name", [name for name in NAMES if ROUTES[name].kind is Kind.LISTS])
def test_lists_leave_out_what_is_not_theirs(scene: Scene, name: str, who: str) -> None:
    client, path = client_of(getattr(scene.cast, who)), address(name, scene.arguments)
    for query in (
        "",
        "view=all",
        f"view=all&id={scene.ticket.pk}",
        f"q={SECRET}",
        f"q={scene.ticket.number}",
    ):
        answer = client.get(f"{path}?{query}", follow=True)
        assert answer.status_code in (200, 204)
        shown = answer.content.decode().replace(f'value="{SECRET}"', "").replace(f"“{SECRET}”", "")
        assert SECRET not in shown.replace(f"<title>{SECRET}", "")
    if who == "frank":
        assert b"Carla Ruiz" not in client.get(f"{path}?q=carla&view=all", follow=True).content


def _uncontrolled(self: models.QuerySet[models.Model], advisor: Advisor) -> models.QuerySet[models.Model]:
    return self.all()


@pytest.fixture
def without_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first wall is down: look-ups are for everything, advisors read and write every team."""
    for queryset in vars(queries).values():
        if isinstance(queryset, type) and "visible_to" in vars(queryset):
            monkeypatch.setattr(queryset, "visible_to", _uncontrolled)
    everything = frozenset(range(1, 100))
    monkeypatch.setattr(Advisor, "readable_team_ids", lambda self: everything)
    monkeypatch.setattr(Advisor, "writable_team_ids", lambda self: everything)


@pytest.mark.usefixtures("without_filters")
@pytest.mark.parametrize("name", WALLED)
def test_row_policies_alone_hold_against_another_company(
    scene: Scene, name: str, state: Callable[[], str]
) -> None:
    client, route = client_of(scene.cast.frank), ROUTES[name]
    before = state()
    for method in _methods(route):
        status, body = ask(client, method, address(name, scene.arguments), route)
        assert status == 404
        assert SECRET.encode() not in body
    assert state() == before


@pytest.mark.usefixtures("without_filters")
def test_the_filters_are_really_away(scene: Scene) -> None:
    """Of the same company, nothing holds Pat any more: the test above is about the row policies."""
    status, body = ask(client_of(scene.cast.pat), "GET", address("ticket", scene.arguments), ROUTES["ticket"])
    assert status == 200
    assert SECRET.encode() in body


@pytest.mark.usefixtures("without_filters")
@pytest.mark.parametrize("model", [Ticket, Activity, Message, Attachment])
def test_without_filters_no_row_of_another_company_is_read(scene: Scene, model: type[models.Model]) -> None:
    with company(scene.cast.farm.id):
        assert not model._default_manager.all().exists()
    with company(scene.cast.dealer.id):
        assert model._default_manager.all().exists()


def test_looking_changes_nothing(scene: Scene, state: Callable[[], str]) -> None:
    """Every GET twice. The first may note that a ticket was seen; the second finds it noted."""
    client = client_of(scene.cast.ana)
    paths = [address(name, scene.arguments) for name in READABLE]
    for path in paths:
        client.get(path)
    before = state()
    for path in paths:
        client.get(path)
        client.head(path)
    assert state() == before


@pytest.mark.parametrize(("name", "method"), [one for one in WRITABLE if ROUTES[one[0]].form])
def test_a_change_without_the_forms_token_is_refused(
    scene: Scene, name: str, method: str, state: Callable[[], str]
) -> None:
    client = client_of(scene.cast.ana, enforce_csrf_checks=True)
    before = state()
    for headers in ({}, {"origin": "https://evil.example"}, {"x-csrftoken": "a" * 64}):
        answer = client.generic(method, address(name, scene.arguments), headers=headers)
        assert answer.status_code == 403
    assert state() == before


@pytest.mark.parametrize("name", [name for name in NAMES if not ROUTES[name].reads])
def test_what_only_changes_is_not_changed_by_looking(
    scene: Scene, name: str, state: Callable[[], str]
) -> None:
    client = client_of(scene.cast.ana)
    before = state()
    answer = client.get(address(name, scene.arguments))
    assert answer.status_code == 405
    assert state() == before


def _answers(scene: Scene) -> Iterator[tuple[str, object]]:
    client = client_of(scene.cast.ana)
    for name in NAMES:
        path = address(name, scene.arguments)
        yield f"GET {path}", client.get(path)
        yield f"GET {path} of nobody", client_of(None).get(path)
    yield "404", client.get("/nowhere/")
    yield "404 of a ticket", client.get("/tickets/987654321/")
    yield "an id beyond the database's numbers", client.get("/tickets/99999999999999999999999/")
    yield "403", client_of(scene.cast.vera).post(f"/tickets/{scene.ticket.number}/closure/")
    yield "422", client.post(f"/tickets/{scene.ticket.number}/replies/", {"text": "x", "to": "nonsense"})
    yield "static", client.get("/static/emailhub/js/main.js")
    yield "static svg", client.get("/static/emailhub/favicon.svg")
    yield "no static", client.get("/static/nothing.js")


def test_every_answer_has_its_policies(scene: Scene) -> None:
    for what, answer in _answers(scene):
        assert answer.status_code < 500, what  # type: ignore[attr-defined]
        _check_headers(what, answer.headers)  # type: ignore[attr-defined]


def _check_headers(what: str, headers: dict[str, str]) -> None:
    policy = {
        directive.split()[0]: directive.split()[1:]
        for directive in headers.get("Content-Security-Policy", "").split(";")
        if directive.strip()
    }
    assert policy["default-src"] == ["'none'"], what
    assert policy.get("script-src", ["'self'"]) == ["'self'"], what
    assert "frame-ancestors" in policy, what
    assert "allow-scripts" not in policy.get("sandbox", []), what
    if "unsafe-inline" in str(policy.get("style-src", "")):
        assert "sandbox" in policy, what
    assert headers["X-Content-Type-Options"] == "nosniff", what
    assert headers["Referrer-Policy"] == "same-origin", what
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin", what
    assert "Access-Control-Allow-Origin" not in headers or what.startswith("static"), what
