"""The commands beside a running `emailhub up`, and after it: the same data, as an operator has it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.installation import Installation
from tests.letters import letter

pytestmark = pytest.mark.slow


def lines(installation: Installation, *arguments: str) -> list[dict[str, object]]:
    done = installation.command(*arguments)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_commands_speak_to_what_runs_and_to_what_has_run(installation: Installation, tmp_path: Path) -> None:
    address, _ = installation.create_company()
    for name in ("seen", "later"):
        raw = letter("carla@customer.example", address, message_id=f"{name}@customer.example")
        (tmp_path / f"{name}.eml").write_bytes(raw)
    seen, later = (str(tmp_path / f"{name}.eml") for name in ("seen", "later"))
    with installation.up():
        assert [line["address"] for line in lines(installation, "addresses")] == [address]
        [taken] = lines(installation, "intake", seen, "--to", address)
        [expected] = lines(installation, "explain", later, "--to", address)
        [found] = lines(installation, "where", "<seen@customer.example>")
        assert {line["level"] for line in lines(installation, "check", "--json")} <= {"ok", "warning"}
    assert (taken["outcome"], found["fate"]) == ("ticket", "ticket")
    assert taken["ticket"] == found["ticket"] == expected["ticket"]
    [alone] = lines(installation, "intake", later, "--to", address)
    assert (alone["outcome"], alone["ticket"]) == ("ticket", taken["ticket"])
    assert installation.server_pid() is None
