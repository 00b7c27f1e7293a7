"""How the test by a company's own mail server went, in plain words, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emailhub.delivery.models import OutgoingMessage
from emailhub.hub.models import OwnAddress
from emailhub.hub.own_server import is_tested

State = OutgoingMessage.State
_PROBLEMS: dict[str, tuple[str | Promise, str | Promise]] = {
    "login": (
        _("The server refused the log-in"),
        _(
            "Check user and password. Gmail and many others want an app password, made in the account's"
            " security settings; Microsoft 365 has to allow “Authenticated SMTP” for the mailbox."
        ),
    ),
    "certificate": (
        _("The server's certificate is not valid for this name"),
        _("Enter the name that stands in the certificate, mostly smtp. or mail. and your provider's domain."),
    ),
    "unsupported": (
        _("The server does not offer this encryption or log-in"),
        _("Port 587 goes with STARTTLS, port 465 with TLS from the beginning."),
    ),
    "unreachable": (
        _("No connection to a mail server there"),
        _(
            "Check name and port: 587 with STARTTLS, or 465 with TLS. A server within your own network can be"
            " used only if whoever runs EmailHub allows it."
        ),
    ),
    "sealed": (
        _("The password cannot be read any more"),
        _("EmailHub's key has changed. Enter the password again."),
    ),
}


@dataclass(frozen=True)
class ServerTest:
    """The last test, and what to do now. `tone` is ok, waiting or bad."""

    tone: str
    title: str
    remedy: str = ""
    said: str = ""  # by the server, after it had let us in


def server_test(own: OwnAddress) -> ServerTest | None:
    if own.test is None or own.connection is None:
        return None
    if is_tested(own):
        return ServerTest("ok", str(_("The server took the test. Look whether it is in your mailbox.")))
    if own.test.state in (State.FAILED, State.UNCERTAIN):
        return _refused(own.test)
    if own.connection.problem in _PROBLEMS:
        title, remedy = _PROBLEMS[own.connection.problem]
        return ServerTest("bad", str(title), str(remedy))
    return ServerTest("waiting", str(_("The test is about to leave")))


def _refused(test: OutgoingMessage) -> ServerTest:
    recipient = test.recipients.first()
    said = f"{recipient.status} {recipient.diagnostic}".strip() if recipient else ""
    remedy = _("It let us in and did not take the mail. May this log-in send with this address?")
    return ServerTest("bad", str(_("The server refused the test")), str(remedy), said)
