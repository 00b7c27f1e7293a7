"""`emailhub check`: each thing that it looks at, well and ill."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.utils import timezone

from emailhub.accounts.models import Company
from emailhub.accounts.tenancy import company
from emailhub.cli import check
from emailhub.cli.check import (
    certificates,
    clock,
    configured,
    databases,
    names,
    peer,
    queues,
    relay,
    storage,
    sums,
)
from emailhub.cli.check.finding import Finding, Level
from emailhub.cli.main import main
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.models import Message
from emailhub.egress.dns import Resolver
from emailhub.intake.models import ReceivedMessage
from tests.cast import CARLA, Cast
from tests.channels.smtp.sink import Sink
from tests.cli.dns_server import serving, silent
from tests.conftest import as_owner
from tests.letters import letter
from tests.post import deliver, drain


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database runs already, and Django is set up."""

    @contextmanager
    def nothing_to_do() -> Iterator[None]:
        yield

    monkeypatch.setattr(check, "with_data", nothing_to_do)


def levels(findings: Iterator[Finding]) -> dict[str, Level]:
    return {finding.check: finding.level for finding in findings}


def only(findings: Iterator[Finding]) -> Finding:
    [finding] = findings
    return finding


# The command


def test_each_thing_is_a_line_of_json_and_all_is_well(
    here: None, committed_cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["check", "--json", "--files"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {line["level"] for line in lines} <= {"ok", "warning"}, lines
    assert code == 0
    assert {line["check"].partition(".")[0] for line in lines} == {
        *("configuration", "database", "storage", "certificate"),
        *("clock", "queue", "sums", "relay", "dns"),
    }
    assert all(line["message"] for line in lines)


def test_people_read_a_line_for_each(
    here: None, committed_cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check"]) == 0
    assert "ok       database.durability    what is committed survives a power cut" in capsys.readouterr().out


def test_what_must_be_put_right_is_the_exit_code_1(
    here: None,
    committed_cast: Cast,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("EMAILHUB_SMTP_CERTIFICATE", "/no/where.pem")
    assert main(["check"]) == 1
    out = capsys.readouterr().out
    assert "failed   certificate.smtp       EMAILHUB_SMTP_CERTIFICATE and EMAILHUB_SMTP_KEY cannot be" in out
    assert "dns" in out


def test_a_wrong_setting_is_a_finding(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMAILHUB_WORKERS", "two")
    assert main(["check", "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {
        "check": "configuration",
        "level": "failed",
        "message": "EMAILHUB_WORKERS must be a whole number, not 'two'",
    }


def test_data_that_is_not_there_is_a_finding(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EMAILHUB_DATA", str(tmp_path / "nothing"))
    assert main(["check", "--json"]) == 1
    [line] = capsys.readouterr().out.splitlines()
    assert json.loads(line)["message"].startswith("there is no data in ")


def test_a_database_that_goes_away_ends_one_check_and_not_all(db: None) -> None:
    from django.db import OperationalError

    def look() -> Iterator[Finding]:
        raise OperationalError("the connection is closed")
        yield

    found = only(check._guarded(look))
    assert (found.level, found.message) == (
        Level.FAILED,
        "the database cannot be used: the connection is closed",
    )


# The settings


def test_an_example_domain_is_for_a_demo(cast: Cast, settings) -> None:
    settings.MAIL_DOMAIN = "inbox.example"
    found = only(configured.look())
    assert (found.level, found.message[:20]) == (Level.WARNING, "EMAILHUB_MAIL_DOMAIN")
    Company.objects.update(is_demo=True)
    assert only(configured.look()).level is Level.OK


def test_real_mail_is_not_debugged_and_not_sent_in_clear(
    cast: Cast, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_DOMAIN, settings.DEBUG = "inbox.dealer.test", True
    monkeypatch.setenv("EMAILHUB_HOST", "0.0.0.0")
    found = {finding.message.split()[0]: finding.level for finding in configured.look()}
    assert found == {"EMAILHUB_DEBUG": Level.FAILED, "EMAILHUB_URL": Level.WARNING}


# The database


def test_the_database_is_looked_at_by_both_roles(committed_cast: Cast) -> None:
    assert levels(databases.look()) == {
        "database.application": Level.OK,
        "database.owner": Level.OK,
        "database.durability": Level.OK,
    }


def test_an_owner_who_does_not_own_the_tables_is_found(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = databases._one
    monkeypatch.setattr(databases, "_one", lambda alias, sql: ask("default", sql))
    found = {finding.check: finding for finding in databases.look()}["database.owner"]
    assert found.level is Level.FAILED
    assert "DATABASE_OWNER_URL" in found.message


def test_a_database_that_forgets_is_found(committed_db: None) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    try:
        found = {finding.check: finding for finding in databases.look()}["database.durability"]
    finally:
        connection.close()
    assert found.level is Level.FAILED
    assert found.message.startswith("synchronous_commit is off")


# The storage


def test_the_storage_is_written_and_read(db: None) -> None:
    assert levels(storage.look())["storage.writable"] is Level.OK


def test_a_storage_that_takes_nothing_is_found(db: None, settings, tmp_path: Path) -> None:
    (tmp_path / "files").write_text("in the way")
    settings.DATA_ROOT = tmp_path
    assert levels(storage.look())["storage.writable"] is Level.FAILED


@pytest.mark.parametrize(("free", "level"), [(1, Level.FAILED), (30, Level.WARNING), (500, Level.OK)])
def test_a_disk_is_full_before_it_is(
    db: None, monkeypatch: pytest.MonkeyPatch, free: int, level: Level
) -> None:
    gigabyte = 1_000_000_000
    sizes = (1000 * gigabyte, (1000 - free) * gigabyte, free * gigabyte if free > 1 else gigabyte // 10)
    monkeypatch.setattr(storage.shutil, "disk_usage", lambda _: storage.shutil._ntuple_diskusage(*sizes))
    assert storage._room().level is level


def test_a_damaged_file_is_named(committed_cast: Cast) -> None:
    from emailhub import store

    deliver(letter(CARLA))
    with company(committed_cast.dealer.id):
        key = ReceivedMessage.objects.get().content_key
    store.path(committed_cast.dealer.id, key).write_bytes(b"other")
    one, all_ = storage.look_at_files()
    assert one.level is all_.level is Level.FAILED
    assert one.figures["fault"] == "damaged"
    assert key in one.message
    assert all_.figures["faults"] == 1


# Certificates


def certificate(folder: Path, *, days: int, host: str = "localhost") -> tuple[Path, Path]:
    """A self-signed certificate that ends in so many days, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    end = datetime.now(UTC) + timedelta(days=days, hours=1)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(end - timedelta(days=365))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, private = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return pem, private


@pytest.mark.parametrize(("days", "level"), [(90, Level.OK), (5, Level.WARNING), (-2, Level.FAILED)])
def test_the_listeners_certificate_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings, days: int, level: Level
) -> None:
    settings.SECURE = False
    pem, key = certificate(tmp_path, days=days)
    monkeypatch.setenv("EMAILHUB_SMTP_CERTIFICATE", str(pem))
    monkeypatch.setenv("EMAILHUB_SMTP_KEY", str(key))
    found = only(certificates.look())
    assert (found.check, found.level, found.figures["days"]) == ("certificate.smtp", level, days)


def test_a_key_of_another_certificate_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings
) -> None:
    settings.SECURE = False
    (tmp_path / "other").mkdir()
    pem, _ = certificate(tmp_path, days=90)
    _, other = certificate(tmp_path / "other", days=90)
    monkeypatch.setenv("EMAILHUB_SMTP_CERTIFICATE", str(pem))
    monkeypatch.setenv("EMAILHUB_SMTP_KEY", str(other))
    assert only(certificates.look()).level is Level.FAILED


def test_the_pages_certificate_is_what_a_browser_is_shown(tmp_path: Path) -> None:
    pem, key = certificate(tmp_path, days=42)
    trusting = ssl.create_default_context(cafile=str(pem))
    with tls_server(pem, key) as port:
        until = peer.certificate_of("localhost", port, trusting)
        with pytest.raises(ssl.SSLCertVerificationError):
            peer.certificate_of("localhost", port)
    assert (until - timezone.now()).days == 42


@contextmanager
def tls_server(pem: Path, key: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            for _ in range(2):
                client, _address = server.accept()
                try:
                    context.wrap_socket(client, server_side=True).close()
                except (ssl.SSLError, OSError):
                    client.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


def test_pages_that_nobody_reaches_are_found(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SECURE, settings.URL = True, "https://localhost:1"
    monkeypatch.delenv("EMAILHUB_SMTP_CERTIFICATE", raising=False)
    found = {finding.check: finding.level for finding in certificates.look()}
    assert found == {"certificate.smtp": Level.OK, "certificate.pages": Level.FAILED}


# The clock


NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("theirs", "newest", "level"),
    [
        (NOW, None, Level.OK),
        (NOW + timedelta(seconds=1), NOW - timedelta(days=1), Level.OK),
        (NOW + timedelta(seconds=10), None, Level.WARNING),
        (NOW - timedelta(minutes=5), None, Level.FAILED),
        (NOW, NOW + timedelta(hours=1), Level.FAILED),
    ],
)
def test_the_clock_agrees_and_has_not_gone_back(
    theirs: datetime, newest: datetime | None, level: Level
) -> None:
    assert clock.found(NOW, theirs, newest).level is level


def test_the_clock_is_compared_with_the_databases(committed_cast: Cast) -> None:
    deliver(letter(CARLA))
    assert only(clock.look()).level is Level.OK


# What waits


def test_mail_that_waits_long_is_found(committed_cast: Cast) -> None:
    [id] = deliver(letter(CARLA))
    assert levels(queues.look())["queue.received"] is Level.OK
    for ago, level in ((timedelta(minutes=5), Level.WARNING), (timedelta(hours=1), Level.FAILED)):
        with company(committed_cast.dealer.id):
            ReceivedMessage.objects.filter(pk=id).update(received_at=timezone.now() - ago)
        found = {finding.check: finding for finding in queues.look()}["queue.received"]
        assert (found.level, found.figures["waiting"]) == (level, 1)
        assert found.figures["oldest_seconds"] >= ago.total_seconds()


def test_mail_that_does_not_leave_is_found(committed_cast: Cast) -> None:
    with company(committed_cast.dealer.id):
        mail = outgoing(committed_cast)
        assert levels(queues.look())["queue.outgoing"] is Level.OK
        OutgoingMessage.objects.filter(pk=mail.pk).update(created_at=timezone.now() - timedelta(hours=5))
    assert levels(queues.look())["queue.outgoing"] is Level.FAILED


def test_what_somebody_must_decide_on_is_found(committed_cast: Cast) -> None:
    [id] = deliver(letter(CARLA))
    with company(committed_cast.dealer.id):
        ReceivedMessage.objects.filter(pk=id).update(state="quarantined", reason="failed")
        mail = outgoing(committed_cast)
        OutgoingMessage.objects.filter(pk=mail.pk).update(state="uncertain")
    found = levels(queues.look())
    assert found["queue.quarantined"] is found["queue.uncertain"] is Level.WARNING


def test_an_outbox_that_is_held_back_since_a_restore_is_found(committed_cast: Cast) -> None:
    from emailhub.delivery.models import OutboxHold

    with as_owner() as owner:
        owner.execute("INSERT INTO delivery_outboxhold VALUES (1, now(), now())")
    assert OutboxHold.objects.exists()
    assert levels(queues.look())["queue.outgoing"] is Level.WARNING


def outgoing(cast: Cast) -> OutgoingMessage:
    from emailhub.delivery.outbox import enqueue

    now = timezone.now()
    return enqueue(
        company_id=cast.dealer.id,
        channel="smtp",
        message_id="ours@inbox.example",
        content=b"Subject: x\r\n\r\nx\r\n",
        recipients=[CARLA],
        due_at=now,
        now=now,
    )


# The sums


def test_all_that_was_accepted_has_its_fate(committed_cast: Cast) -> None:
    raw = letter(CARLA)
    deliver(raw, ("service.dealer@inbox.example", "office.farm@inbox.example", "abuse@inbox.example"))
    deliver(raw)
    drain()
    deliver(letter(CARLA))
    found = only(sums.look())
    assert found.level is Level.OK
    assert found.figures == {"accepted": 5, "ticket": 2, "operator": 1, "duplicate": 1, "waiting": 1}
    assert found.message == "5 accepted = 1 duplicate + 1 operator + 2 ticket + 1 waiting"


def test_a_delivery_whose_message_is_gone_is_found(committed_cast: Cast) -> None:
    [id] = deliver(letter(CARLA))
    drain()
    with as_owner() as owner:
        owner.execute("UPDATE intake_receivedmessage SET filed_as_id = NULL")
    team, all_ = sums.look()
    assert team.level is all_.level is Level.FAILED
    assert (team.figures["company"], team.figures["team"]) == ("Dealer Group", "Service")
    assert all_.figures == {"accepted": 1, "nowhere": 1, "deliveries": [id]}
    with company(committed_cast.dealer.id):
        assert Message.objects.exists()


# The relay


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    yield sink
    sink.close()


def set_relay(monkeypatch: pytest.MonkeyPatch, port: int, **options: str) -> None:
    given = {"host": "127.0.0.1", "port": str(port), "security": "none", **options}
    for name, value in given.items():
        monkeypatch.setenv(f"EMAILHUB_RELAY_{name.upper()}", value)


def test_a_relay_that_answers_is_well(cast: Cast, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    set_relay(monkeypatch, sink.port)
    assert only(relay.look()).level is Level.OK


def test_a_relay_that_nobody_is_at_is_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    set_relay(monkeypatch, 1)
    found = only(relay.look())
    assert found.level is Level.FAILED
    assert "127.0.0.1:1" in found.message


def test_a_relay_that_takes_no_log_in_is_found_and_the_password_is_not_repeated(
    cast: Cast, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_relay(monkeypatch, sink.port, user="desk", password="canary-password")
    found = only(relay.look())
    assert found.level is Level.FAILED
    assert "canary-password" not in str(found)


def test_no_relay_is_right_for_a_demo_alone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMAILHUB_RELAY_HOST", raising=False)
    assert only(relay.look()).level is Level.WARNING
    Company.objects.update(is_demo=True)
    assert only(relay.look()).level is Level.OK


# The DNS


DOMAIN = "inbox.dealer.net"
WELL = {
    (DOMAIN, "MX"): ["10 mx.dealer.net."],
    (DOMAIN, "TXT"): ['"google-site-verification=x"', '"v=spf1 mx " "-all"'],
    ("mx.dealer.net", "A"): ["192.0.2.7"],
    ("7.2.0.192.in-addr.arpa", "PTR"): ["MX.dealer.net."],
}


def dns_of(records: dict[tuple[str, str], list[str]]) -> dict[str, Level]:
    with serving(records) as server:
        return levels(names.look_at(DOMAIN, Resolver([server]).for_one_mail()))


def test_a_domain_that_is_set_up_is_well() -> None:
    assert dns_of(WELL) == {"dns.mx": Level.OK, "dns.spf": Level.OK, "dns.ptr": Level.OK}


@pytest.mark.parametrize(
    ("change", "check_name", "level"),
    [
        ({(DOMAIN, "MX"): []}, "dns.mx", Level.FAILED),
        ({(DOMAIN, "MX"): [], (DOMAIN, "A"): ["192.0.2.7"]}, "dns.mx", Level.WARNING),
        ({(DOMAIN, "MX"): ["0 ."]}, "dns.mx", Level.FAILED),
        ({(DOMAIN, "TXT"): []}, "dns.spf", Level.WARNING),
        ({(DOMAIN, "TXT"): ['"v=spf1 -all"', '"v=spf1 mx -all"']}, "dns.spf", Level.FAILED),
        ({(DOMAIN, "TXT"): ['"v=spf1 +all"']}, "dns.spf", Level.WARNING),
        ({(DOMAIN, "TXT"): ['"v=spf10 +all"']}, "dns.spf", Level.WARNING),
        ({("mx.dealer.net", "A"): []}, "dns.ptr", Level.FAILED),
        ({("7.2.0.192.in-addr.arpa", "PTR"): []}, "dns.ptr", Level.WARNING),
        ({("7.2.0.192.in-addr.arpa", "PTR"): ["other.host.net."]}, "dns.ptr", Level.WARNING),
    ],
)
def test_what_is_missing_or_wrong_in_the_dns_is_found(
    change: dict[tuple[str, str], list[str]], check_name: str, level: Level
) -> None:
    assert dns_of({**WELL, **change})[check_name] is level


def test_a_domain_that_is_not_there_is_found() -> None:
    assert dns_of({})["dns.mx"] is Level.FAILED


def test_a_dns_that_does_not_answer_says_nothing_about_the_domain() -> None:
    with silent() as server:
        found = only(names.look_at(DOMAIN, Resolver([server], seconds=0.2).for_one_mail()))
    assert (found.check, found.level) == ("dns", Level.WARNING)


def test_an_example_domain_is_not_asked_for(settings) -> None:
    settings.MAIL_DOMAIN = "inbox.example"
    found = only(names.look())
    assert (found.check, found.level) == ("dns", Level.OK)


def test_nobody_is_asked_where_the_dns_is_off(settings) -> None:
    settings.MAIL_DOMAIN, settings.NAME_SERVERS = DOMAIN, []
    assert only(names.look()).message == "EMAILHUB_DNS is off: nobody is asked"


def test_the_name_servers_of_the_settings_are_asked(settings) -> None:
    with serving(WELL) as server:
        settings.MAIL_DOMAIN, settings.NAME_SERVERS = DOMAIN, [server]
        assert set(levels(names.look()).values()) == {Level.OK}
