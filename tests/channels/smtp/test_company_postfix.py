"""A team's mail by a company's real submission server: Postfix over TLS, log-ins checked by Dovecot."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from emailhub.channels.smtp.account import AccountSender
from emailhub.delivery.models import Connection
from emailhub.delivery.outcomes import Fate, FinishedMail, Outcome
from tests.cast import CARLA, Cast
from tests.channels.smtp.postfix import Postfix, free_port
from tests.channels.smtp.sink import Sink
from tests.dovecot import PASSWORD, Dovecot

SUPPORT = "support@dealer.example"
LETTER = f"From: Service <{SUPPORT}>\r\nTo: {CARLA}\r\nSubject: Pump\r\n\r\nIt is mended.\r\n".encode()
_HAS_SERVERS = shutil.which("postfix") and shutil.which("dovecot") and os.geteuid() == 0
_AUTH = "service auth {{\n  inet_listener {{\n    address = 127.0.0.1\n    port = {port}\n  }}\n}}\n"

pytestmark = pytest.mark.skipif(
    not _HAS_SERVERS and not os.environ.get("CI"),
    reason="needs Postfix and Dovecot (make test-tools), and root",
)


@pytest.fixture
def world() -> Iterator[Sink]:
    """Where the company's server sends what it took."""
    sink = Sink()
    yield sink
    sink.close()


@pytest.fixture
def submission(world: Sink, certificate: tuple[Path, Path]) -> Iterator[Postfix]:
    chain, key = certificate
    port = free_port()
    dovecot = Dovecot(more=_AUTH.format(port=port))
    only_known = "permit_sasl_authenticated, reject"
    postfix = Postfix(
        hub="error:nobody here",
        relay_port=world.port,
        smtpd_sasl_auth_enable="yes",
        smtpd_sasl_type="dovecot",
        smtpd_sasl_path=f"inet:127.0.0.1:{port}",
        smtpd_relay_restrictions=only_known,
        smtpd_recipient_restrictions=only_known,
        smtpd_tls_security_level="may",
        smtpd_tls_auth_only="yes",
        smtpd_tls_chain_files=f"{key}, {chain}",
    )
    yield postfix
    postfix.stop()
    dovecot.remove()


def test_the_right_password_delivers_and_a_wrong_one_keeps_the_mail(
    inside: Cast,
    submission: Postfix,
    world: Sink,
    certificate: tuple[Path, Path],
    settings: LazySettings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.EGRESS_ALLOWED = ["localhost"]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    account = {"address": SUPPORT, "host": "localhost", "port": submission.port, "security": "starttls"}
    connection = Connection(company=inside.dealer, team=inside.service, kind="smtp", name="localhost")
    connection.settings = {**account, "user": "desk@contoso.example"}
    sender = AccountSender()
    try:
        assert fate(sender, connection, "not the password") is Fate.DEFERRED
        connection.refresh_from_db()
        assert connection.problem == "login"
        assert fate(sender, connection, PASSWORD) is Fate.ACCEPTED
    finally:
        sender.close()
    wait_for(world, submission)
    assert [mail.rcpt_to for mail in world.mails] == [(CARLA,)]
    assert world.mails[0].mail_from.startswith(f"<{SUPPORT}>")
    connection.refresh_from_db()
    assert (connection.state, connection.problem) == ("working", "")


def fate(sender: AccountSender, connection: Connection, password: str) -> Fate:
    connection.secrets = {"password": password}
    connection.save()
    mail = FinishedMail("bounces+x@inbox.example", (CARLA,), LETTER, connection.company_id, connection.pk)
    outcome: Outcome = sender.send(mail, lambda _: None)
    return outcome.results[0].fate


def wait_for(world: Sink, submission: Postfix) -> None:
    """Postfix hands on in its own time."""
    for _ in range(600):
        if world.mails and submission.queue_is_empty():
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing came out:\n{submission.log}")
