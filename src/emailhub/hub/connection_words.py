"""What is wrong with a connection, in plain words, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emailhub.delivery.models import Connection

Words = tuple[str | Promise, str | Promise]
_KEY_CHANGED: Words = (
    _("The password cannot be read any more"),
    _("EmailHub's key has changed. Enter the password again."),
)
_CONSENT_ANEW = _("Connect it again in the set-up guide: whoever did it signs in once more.")
_OF_SMTP: dict[str, Words] = {
    "unreachable": (
        _("No connection to a mail server there"),
        _(
            "Check name and port: 587 with STARTTLS, or 465 with TLS. A server within your own network can be"
            " used only if whoever runs EmailHub allows it."
        ),
    ),
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
}
_WORDS: dict[str, Words] = {
    "unreachable": (
        _("No connection to a mail server there"),
        _(
            "Check name, port and encryption: 993 goes with TLS, 143 with STARTTLS. If they are right, the"
            " server is down: it is tried again by itself, and nothing gets lost. A server within your own"
            " network can be used only if whoever runs EmailHub allows it."
        ),
    ),
    "certificate": (
        _("The server's certificate is not valid for this name"),
        _("Enter the name that stands in the certificate, mostly imap. or mail. and your provider's domain."),
    ),
    "login": (
        _("The server refused the log-in"),
        _(
            "Has the password been changed? Enter the new one. Gmail and many others want an app password,"
            " made in the account's security settings, and IMAP switched on in the mailbox's settings."
        ),
    ),
    "consent": (
        _("The provider does not accept the consent any more"),
        _("Somebody has withdrawn it, or it has expired. Make a new refresh token and enter it."),
    ),
    "no_token": (
        _("The provider gives no access token at the moment"),
        _("It is tried again by itself."),
    ),
    "folder": (
        _("The folder is not there any more"),
        _("It was deleted, or its new name is not clear. Choose the folder that is to be read."),
    ),
    "odd_server": (
        _("The server answers in a way that cannot be read"),
        _("It is tried again by itself. If it stays like this, tell whoever runs EmailHub."),
    ),
    "sealed": _KEY_CHANGED,
    "sealed_elsewhere": _KEY_CHANGED,
    "graph_not_configured": (
        _("Microsoft 365 is not set up in this installation"),
        _("Whoever runs EmailHub enters the application that Microsoft knows it by."),
    ),
    "graph_secret": (
        _("Microsoft does not accept the application's secret"),
        _("It has expired or is wrong. An administrator of Microsoft 365 makes a new one."),
    ),
    "graph_consent": (_("Microsoft 365 does not let EmailHub in any more"), _CONSENT_ANEW),
    "graph_sign_in": (_("Microsoft 365 does not let EmailHub in any more"), _CONSENT_ANEW),
    "graph_token": (_("Microsoft 365 does not let EmailHub in any more"), _CONSENT_ANEW),
    "graph_send_as": (
        _("Mail may not leave with this address"),
        _("In the Exchange admin center give the account “Send as” for the mailbox. It can take an hour."),
    ),
    "graph_denied": (
        _("EmailHub may not use this mailbox"),
        _("An administrator of Microsoft 365 allows it; the set-up guide shows how."),
    ),
    "graph_no_mailbox": (
        _("There is no such mailbox at Microsoft 365"),
        _("Was it renamed or deleted? Choose the mailbox again in the set-up guide."),
    ),
    "graph_state": (
        _("This sign-in was not begun in this browser"),
        _("Nothing was changed. Begin again with the button of the guide."),
    ),
    "graph_others_tenant": (
        _("Another company uses this Microsoft 365"),
        _("One Microsoft 365 belongs to one company here. Ask whoever runs EmailHub if that is wrong."),
    ),
    "graph_unrestricted": (
        _("EmailHub can open other mailboxes as well"),
        _("Have the commands below run in PowerShell. It can take an hour until Microsoft acts on them."),
    ),
    "graph_left": (
        _("Some mail cannot be fetched yet"),
        _("What came after it is here. It is tried again by itself; until then it is in the mailbox."),
    ),
    "graph_refused": (
        _("Microsoft 365 refuses what EmailHub asks"),
        _("It is tried again by itself. If it stays like this, tell whoever runs EmailHub what it says."),
    ),
    "graph_throttled": (_("Microsoft 365 asks to go slower"), _("It goes on by itself.")),
    "graph_away": (_("Microsoft 365 does not answer"), _("It is tried again by itself.")),
    "texting_credentials": (
        _("The gateway does not accept the account"),
        _("Has the token been changed there? Enter the new one. What is to be sent waits meanwhile."),
    ),
    "texting_away": (
        _("The gateway does not answer"),
        _("It is tried again by itself, for 24 hours. Nothing gets lost."),
    ),
}
_OTHER: Words = (
    _("Something went wrong"),
    _("It is tried again by itself. If it stays like this, tell whoever runs EmailHub."),
)
_UNATTENDED: Words = (
    _("Nobody is looking into it"),
    _("EmailHub's worker does not run, or cannot keep up. Tell whoever runs EmailHub."),
)


@dataclass(frozen=True)
class Problem:
    """A title and a remedy."""

    title: str
    remedy: str
    said: str = ""  # by the server


def problem_of(connection: Connection) -> Problem:
    """What keeps a connection from working; of a working one that nobody looks into it."""
    is_working = connection.state == Connection.State.WORKING
    known = {**_WORDS, **_OF_SMTP} if connection.kind == Connection.Kind.SMTP else _WORDS
    title, remedy = _UNATTENDED if is_working else known.get(connection.problem, _OTHER)
    return Problem(str(title), str(remedy), connection.problem_detail)
