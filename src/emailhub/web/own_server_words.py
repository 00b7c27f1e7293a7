"""How the test by a company's own mail server went, in plain words, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from emailhub.delivery.models import OutgoingMessage
from emailhub.hub.connection_words import problem_of
from emailhub.hub.models import OwnAddress
from emailhub.hub.own_server import is_tested

State = OutgoingMessage.State


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
        return ServerTest("ok", _("The server took the test. Look whether it is in your mailbox."))
    if own.test.state in (State.FAILED, State.UNCERTAIN):
        return _refused(own.test)
    if own.connection.problem:
        problem = problem_of(own.connection)
        return ServerTest("bad", problem.title, problem.remedy)
    return ServerTest("waiting", _("The test is about to leave"))


def _refused(test: OutgoingMessage) -> ServerTest:
    recipient = test.recipients.first()
    said = f"{recipient.status} {recipient.diagnostic}".strip() if recipient else ""
    remedy = _("It let us in and did not take the mail. May this log-in send with this address?")
    return ServerTest("bad", _("The server refused the test"), remedy, said)
