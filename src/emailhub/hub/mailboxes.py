"""A mailbox that is read by IMAP: how a manager connects it, tests it, and lets it go again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.utils.translation import gettext as _

from emailhub.accounts import audit
from emailhub.accounts.models import Advisor, Team
from emailhub.accounts.permissions import may_manage, require
from emailhub.delivery.connection_work import wake
from emailhub.delivery.models import Connection

from .errors import HubError
from .models import Probe
from .own_addresses import name_address
from .probes import probes_to, send_probe

SECURITY = ("tls", "starttls")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,252}[A-Za-z0-9])?")
_LONGEST = 4_000  # of a secret; tokens are long
_GONE = Connection.State.OFF
Settings = dict[str, str | int | bool]


class MailboxFormError(HubError):
    """Something typed about a mailbox cannot be. Made with the sentence for the user."""


@dataclass(frozen=True)
class MailboxForm:
    """What a manager types. An empty secret leaves the one that is kept, for the same host and user."""

    address: str = ""
    host: str = ""
    port: str = "993"
    security: str = "tls"
    user: str = ""
    secret: str = field(default="", repr=False)  # the password; with `oauth` a refresh token
    oauth: str = ""  # "google", or a password
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    folder: str = "INBOX"
    since: str = ""  # YYYY-MM-DD: the history from this day on
    history_stays_open: bool = False
    follows_moves: bool = True

    @classmethod
    def of(cls, connection: Connection) -> MailboxForm:
        """What was typed, without the secrets."""
        known = {name: connection.settings[name] for name in _SHOWN if name in connection.settings}
        return cls(**known, port=str(connection.settings["port"]))


_SHOWN = (
    "address",
    "host",
    "security",
    "user",
    "oauth",
    "client_id",
    "folder",
    "since",
    "history_stays_open",
    "follows_moves",
)


def mailbox_of(team: Team) -> Connection | None:
    """The mailbox that the team reads."""
    rows = Connection.objects.filter(team=team, kind=Connection.Kind.IMAP).exclude(state=_GONE)
    return rows.order_by("-id").first()


def connect_mailbox(team: Team, form: MailboxForm, *, by: Advisor, now: datetime) -> Connection:
    """Read this mailbox from now on, and send it a test, which proves that it is the address's.

    Raises HubError: MailboxFormError, AddressTakenError, NeverSwitchedOnError ...
    """
    require(may_manage(by, team))
    kept = mailbox_of(team)
    typed = _read(form)
    secrets = _secrets(form, typed, kept)
    own = name_address(team, form.address, by=by, now=now)
    connection = kept or Connection(company_id=team.company_id, team=team, kind=Connection.Kind.IMAP)
    before = connection.name
    is_same = kept is not None and _is_same(kept, typed)
    begun = kept.settings["connected_at"] if kept is not None and is_same else now.isoformat()
    connection.settings = {**typed, "address": own.address, "connected_at": begun}
    connection.secrets, connection.name = secrets, own.address
    connection.state, connection.problem, connection.problem_detail = Connection.State.NEW, "", ""
    connection.failing_since, connection.due_at = None, now
    connection.save()
    wake()
    test_mailbox(team, own.address, by=by, now=now)
    change = audit.Change(before, connection.name)
    audit.record(audit.Kind.ADDRESS, own.address, by=by, at=now, team=team, mailbox=change)
    return connection


def test_mailbox(team: Team, address: str, *, by: Advisor, now: datetime) -> Probe:
    """Send a mail to the mailbox that has to come in by it. Raises TooManyProbesError."""
    return send_probe(team, address, by=by, now=now)


def last_test(team: Team, connection: Connection) -> Probe | None:
    """The last of these mails."""
    return next(iter(probes_to(team, connection.settings["address"])), None)


def look_now(connection: Connection, *, by: Advisor, now: datetime) -> None:
    """Have a worker look into it at once."""
    assert connection.team is not None
    require(may_manage(by, connection.team))
    Connection.objects.filter(pk=connection.pk).exclude(state=_GONE).update(due_at=now)
    wake()


def disconnect_mailbox(team: Team, *, by: Advisor, now: datetime) -> None:
    """Read it no more. What came stays; the address stays the team's."""
    require(may_manage(by, team))
    connection = mailbox_of(team)
    if connection is None:
        return
    connection.state, connection.due_at, connection.sealed = _GONE, now, b""
    connection.save(update_fields=["state", "due_at", "sealed"])
    wake()
    change = audit.Change(connection.name, "")
    audit.record(audit.Kind.ADDRESS, connection.name, by=by, at=now, team=team, mailbox=change)


def _read(form: MailboxForm) -> Settings:
    host, user = form.host.strip().lower(), form.user.strip() or form.address.strip()
    if not _HOST.fullmatch(host):
        raise MailboxFormError(_("The server has a name like imap.example.com."))
    if not form.port.isdecimal() or not 0 < int(form.port) < 65536:
        raise MailboxFormError(_("The port is a number, mostly 993."))
    if form.security not in SECURITY and not (form.security == "none" and settings.EGRESS_ALLOWED):
        raise MailboxFormError(_("Choose how the connection is encrypted."))
    if not all(map(_is_speakable, (user, form.secret, form.folder, form.client_id, form.client_secret))):
        raise MailboxFormError(_("User, password and folder have no control characters."))
    return {
        "host": host,
        "port": int(form.port),
        "security": form.security,
        "user": user,
        "oauth": form.oauth if form.oauth == "google" else "",
        "client_id": form.client_id.strip(),
        "folder": form.folder.strip() or "INBOX",
        "since": _day(form.since),
        "history_stays_open": form.history_stays_open,
        "follows_moves": form.follows_moves,
    }


def _day(typed: str) -> str:
    if not typed:
        return ""
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        raise MailboxFormError(_("Choose a day.")) from None


def _is_same(kept: Connection, typed: Settings) -> bool:
    return all(kept.settings.get(name) == typed[name] for name in ("host", "port", "user"))


def _secrets(form: MailboxForm, typed: Settings, kept: Connection | None) -> dict[str, str]:
    """What was typed, or what is stored, which goes to the host that it was entered for and to no other."""
    if form.secret:
        return {"secret": form.secret, "client_secret": form.client_secret}
    if kept is None or not _is_same(kept, typed) or kept.settings.get("oauth", "") != typed["oauth"]:
        raise MailboxFormError(_("Enter the password for this mailbox."))
    return kept.secrets


def _is_speakable(text: str) -> bool:
    return len(text) <= _LONGEST and (not text or text.isprintable())
