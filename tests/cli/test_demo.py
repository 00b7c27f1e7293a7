"""The demo's rules: on this machine alone, apart from real data, and its mail leaves to nobody."""

from __future__ import annotations

import re
import stat

import pytest

from tests.cli.installation import Installation

pytestmark = pytest.mark.slow


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


def test_demo_data_stays_a_demos_whatever_is_said_afterwards(installation: Installation) -> None:
    with installation.up("--demo") as up:
        shown = dict(re.findall(r"(\S+@\S+)  password (\S+)", up.output))
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
        assert dict(re.findall(r"(\S+@\S+)  password (\S+)", again.output)) == shown
    assert all(address.endswith(".example") for address in shown)


def test_a_real_installation_starts_without_a_company_and_says_so(installation: Installation) -> None:
    with installation.up() as up:
        assert "There is no company yet: make one with `emailhub createcompany" in up.output
        assert "No relay is set (EMAILHUB_RELAY_HOST): outgoing mail waits in the outbox" in up.output
        assert "password" not in up.output
