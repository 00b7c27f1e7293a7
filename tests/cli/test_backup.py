"""`emailhub backup` and `emailhub restore` as an operator calls them."""

from __future__ import annotations

import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.channels.smtp.wire import Wire
from tests.cli.installation import Installation, wait_until
from tests.cli.test_up import greets

pytestmark = pytest.mark.slow
MAIL = b"From: carla@customer.example\r\nSubject: Pump\r\nMessage-ID: <1@customer.example>\r\n\r\nAgain.\r\n"


def post(installation: Installation, address: str) -> None:
    wait_until(lambda: greets(installation))
    with Wire(installation.smtp_port) as wire:
        assert wire.send(address, content=MAIL).startswith("250")


def test_a_back_up_of_a_running_installation_is_one_on_another_machine(
    installation: Installation, empty_twin: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "back-up.tar"
    address, _ = installation.create_company()
    with installation.up() as up:
        post(installation, address)
        done = installation.command("backup", str(file))
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
        refused = installation.command("restore", str(file))
        assert refused.stderr == "emailhub restore: EmailHub runs on this data folder: stop it first\n"
        assert up.process.poll() is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["back-up.tar"]

    restored = empty_twin.command("restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert "Outgoing mail is held" in restored.stdout
    assert "The key here is not the old installation's" in restored.stderr
    with empty_twin.up() as up:
        assert "Outgoing mail is held since the restore" in up.output
        post(empty_twin, address)  # the team's address leads to it
    again = empty_twin.command("restore", str(file))
    assert again.returncode == 1
    assert "this installation holds data already" in again.stderr

    verified = empty_twin.command("stored-files", "--verify")
    assert (verified.returncode, verified.stdout) == (0, ""), verified.stderr
    released = empty_twin.command("restore", "--release-outbox")
    assert released.stdout.startswith("Outgoing mail leaves again"), released.stderr
    again = empty_twin.command("restore", "--release-outbox")
    assert again.stdout == "No outgoing mail is held.\n", again.stderr


def test_of_nothing_there_is_no_back_up(empty: Installation, tmp_path: Path) -> None:
    refused = empty.command("backup", str(tmp_path / "back-up.tar"))
    assert refused.returncode == 1
    assert "there is no data in" in refused.stderr
    assert list(tmp_path.iterdir()) == []
    assert not empty.data.exists()


def test_an_archive_is_never_written_over(installation: Installation, tmp_path: Path) -> None:
    file = tmp_path / "back-up.tar"
    file.write_bytes(b"the one of yesterday")
    refused = installation.command("backup", str(file))
    assert refused.returncode == 1
    assert refused.stderr == f"emailhub backup: {file} is there already: name another file\n"
    assert file.read_bytes() == b"the one of yesterday"


def test_a_piped_archive_is_whole_and_a_damaged_one_leaves_an_installation_empty(
    installation: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "piped.tar"
    with file.open("wb") as output:
        command = [sys.executable, "-m", "emailhub", "backup", "-"]
        subprocess.run(command, env=installation.environment, stdout=output, check=True)
    with tarfile.open(file) as tar:
        assert tar.getnames() == ["emailhub-backup.json", "database.sql.gz", "end.json"]
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    refused = installation.command("restore", str(file))
    assert refused.returncode == 1
    assert "the back-up is damaged or was cut short" in refused.stderr
    file.write_bytes(whole)
    restored = installation.command("restore", str(file))  # migrated, and not used by anybody yet
    assert restored.returncode == 0, restored.stderr


@pytest.mark.parametrize(
    "arguments", [(), ("file", "--release-outbox"), ("--send-waiting",), ("file", "--send-waiting")]
)
def test_restore_says_what_it_needs(empty: Installation, arguments: tuple[str, ...]) -> None:
    refused = empty.command("restore", *arguments)
    assert refused.returncode == 1
    assert "give either the file to restore, or --release-outbox" in refused.stderr
    assert not empty.data.exists()
