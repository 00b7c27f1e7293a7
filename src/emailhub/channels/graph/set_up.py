"""Connect a team's mailbox: who gives access, which mailbox, whether reading and sending work.

The pages call these verbs and nothing else of this room. What Microsoft refuses is a Trouble for people.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from emailhub import mail
from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require
from emailhub.accounts.tenancy import company
from emailhub.delivery import connection_work, outbox
from emailhub.delivery.connection_work import Trouble
from emailhub.delivery.models import Connection, OutgoingMessage
from emailhub.hub.addresses import set_sender
from emailhub.hub.microsoft import claim_mailbox, connection_of, may_use_tenant, read_mailbox
from emailhub.hub.models import HubAddress
from emailhub.hub.ways_out import CHANNELS
from emailhub.mail import Mailbox as Person

from . import sign_in
from .account import Account, After, Mode
from .calls import graph
from .mailbox import INBOX, Mailbox
from .trouble import GraphError, SignInError

__all__ = [
    "begin_sign_in",
    "check_consent",
    "check_restriction",
    "choose_mailbox",
    "client_id",
    "connection_of",
    "consent_url",
    "finish_sign_in",
    "is_configured",
    "send_test",
    "set_after",
    "test_of",
    "use_as_sender",
]

State = Connection.State
OTHERS_TENANT = Trouble("graph_others_tenant", needs_somebody=True)


def is_configured() -> bool:
    """Whether the operator registered an application at Microsoft."""
    return sign_in.is_configured()


def client_id() -> str:
    """The application's id, which an administrator's commands name."""
    return str(settings.GRAPH_CLIENT_ID)


def begin_sign_in(mode: str, *, redirect_uri: str) -> dict[str, Any] | Trouble:
    """The flow to keep in the session. For the application's right it only proves of which tenant one is."""
    try:
        return sign_in.begin(redirect_uri=redirect_uri, mailbox_rights=Mode(mode) is Mode.PERSON)
    except SignInError as error:
        return error.trouble


def finish_sign_in(
    team: Team, mode: str, flow: Mapping[str, Any], answer: Mapping[str, str], *, by: Advisor, now: datetime
) -> Trouble | None:
    """Keep who signed in, for the team. The mailbox and its position are left as they were."""
    require(may_manage(by, team))
    try:
        person = sign_in.finish(flow, answer)
    except SignInError as error:
        return error.trouble
    if not may_use_tenant(person.tenant, team.company_id):
        return OTHERS_TENANT
    with company(team.company_id):
        connection = connection_of(team) or _new(team)
        was_by_another = connection.settings.get("tenant") not in (None, person.tenant)
        connection.settings = {
            **connection.settings,
            "mode": Mode(mode).value,
            "tenant": person.tenant,
            "user": person.user,
            "agreed": connection.settings.get("agreed", False) and not was_by_another,
        }
        kept = {name: value for name, value in connection.secrets.items() if name != "cache"}
        connection.secrets = {**kept, "cache": person.cache} if Mode(mode) is Mode.PERSON else kept
        connection.problem = connection.problem_detail = ""
        if connection.state in (State.STOPPED, State.FAILING, State.OFF) and connection.name:
            connection.state, connection.due_at = State.WORKING, now
        connection.save()
        change = audit.Change("", person.user)
        audit.record(audit.Kind.ADDRESS, "Microsoft 365", by=by, at=now, team=team, signed_in=change)
        connection_work.wake()
    return None


def consent_url(connection: Connection, *, redirect_uri: str) -> str:
    """Where an administrator of the tenant lets EmailHub in. Nothing is believed of what comes back."""
    tenant = connection.settings["tenant"]
    return sign_in.consent_url(tenant, redirect_uri=redirect_uri, state=secrets.token_urlsafe(16))


def check_consent(connection: Connection, *, now: datetime) -> Trouble | None:
    """Whether the application gets a token for the tenant."""
    try:
        sign_in.application_token(connection.settings["tenant"], anew=True)
    except SignInError as error:
        return _note(connection, error.trouble, now)
    _keep(connection, agreed=True)
    return _note(connection, None, now)


def choose_mailbox(connection: Connection, typed: str, *, by: Advisor, now: datetime) -> Trouble | None:
    """Try to read a mailbox; if it can be read, it is the team's, and mail comes in from now on.

    Raises NotAnOwnAddressError, AddressTakenError.
    """
    team = _team_of(connection)
    require(may_manage(by, team))
    with company(connection.company_id):
        address = read_mailbox(team, typed)
    trouble = _try_reading(connection, address)
    if trouble is None:
        with company(connection.company_id):
            claim_mailbox(connection, address, by=by, now=now)
            connection_work.wake()
    return _note(connection, trouble, now)


