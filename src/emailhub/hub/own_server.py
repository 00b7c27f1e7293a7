"""Sending by the company's own mail server: its log-in is kept, and a mail to the manager shows it works."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from emailhub import mail
from emailhub.accounts import audit
from emailhub.accounts.models import Advisor
from emailhub.accounts.permissions import may_manage, require
from emailhub.delivery import outbox
from emailhub.delivery.models import Connection, OutgoingMessage
from emailhub.egress.http import is_askable
from emailhub.mail import Mailbox

from .addresses import set_sender
from .errors import NotProvedError, ServerFormError
from .models import HubAddress, OwnAddress
from .ways_out import CHANNELS

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?")
SECURITY = ("starttls", "tls")  # a password is never sent in the clear
_LONGEST = 4000  # characters: refresh tokens are long


@dataclass(frozen=True)
class ServerForm:
    """What a manager types: a password, or what OAuth needs. Left empty, a kept secret stays.

    It stays for the same host, user and token endpoint alone: a secret goes where it was entered for.
    """

    host: str
    port: str
    security: str
    user: str
    password: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    token_endpoint: str = ""


def use_own_server(own: OwnAddress, *, by: Advisor, now: datetime) -> None:
    """Go on by the company's own server."""
    require(may_manage(by, own.team))
    own.sending = OwnAddress.Sending.SMTP
    own.save(update_fields=["sending"])


def use_server(own: OwnAddress, form: ServerForm, *, by: Advisor, now: datetime) -> Connection:
    """Keep the server, and send a test by it. Raises ServerFormError."""
    require(may_manage(by, own.team))
    kept = own.connection
    account = _account(own, form)
    secrets = _secrets(form) or _kept_secrets(kept, account)
    connection = kept or Connection(company_id=own.company_id, team=own.team, kind=Connection.Kind.SMTP)
    before = connection.settings.get("host", "")
    connection.name = f"{account['host']}:{account['port']}"
    connection.settings, connection.secrets = account, secrets
    connection.problem, connection.failing_since = "", None
    connection.save()
    own.connection, own.sending = connection, OwnAddress.Sending.SMTP
    own.test = _post_test(own, connection, by, now)
    own.save(update_fields=["connection", "sending", "test"])
    change = audit.Change(before, account["host"])
    audit.record(audit.Kind.ADDRESS, own.address, by=by, at=now, team=own.team, mail_server=change)
    return connection


def is_tested(own: OwnAddress) -> bool:
    """Whether the server, as it is set now, took the test."""
    return (
        own.test is not None
        and own.test.state == OutgoingMessage.State.SENT
        and own.connection_id is not None
        and own.sending == OwnAddress.Sending.SMTP
    )


def send_by_server(own: OwnAddress, *, by: Advisor, now: datetime) -> HubAddress:
    """Let the team's mail leave with its own address, by the company's server. Raises NotProvedError."""
    require(may_manage(by, own.team))
    row = HubAddress.objects.filter(team=own.team, address=own.address).first()
    if row is None or own.connection is None or not is_tested(own):
        raise NotProvedError(own.address)
    Connection.objects.filter(pk=own.connection.pk).update(state=Connection.State.WORKING)
    row.connection, row.proved_for_sending_at = own.connection, now
    row.save(update_fields=["connection", "proved_for_sending_at"])
    return set_sender(own.team, row.pk, by=by, now=now)


def _account(own: OwnAddress, form: ServerForm) -> dict[str, str | int]:
    host, user = form.host.strip().lower(), form.user.strip()
    if not _HOST.fullmatch(host):
        raise ServerFormError(_("The server has a name like smtp.example.com."))
    if not form.port.isdecimal() or not 0 < int(form.port) < 65536:
        raise ServerFormError(_("The port is a number, mostly 587 or 465."))
    if form.security not in SECURITY:
        raise ServerFormError(_("Choose how the connection is encrypted."))
    if not user or not all(map(_is_speakable, (user, form.password, form.client_id, form.refresh_token))):
        raise ServerFormError(_("The log-in needs a user and a password."))
    account: dict[str, str | int] = {"address": own.address, "host": host, "port": int(form.port)}
    account |= {"security": form.security, "user": user}
    if form.client_id.strip():
        account |= {"client_id": form.client_id.strip(), "token_endpoint": _endpoint(form.token_endpoint)}
    return account


def _endpoint(typed: str) -> str:
    """Where access tokens are had: encrypted, since secrets go there."""
    if not is_askable(typed.strip()) or len(typed) > _LONGEST:
        raise ServerFormError(_("The token endpoint is an address like https://oauth2.example.com/token."))
    return typed.strip()


def _secrets(form: ServerForm) -> dict[str, str]:
    if form.client_id.strip():
        named = {"client_secret": form.client_secret, "refresh_token": form.refresh_token.strip()}
        return named if named["refresh_token"] else {}
    return {"password": form.password} if form.password else {}


def _kept_secrets(kept: Connection | None, account: dict[str, str | int]) -> dict[str, str]:
    """Those that are stored, which go where they were entered for and nowhere else."""
    names = ("host", "user", "client_id", "token_endpoint")
    if kept is None or any(kept.settings.get(name) != account.get(name) for name in names):
        raise ServerFormError(_("Enter the password for this server."))
    return {name: str(secret) for name, secret in kept.secrets.items()}


def _is_speakable(text: str) -> bool:
    return len(text) <= _LONGEST and text.isprintable()


def _post_test(own: OwnAddress, connection: Connection, by: Advisor, now: datetime) -> OutgoingMessage:
    draft = mail.Draft(
        message_id=mail.new_message_id(settings.MAIL_DOMAIN),
        sender=Mailbox(own.team.name, own.address),
        to=(Mailbox(by.user.name, by.user.email),),
        subject=_("Test of %(address)s") % {"address": own.address},
        date=now,
        text=_("EmailHub sent this mail by your own mail server. It works."),
    )
    is_demo = own.team.company.is_demo
    return outbox.enqueue(
        company_id=own.company_id,
        channel=outbox.channel_of(own.team.company) if is_demo else CHANNELS[Connection.Kind.SMTP],
        connection=None if is_demo else connection,
        message_id=draft.message_id,
        content=mail.compose(draft),
        recipients=[by.user.email],
        due_at=now,
        now=now,
    )
