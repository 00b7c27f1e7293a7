"""Faults of ours are passing ones on the wire: the sender keeps the mail and tries again."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import LazySettings
from django.db import connection

from emailhub import postgres
from tests.cast import Cast
from tests.channels.smtp.wire import MAIL, Wire, received, stored
from tests.conftest import DATABASE


@pytest.fixture
def small_disk(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """The data folder on a disk of a megabyte."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)], check=True)
    settings.DATA_ROOT = tmp_path
    yield tmp_path
    subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


def test_a_full_disk_is_a_passing_refusal_and_heals_by_itself(
    port: int, committed_cast: Cast, small_disk: Path
) -> None:
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 900_000)
    content = MAIL + b"x" * 500_000 + b"\r\n"
    with Wire(port) as wire:
        assert wire.send(committed_cast.service_address, content=content).startswith("452 4.3.1 ")
        assert received(committed_cast) == []
        assert [path for path in small_disk.rglob("*") if path.is_file()] == [ballast]
        ballast.unlink()
        assert wire.send(committed_cast.service_address, content=content).startswith("250")

    [row] = received(committed_cast)
    assert stored(row) == content


def test_a_disk_that_cannot_be_written_is_a_passing_refusal(
    port: int, committed_cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    settings.DATA_ROOT = tmp_path
    (tmp_path / "files").write_bytes(b"in the way")
    with Wire(port) as wire:
        assert wire.send(committed_cast.service_address).startswith("451 4.3.0 ")
        (tmp_path / "files").unlink()
        assert wire.send(committed_cast.service_address).startswith("250")

    assert len(received(committed_cast)) == 1


def _database(*, takes_connections: bool) -> None:
    parameters = postgres.parameters(Path(os.environ["EMAILHUB_TEST_ROOT"]), role="owner", dbname="postgres")
    with psycopg.connect(**parameters, autocommit=True) as owner:  # type: ignore[arg-type]
        owner.execute(f'ALTER DATABASE "{DATABASE}" ALLOW_CONNECTIONS {takes_connections}')
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [DATABASE])


def test_a_stopped_database_is_a_passing_refusal_and_heals_by_itself(port: int, committed_cast: Cast) -> None:
    with Wire(port) as wire:
        assert wire.send(committed_cast.service_address).startswith("250")
        wire.open_mail(committed_cast.service_address)
        _database(takes_connections=False)
        try:
            wire.write(MAIL + b".\r\n")
            assert wire.reply().startswith("451 4.3.0 ")  # at the end of a mail
            wire.say("MAIL FROM:<carla@customer.example>")
            known = wire.say(f"RCPT TO:<{committed_cast.service_address}>")
            unknown = wire.say("RCPT TO:<nobody@inbox.example>")
            assert (known[:9], unknown[:9]) == ("451 4.3.0", "451 4.3.0")  # at RCPT: nobody is "unknown"
        finally:
            _database(takes_connections=True)
        wire.say("RSET")
        assert wire.send(committed_cast.service_address).startswith("250")

    connection.close()  # the test's own has been ended as well
    assert len(received(committed_cast)) == 2


def test_a_client_that_vanishes_within_a_mail_leaves_nothing(port: int, committed_cast: Cast) -> None:
    with Wire(port) as wire:
        wire.open_mail(committed_cast.service_address)
        wire.write(MAIL + b"\r\n.")
    with Wire(port) as wire:
        assert wire.send(committed_cast.service_address).startswith("250")

    assert len(received(committed_cast)) == 1