def check_restriction(connection: Connection, typed: str, *, now: datetime) -> Trouble | None:
    """Whether another mailbox of the tenant is out of reach, as it should be. A trouble: it is not."""
    other = mail.normal_address(typed.strip()) or typed.strip()
    trouble = _try_reading(connection, other)
    if trouble is None:
        _keep(connection, restricted=False)
        return Trouble("graph_unrestricted", other)
    _keep(connection, restricted=trouble.problem == "graph_denied")
    return None if trouble.problem == "graph_denied" else trouble


def send_test(connection: Connection, *, by: Advisor, now: datetime) -> OutgoingMessage:
    """Send a mail to whoever asks, as all the team's mail will leave."""
    team = _team_of(connection)
    require(may_manage(by, team))
    draft = mail.Draft(
        message_id=mail.new_message_id(settings.MAIL_DOMAIN),
        sender=Person(team.name, connection.name),
        to=(Person(by.user.name, by.user.email),),
        subject=_("Test of %(address)s") % {"address": connection.name},
        date=now,
        text=_("EmailHub sent this email by your mailbox at Microsoft 365. It works."),
    )
    with company(connection.company_id):
        message = outbox.enqueue(
            company_id=connection.company_id,
            channel=CHANNELS[Connection.Kind.GRAPH],
            connection=connection,
            message_id=draft.message_id,
            content=mail.compose(draft),
            recipients=[by.user.email],
            due_at=now,
            now=now,
        )
        _keep(connection, test=message.pk)
    return message


def test_of(connection: Connection) -> OutgoingMessage | None:
    """The last test that was sent."""
    found: OutgoingMessage | None = OutgoingMessage.objects.filter(
        pk=connection.settings.get("test"), connection=connection
    ).first()
    return found


def use_as_sender(connection: Connection, *, by: Advisor, now: datetime) -> HubAddress:
    """Let the team's mail leave by it from now on; a test must have been sent before.

    Raises UnprovedSenderError.
    """
    with company(connection.company_id):
        row = HubAddress.objects.get(address=connection.name, team_id=connection.team_id or 0)
        test = test_of(connection)
        is_proved = test is not None and test.state == OutgoingMessage.State.SENT
        if is_proved and row.proved_for_sending_at is None:
            row.proved_for_sending_at = now
            row.save(update_fields=["proved_for_sending_at"])
        return set_sender(_team_of(connection), row.pk, by=by, now=now)


def set_after(connection: Connection, typed: str, *, by: Advisor) -> None:
    """What is done in the mailbox with a mail that was taken in."""
    require(may_manage(by, _team_of(connection)))
    if typed in list(After):
        _keep(connection, after=typed)


def _new(team: Team) -> Connection:
    return Connection(company_id=team.company_id, team=team, kind=Connection.Kind.GRAPH)


def _team_of(connection: Connection) -> Team:
    with company(connection.company_id):
        return Team.objects.select_related("company").get(pk=connection.team_id or 0)


def _try_reading(connection: Connection, address: str) -> Trouble | None:
    found = Account(
        connection.pk,
        connection.company_id,
        connection.team_id or 0,
        Mode(connection.settings["mode"]),
        connection.settings["tenant"],
        address,
    )
    try:
        with graph(found.token) as calls:
            Mailbox(calls, address).folder(INBOX)
    except SignInError as error:
        return error.trouble
    except GraphError as error:
        return error.trouble
    return None


def _note(connection: Connection, trouble: Trouble | None, now: datetime) -> Trouble | None:
    """What a step of the set-up found. A mailbox in use has its visits to say how it is."""
    with company(connection.company_id):
        Connection.objects.filter(pk=connection.pk, state=State.NEW).update(
            problem=trouble.problem if trouble else "",
            problem_detail=trouble.detail[:500] if trouble else "",
            checked_at=now,
        )
    return trouble


def _keep(connection: Connection, **changes: Any) -> None:
    with company(connection.company_id), transaction.atomic():
        row = Connection.objects.select_for_update().get(pk=connection.pk)
        row.settings = {**row.settings, **changes}
        row.save(update_fields=["settings"])
        connection.settings = row.settings
