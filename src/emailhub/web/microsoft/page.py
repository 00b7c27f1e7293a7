"""What the guide shows: how far a team's mailbox at Microsoft 365 is connected."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse

from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage
from emailhub.delivery.connection_work import Trouble
from emailhub.delivery.models import Connection, OutgoingMessage
from emailhub.hub.connection_words import Problem, problem_of
from emailhub.hub.microsoft import connection_of
from emailhub.hub.models import HubAddress

from .commands import commands_for, commands_for_one_more
from .link import Link

State = Connection.State


@dataclass(frozen=True)
class Test:
    """The last mail that was sent by the mailbox to try it."""

    tone: str  # ok, waiting or bad
    problem: Problem | None
    to: str


@dataclass(frozen=True)
class MicrosoftPage:
    """The guide as one advisor sees it. `step` is the first that is not done, 6 when all are."""

    configured: bool
    may_change: bool
    has_hub: bool  # EmailHub was switched on for the team
    connection: Connection | None
    by_person: bool
    user: str  # who signed in
    agreed: bool
    consent_url: str
    mailbox: str  # that can be read
    commands: str
    restricted: bool | None
    test: Test | None
    is_sender: bool
    problem: Problem | None
    after: str
    told: bool  # Graph tells us of new mail
    step: int

    @property
    def is_open(self) -> bool:
        """Whether the page changes by itself before long."""
        return self.test is not None and self.test.tone == "waiting"


def return_uri() -> str:
    """Where Microsoft leads the browser back to. It has to be registered there."""
    return str(settings.URL) + reverse("microsoft_return")


def build_page(team: Team, advisor: Advisor, link: Link) -> MicrosoftPage:
    """The page. Nobody outside is asked."""
    connection = connection_of(team)
    told = connection.settings if connection else {}
    row = _address_of(connection)
    by_person = told.get("mode") == "person"
    test = _test_of(connection, link)
    page = MicrosoftPage(
        configured=link.is_configured(),
        may_change=may_manage(advisor, team),
        has_hub=HubAddress.objects.filter(team=team).exists(),
        connection=connection,
        by_person=by_person,
        user=told.get("user", ""),
        agreed=by_person or bool(told.get("agreed")),
        consent_url=link.consent_url(connection, redirect_uri=return_uri()) if connection else "",
        mailbox=row.address if row else "",
        commands=_commands(connection, link) if connection and row else "",
        restricted=told.get("restricted"),
        test=test,
        is_sender=bool(row and row.is_sender),
        problem=problem_of(connection) if connection and connection.problem else None,
        after=told.get("after", "read"),
        told=bool((told.get("subscription") or {}).get("expires")),
        step=0,
    )
    return _with_step(page)


def _with_step(page: MicrosoftPage) -> MicrosoftPage:
    sends = page.is_sender or bool(page.test and page.test.tone == "ok")
    done = (bool(page.user), page.agreed, bool(page.mailbox), sends, page.is_sender)
    return replace(page, step=next((n for n, is_done in enumerate(done, 1) if not is_done), 6))


def _address_of(connection: Connection | None) -> HubAddress | None:
    if connection is None or not connection.name:
        return None
    return HubAddress.objects.filter(address=connection.name, connection=connection).first()


def _commands(connection: Connection, link: Link) -> str:
    """Those for the first mailbox of a tenant, or the fewer ones for one more."""
    others = Connection.objects.filter(
        kind=Connection.Kind.GRAPH,
        settings__tenant=connection.settings["tenant"],
        settings__restricted=True,
    )
    has_others = others.exclude(pk=connection.pk).exists()
    commands = commands_for_one_more if has_others else commands_for
    return commands(link.client_id(), connection.name)


def _test_of(connection: Connection | None, link: Link) -> Test | None:
    message = link.test_of(connection) if connection else None
    if message is None or connection is None:
        return None
    to = message.recipients.values_list("address", flat=True).first() or ""
    match message.state:
        case OutgoingMessage.State.SENT:
            return Test("ok", None, to)
        case OutgoingMessage.State.QUEUED | OutgoingMessage.State.SENDING if not message.attempts:
            return Test("waiting", None, to)
        case _:
            code = message.last_error.partition(":")[0]
            return Test("bad", words_of(Trouble(code, message.last_error)), to)


def words_of(trouble: Trouble) -> Problem:
    """What Microsoft refused, and the remedy."""
    stands_for = Connection(
        kind=Connection.Kind.GRAPH,
        state=State.FAILING,
        problem=trouble.problem,
        problem_detail=trouble.detail,
    )
    return problem_of(stands_for)
