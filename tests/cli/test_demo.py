"""The demo's rules: on this machine alone, apart from real data, and its mail leaves to nobody."""

from __future__ import annotations

import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.smtp.wire import Wire
from tests.cli.installation import Installation, Running
from tests.cli.test_up import answers

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def played(folder: Path) -> Iterator[tuple[Installation, dict[str, str]]]:
    """A demo after its first run, and the log-ins that it printed. It does not run."""
    data = Path(tempfile.mkdtemp(prefix="demo-", dir=folder)) / "data"
    data.parent.chmod(0o755)
    made = Installation(data)
    with made.up("--demo") as first:
        assert answers(made) == 200
        with Wire(made.smtp_port) as wire:
            assert wire.greeting.startswith("220")
        shown = logins(first)
    yield made, shown
    shutil.rmtree(data.parent, ignore_errors=True)


def logins(up: Running) -> dict[str, str]:
    """The passwords by their e-mail addresses."""
    return dict(re.findall(r"(\S+@\S+)  password (\S+)", up.output))


def test_the_second_run_of_a_demo_keeps_it(played: tuple[Installation, dict[str, str]]) -> None:
    installation, shown = played
    with installation.up("--demo") as second:
        assert logins(second) == shown
        assert "Filling" not in second.output
    assert len(shown) >= 3
    assert all(email.endswith(".example") for email in shown)
    assert len(set(shown.values())) == len(shown)
    assert all(len(password) >= 12 for password in shown.values())


@pytest.mark.parametrize("name", ["EMAILHUB_HOST", "EMAILHUB_SMTP_HOST"])
def test_a_demo_refuses_an_open_address_before_it_makes_anything(empty: Installation, name: str) -> None:
    refused = empty.command("up", "--demo", settings={name: "0.0.0.0"})
    assert refused.returncode == 1
    assert refused.stderr == f"emailhub up: {name} is 0.0.0.0: a demo listens on 127.0.0.1 alone\n"
    assert not empty.data.exists()


def test_a_demo_is_refused_over_real_data(installation: Installation) -> None:
    installation.create_company()
    refused = installation.command("up", settings={"EMAILHUB_DEMO": "on"})
    assert refused.returncode == 1
    assert "this data folder holds real companies: the demo is not mixed with them" in refused.stderr
    assert installation.server_pid() is None


def test_demo_data_stays_a_demos_whatever_is_said_afterwards(
    played: tuple[Installation, dict[str, str]],
) -> None:
    installation, shown = played
    kept = installation.data / "demo-passwords.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert all(password in kept.read_text() for password in shown.values())

    real = installation.command("createcompany", "Dealer", "--admin", "olga@dealer.example")
    assert real.returncode == 1
    assert "this data folder holds the demo" in real.stderr

    for command, name in (("up", "EMAILHUB_HOST"), ("web", "EMAILHUB_HOST"), ("smtpd", "EMAILHUB_SMTP_HOST")):
        refused = installation.command(command, settings={name: "0.0.0.0"})
        assert refused.returncode == 1, command
        assert f"{name} is 0.0.0.0: a demo listens on 127.0.0.1 alone" in refused.stderr

    with installation.up("--no-demo") as again:  # a property of the data: the log-ins are still shown
        assert logins(again) == shown


def test_a_real_installation_starts_without_a_company_and_says_so(installation: Installation) -> None:
    with installation.up() as up:
        assert re.search(
            r"There is no company yet. Make yours at \S+/first-run/ with the code"
            r" ([a-z2-7]{4}-){3}[a-z2-7]{4}\n",
            up.output,
        )
        assert up.output.count("/first-run/") == 1  # and not once more by the pages' process
        assert "`emailhub createcompany NAME --admin EMAIL`" in up.output
        assert "No relay is set (EMAILHUB_RELAY_HOST): outgoing mail waits in the outbox" in up.output
        assert "password" not in up.output
