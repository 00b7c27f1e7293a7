"""docs/commands.md names the commands that there are, and what they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from emailhub.cli.mail.parsed import parsed
from emailhub.cli.mail.rendered import rendered
from emailhub.cli.main import COMMANDS, main

DOCUMENT = (Path(__file__).parents[2] / "docs" / "commands.md").read_text()


def test_each_command_is_documented() -> None:
    table = DOCUMENT.partition("| command | what it does |")[2].partition("\n\n")[0]
    named = {name.split()[0] for row in table.splitlines() for name in re.findall(r"`([a-z -]+)`", row)}
    assert named == set(COMMANDS)


def test_each_name_that_mail_parse_prints_is_documented() -> None:
    table = DOCUMENT.partition("| `parse` | |")[2].partition("\n\n")[0]
    rows = [row for row in table.splitlines() if row.startswith("| `")]
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named == {"file", *parsed(b"")}


def test_each_name_that_mail_render_prints_is_documented() -> None:
    paragraph = next(part for part in DOCUMENT.split("\n\n") if part.startswith("`render` says"))
    assert {"file", *rendered(b"")} <= set(re.findall(r"`(\w+)`", paragraph))


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_says_what_it_is_for(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert COMMANDS[command] in " ".join(capsys.readouterr().out.split())
