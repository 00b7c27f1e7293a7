"""`emailhub import-mail`: a whole mailbox, and again after a kill."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Message, Ticket
from tests.cast import Cast
from tests.faults.processes import environment
from tests.letters import letter

pytestmark = pytest.mark.slow
MAILS = 40


def mailbox(folder: Path) -> Path:
    """Twenty questions and their answers, as a program of the past kept them."""
    separator = b"From - Mon Nov 23 09:00:00 2026\r\n"
    content = b""
    for number in range(MAILS // 2):
        customer, id = f"customer-{number}@customer.example", f"{number}@customer.example"
        content += separator + letter(customer, "old@dealer.example", message_id=id) + b"\r\n"
        content += separator + letter("old@dealer.example", customer, in_reply_to=id) + b"\r\n"
    path = folder / "Inbox"
    path.write_bytes(content)
    return path


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "emailhub", "import-mail", *arguments]


def outcomes(output: str) -> Counter[str]:
    return Counter(json.loads(line)["outcome"] for line in output.splitlines())


def test_a_mailbox_is_taken_in_once_though_the_first_try_is_killed(
    committed_cast: Cast, tmp_path: Path
) -> None:
    asked = command(str(mailbox(tmp_path)), "--to", Cast.service_address, "--ours", "Old@Dealer.example")
    with subprocess.Popen(asked, env=environment(), stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout
        told = [killed.stdout.readline() for _ in range(MAILS // 4)]
        killed.kill()
    again = subprocess.run(asked, env=environment(), capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stderr
    found = outcomes(again.stdout)
    assert found.total() == MAILS
    assert found["was there"] >= len(told)

    with company(committed_cast.dealer.id):
        assert Message.objects.count() == MAILS
        tickets = Ticket.objects.all()
        assert len(tickets) == MAILS // 2
        assert {ticket.status for ticket in tickets} == {"closed"}
        assert {ticket.messages.count() for ticket in tickets} == {2}
        assert {ticket.last_author for ticket in tickets} == {"old@dealer.example"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--to", "nobody@inbox.example"), "nobody here has the address nobody@inbox.example"),
        (("--to", "postmaster@inbox.example"), "postmaster@inbox.example is no address of a team"),
        (("--to", Cast.service_address, "--ours", "old"), "--ours: one of these is no e-mail address"),
    ],
)
def test_a_wrong_address_is_refused_before_anything_is_read(
    committed_cast: Cast, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    asked = command(str(mailbox(tmp_path)), *arguments)
    refused = subprocess.run(asked, env=environment(), capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert words in refused.stderr
    with company(committed_cast.dealer.id):
        assert not Message.objects.exists()
