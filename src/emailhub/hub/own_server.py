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
from emailhub.mail import Mailbox

from .addresses import set_sender
from .errors import NotProvedError, ServerFormError
from .models import HubAddress, OwnAddress
from .ways_out import CHANNELS

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?")
SECURITY = ("starttls", "tls")  # a password is never sent in the clear
_LONGEST = 500


@dataclass(frozen=True)
class ServerForm:
    """What a manager types. An empty password leaves the one that is kept, for the same host and user."""

    host: str
    port: str
    security: str
    user: str
    password: str = field(default="", repr=False)


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
    password = form.password or _kept_password(kept, account)
    connection = kept or Connection(company_id=own.company_id, team=own.team, kind=Connection.Kind.SMTP)
    before = connection.settings.get("host", "")
    connection.name = f"{account['host']}:{account['port']}"
    connection.settings, connection.secrets = account, {"password": password}
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
    if not user or not _is_speakable(user) or not _is_speakable(form.password):
        raise ServerFormError(_("The log-in needs a user and a password."))
    return {
        "address": own.address,
        "host": host,
        "port": int(form.port),
        "security": form.security,
        "user": user,
    }


def _kept_password(kept: Connection | None, account: dict[str, str | int]) -> str:
    """The one that is stored, which goes to the host that it was entered for and to no other."""
    names = ("host", "user")
    if kept is None or any(kept.settings[name] != account[name] for name in names):
        raise ServerFormError(_("Enter the password for this server."))
    return str(kept.secrets["password"])


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
