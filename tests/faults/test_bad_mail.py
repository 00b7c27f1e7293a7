"""Mail that is too large, no mail at all, or that nobody can read: kept, shown, and in nobody's way."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Message
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import process_due, try_again
from emailhub.intake.reading import LONGEST_TEXT, read_mail
from tests.cast import CARLA, JON, Cast
from tests.channels.smtp.wire import Wire
from tests.cli.installation import wait_until
from tests.faults.processes import Process, smtpd
from tests.letters import letter
from tests.post import deliver, receive

MEGABYTE = 1_000_000
State = ReceivedMessage.State


def the_row(cast: Cast, id: int) -> ReceivedMessage:
    with company(cast.dealer.id):
        return ReceivedMessage.objects.get(pk=id)


def make_due(cast: Cast, id: int) -> None:
    """Let the time until the next try pass."""
    with company(cast.dealer.id):
        ReceivedMessage.objects.filter(pk=id).update(due_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.slow
def test_a_mail_of_35_megabytes_is_filed_and_takes_little_memory(
    committed_cast: Cast, tmp_path: Path
) -> None:
    worker = Process("worker", log=tmp_path / "worker.log")
    listener, port = smtpd(tmp_path / "smtpd.log")
    content = os.urandom(25 * MEGABYTE)  # 34 MB as base64
    small = letter(JON, message_id="small@workshop.example")
    large = letter(CARLA, message_id="large@customer.example", files=(("film.bin", "video/mp4", content),))
    try:
        with Wire(port, timeout=120) as wire:
            assert wire.send(committed_cast.service_address, content=small).startswith("250")
            wait_until(lambda: is_filed(committed_cast, "small@workshop.example"))
            before = worker.highest_resident(), listener.highest_resident()
            assert wire.send(committed_cast.service_address, content=large).startswith("250")
        wait_until(lambda: is_filed(committed_cast, "large@customer.example"))
        after = worker.highest_resident(), listener.highest_resident()
        grown = [(one - other) // MEGABYTE for one, other in zip(after, before, strict=True)]
        assert grown[0] < 8 * 35, grown
        assert grown[1] < 6 * 35, grown
        assert worker.resident() - before[0] < 50 * MEGABYTE  # given back
    finally:
        worker.end()
        listener.end()
    with company(committed_cast.dealer.id):
        file = Message.objects.get(message_id="large@customer.example").activity.attachments.get()
        assert file.size == len(content)


def is_filed(cast: Cast, message_id: str) -> bool:
    with company(cast.dealer.id):
        return Message.objects.filter(message_id=message_id).exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=3000))
@example(raw=b"")
@example(raw=b"no header, and no empty line either")
@example(raw=b"\r\n\r\nonly a body")
@example(raw=b"From: \x00\xff\r\nSubject: =?utf-8?q?=00?=\r\n\r\n\x00")
def test_any_bytes_whatever_end_in_one_fate_with_a_reason(inside: Cast, raw: bytes) -> None:
    row = receive(inside.dealer.id, raw)
    assert row.state == State.DONE, row.last_error
    assert row.outcome in {"ticket", "duplicate", "report"}
    assert row.reason


@contextmanager
def readers_are_killed() -> Iterator[None]:
    """As the kernel does where memory runs out: whoever reads a mail in a child of ours loses it."""
    over = threading.Event()

    def kill() -> None:
        while not over.is_set():
            found = subprocess.run(
                ["pgrep", "-P", str(os.getpid()), "-f", "emailhub.intake.limited"],
                capture_output=True,
                text=True,
                check=False,
            )
            for pid in found.stdout.split():
                os.kill(int(pid), signal.SIGKILL)
            time.sleep(0.02)

    killer = threading.Thread(target=kill)
    killer.start()
    yield
    over.set()
    killer.join()


def test_a_mail_that_kills_its_reader_is_quarantined_and_others_pass(committed_cast: Cast) -> None:
    poison = letter(CARLA, files=(("bomb.bin", "application/x-bomb", os.urandom(MEGABYTE)),))
    [bad] = deliver(poison)
    with readers_are_killed():
        for attempt in range(1, 4):
            [good] = deliver(letter(JON))
            make_due(committed_cast, bad)
            process_due()
            assert the_row(committed_cast, good).outcome == "ticket"
            row = the_row(committed_cast, bad)
            assert row.attempts == attempt
            assert row.last_error == "UnreadableError: the reader ended with -9: it said nothing"
    assert (row.state, row.reason) == (State.QUARANTINED, "failed")
    make_due(committed_cast, bad)
    assert process_due() == 0  # it is nobody's work any more
    with company(committed_cast.dealer.id):
        try_again(row, now=timezone.now())
    process_due()
    row = the_row(committed_cast, bad)
    assert (row.state, row.outcome, row.last_error) == (State.DONE, "ticket", "")


def test_a_worker_that_dies_with_a_mail_in_hand_again_and_again_leaves_it_in_quarantine(
    committed_cast: Cast,
) -> None:
    [id] = deliver(letter(CARLA))
    with company(committed_cast.dealer.id):
        ReceivedMessage.objects.filter(pk=id).update(attempts=10)  # begun by workers that have died
    process_due()
    row = the_row(committed_cast, id)
    assert row.state == State.QUARANTINED
    assert row.last_error == "RepeatedCrashError: 11 attempts were begun and none was finished"


def test_a_full_disk_is_not_held_against_the_mail(
    committed_cast: Cast, tmp_path: Path, settings: LazySettings
) -> None:
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(tmp_path)], check=True)
    settings.DATA_ROOT = tmp_path
    try:
        [id] = deliver(letter(CARLA, files=(("scan.bin", "application/octet-stream", os.urandom(600_000)),)))
        ballast = tmp_path / "ballast"
        ballast.write_bytes(b"x" * 900_000)
        for _ in range(5):
            make_due(committed_cast, id)
            assert process_due() == 1
            row = the_row(committed_cast, id)
            assert (row.state, row.attempts) == (State.WAITING, 0)
            assert "No space left on device" in row.last_error
        ballast.unlink()
        make_due(committed_cast, id)
        process_due()
        assert the_row(committed_cast, id).outcome == "ticket"
        assert [path for path in tmp_path.rglob(".*") if path.is_file()] == []  # nothing half-written
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("line", [b"\r\n", b"> a\r\n", b"<b>"])
def test_a_body_that_nobody_reads_to_its_end_is_cut(line: bytes) -> None:
    head = b"From: Carla <carla@customer.example>\r\nSubject: Long\r\n"
    if line == b"<b>":
        head += b"Content-Type: text/html\r\n"
    read = read_mail(head + b"\r\n" + line * (39 * MEGABYTE // len(line)))
    assert len(read.message.text) <= LONGEST_TEXT + 10
    assert len(read.new_text) <= LONGEST_TEXT + 10
    assert read.message.html == ""
    assert read.message.subject == "Long"
