"""`emailhub addresses | intake | explain | where` speak of the same data as the pages and the workers."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.utils import timezone

from emailhub import store
from emailhub.accounts.tenancy import company
from emailhub.cli import addresses, arrive, channels, environment, explain, intake, where
from emailhub.cli.main import main
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.answer import Answer
from emailhub.desk.models import Ticket
from emailhub.desk.reply import reply
from emailhub.hub.models import HubAddress, Identity
from emailhub.intake import verdict
from emailhub.intake.models import ReceivedMessage
from emailhub.intake.process import put_off
from emailhub.mail import Mailbox
from emailhub.mail.authenticity import Authenticity, Envelope
from tests.cast import CARLA, MALLORY, Cast
from tests.letters import letter
from tests.post import SERVICE, deliver, drain

SEEN = "seen@customer.example"


@pytest.fixture(autouse=True)
def same_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' database runs already, and Django is set up."""

    @contextmanager
    def nothing_to_do() -> Iterator[None]:
        yield

    for module in (addresses, explain, intake, where):
        monkeypatch.setattr(module, "with_data", nothing_to_do)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]):
    """Call a command; its exit code and lines. What it says to people is in `call.said`."""

    def run(*arguments: str) -> tuple[int, list[dict[str, object]]]:
        code = main(arguments)
        out, run.said = capsys.readouterr()
        return code, [json.loads(line) for line in out.splitlines()]

    return run


def stored(folder: Path, raw: bytes, name: str = "mail.eml") -> str:
    (folder / name).write_bytes(raw)
    return str(folder / name)


def test_addresses_are_those_of_all_companies(committed_cast: Cast, call) -> None:
    with company(committed_cast.dealer.id):
        HubAddress.objects.create(
            company=committed_cast.dealer,
            team=committed_cast.service,
            address="old@dealer.example",
            kind=HubAddress.Kind.COMPANY,
        )
    code, lines = call("addresses")
    assert code == 0
    generated = {"kind": "generated", "sender": True}
    assert lines == [
        {"company": "Dealer Group", "team": "Parts", "address": "parts.dealer@inbox.example", **generated},
        {
            "company": "Dealer Group",
            "team": "Service",
            "address": "old@dealer.example",
            "kind": "company",
            "sender": False,
        },
        {"company": "Dealer Group", "team": "Service", "address": SERVICE, **generated},
        {"company": "Farm", "team": "Office", "address": "office.farm@inbox.example", **generated},
    ]


def test_intake_files_each_mail_before_the_next(committed_cast: Cast, call, tmp_path: Path) -> None:
    first = stored(tmp_path, letter(CARLA, message_id=SEEN), "1.eml")
    answer = stored(tmp_path, letter(CARLA, subject="Re: The pump leaks", in_reply_to=SEEN), "2.eml")
    code, lines = call("intake", first, answer, first, "--to", SERVICE)
    assert code == 0
    assert [line["outcome"] for line in lines] == ["ticket", "ticket", "duplicate"]
    assert [line["file"] for line in lines] == [first, answer, first]
    assert lines[0]["ticket"] == lines[1]["ticket"] == lines[2]["ticket"]
    assert lines[0]["message_id"] == SEEN
    assert (lines[0]["company"], lines[0]["team"], lines[0]["to"]) == ("Dealer Group", "Service", SERVICE)
    with company(committed_cast.dealer.id):
        row = ReceivedMessage.objects.get(pk=lines[0]["delivery"])
        assert (row.mail_from, row.channel) == (CARLA, "smtp")
        assert Ticket.objects.get().number == lines[0]["ticket"]


def test_intake_takes_one_mail_in_for_several_teams(committed_cast: Cast, call, tmp_path: Path) -> None:
    file = stored(tmp_path, letter(CARLA))
    code, lines = call("intake", file, "--to", SERVICE, "--to", "office.farm@inbox.example")
    assert code == 0
    assert [(line["company"], line["outcome"]) for line in lines] == [
        ("Dealer Group", "ticket"),
        ("Farm", "ticket"),
    ]


def test_intake_of_the_operators_mail_is_no_companys(committed_cast: Cast, call, tmp_path: Path) -> None:
    file = stored(tmp_path, letter(CARLA))
    code, [line] = call("intake", file, "--to", "postmaster@inbox.example")
    assert (code, line["outcome"], line["ticket"]) == (0, "operator", None)


def test_intake_names_the_reverse_path_that_is_given(committed_cast: Cast, call, tmp_path: Path) -> None:
    file = stored(tmp_path, letter(CARLA))
    _, [line] = call("intake", file, "--to", SERVICE, "--mail-from", "<>")
    with company(committed_cast.dealer.id):
        assert ReceivedMessage.objects.get(pk=line["delivery"]).mail_from == ""


def test_intake_hands_a_mail_on_as_the_listener_does(committed_cast: Cast, call, tmp_path: Path) -> None:
    raw = letter(CARLA)
    one = stored(tmp_path, raw, "crlf.eml")
    other = stored(tmp_path, raw.replace(b"\r\n", b"\n"), "lf.eml")
    _, [first, second] = call("intake", one, other, "--to", SERVICE)
    firm = committed_cast.dealer.id
    with company(firm):
        rows = ReceivedMessage.objects.in_bulk([first["delivery"], second["delivery"]])
    for row in rows.values():
        line, _, content = store.get(firm, row.content_key).partition(b"From: ")
        assert line.startswith(
            b"Received: from localhost ([127.0.0.1])\r\n\tby inbox.example (EmailHub) with"
        )
        assert b"From: " + content == raw


@pytest.mark.parametrize("command", ["intake", "explain"])
def test_a_file_is_not_believed_about_where_it_came_from(
    committed_cast: Cast, call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """The line that our listener writes is copied easily: only DKIM counts, which needs no envelope."""
    asked: list[Envelope | None] = []

    def evaluate(raw: bytes, message: object, envelope: Envelope | None, *_: object, **__: object) -> object:
        asked.append(envelope)
        return Authenticity()

    monkeypatch.setattr(verdict, "evaluate", evaluate)
    monkeypatch.setattr(channels, "verifier", lambda: verdict.Verifier(lookups=lambda: None))
    monkeypatch.setattr(arrive, "verifier", lambda: verdict.Verifier(lookups=lambda: None))
    forged = (
        b"Received: from mx.bank.example ([192.0.2.1])\r\n\tby inbox.example (EmailHub) with SMTP id 1;\r\n"
    )
    file = stored(tmp_path, forged + letter(CARLA))
    assert call(command, file, "--to", SERVICE)[0] == 0
    assert asked == [None]


@pytest.mark.parametrize("command", ["intake", "explain"])
def test_an_address_that_nobody_has_is_refused_before_anything_is_taken_in(
    committed_cast: Cast, call, tmp_path: Path, command: str
) -> None:
    file = stored(tmp_path, letter(CARLA))
    code, lines = call(command, file, "--to", "nobody@inbox.example")
    assert (code, lines) == (1, [])
    assert "nobody here has the address nobody@inbox.example" in call.said
    with company(committed_cast.dealer.id):
        assert not ReceivedMessage.objects.exists()


@pytest.mark.parametrize("command", ["intake", "explain"])
def test_a_file_that_cannot_be_read_is_a_line_and_the_next_is_done(
    committed_cast: Cast, call, tmp_path: Path, settings, command: str
) -> None:
    settings.MAX_MESSAGE_SIZE = 2000
    large = stored(tmp_path, letter(CARLA, text="x" * 2000), "large.eml")
    file = stored(tmp_path, letter(CARLA))
    code, lines = call(command, "/no/where.eml", large, file, "--to", SERVICE)
    assert code == 1
    assert lines[0] == {"file": "/no/where.eml", "error": "No such file or directory"}
    assert str(lines[1]["error"]).startswith("552 5.3.4 it has ")
    assert lines[2]["outcome"] == "ticket"


def test_explain_says_what_would_become_of_a_mail_and_changes_nothing(
    committed_cast: Cast, call, tmp_path: Path
) -> None:
    with company(committed_cast.dealer.id):
        Identity.objects.filter(team=committed_cast.service).update(known_contacts_only=True)
    file = stored(tmp_path, letter(f"Mallory <{MALLORY}>"))
    code, [line] = call("explain", file, "--to", SERVICE)
    assert code == 0
    assert (line["decision"], line["outcome"], line["ticket"]) == ("hold", "held", None)
    assert line["details"]["reason"] == "unknown_sender"
    assert line["trace"][-1]["code"] == "held_unknown_sender"
    assert line["trace"][-1]["sentence"] == "Held: this team accepts mail only from known contacts."
    with company(committed_cast.dealer.id):
        assert not ReceivedMessage.objects.exists()
        assert not Ticket.objects.exists()


@pytest.mark.parametrize("case", ["fresh", "reply", "open_ticket", "stranger", "twice"])
def test_explain_agrees_with_what_becomes_of_the_mail(
    committed_cast: Cast, call, tmp_path: Path, case: str
) -> None:
    opening = letter(CARLA, message_id=SEEN)
    mails = {
        "fresh": letter("Nora <nora@new.example>"),
        "reply": letter("jon@workshop.example", in_reply_to=SEEN, subject="Re: The pump leaks"),
        "open_ticket": letter(CARLA, subject="Something else"),
        "stranger": letter(MALLORY, references=SEEN),
        "twice": opening,
    }
    call("intake", stored(tmp_path, opening, "opening.eml"), "--to", SERVICE)
    file = stored(tmp_path, mails[case])
    _, [before] = call("explain", file, "--to", SERVICE)
    _, [became] = call("intake", file, "--to", SERVICE)
    assert before["outcome"] == became["outcome"]
    assert before["ticket"] in (None, became["ticket"])
    with company(committed_cast.dealer.id):
        row = ReceivedMessage.objects.get(pk=became["delivery"])
        assert [step["code"] for step in before["trace"]] == [code for code, _ in row.trace]


def test_explain_of_the_operators_mail_needs_no_decision(committed_cast: Cast, call, tmp_path: Path) -> None:
    _, [line] = call("explain", stored(tmp_path, letter(CARLA)), "--to", "abuse@inbox.example")
    assert (line["decision"], line["trace"]) == ("operator", [])


def test_where_names_every_copy_in_every_company(committed_cast: Cast, call) -> None:
    raw = letter(CARLA, message_id=SEEN)
    deliver(raw, (SERVICE, "office.farm@inbox.example"))
    deliver(raw)
    drain()
    code, lines = call("where", f"<{SEEN}>")
    assert code == 0
    assert [(line["company"], line["fate"], line["reason"]) for line in lines] == [
        ("Dealer Group", "ticket", "new_ticket"),
        ("Dealer Group", "duplicate", "duplicate"),
        ("Farm", "ticket", "new_ticket"),
    ]
    assert {line["direction"] for line in lines} == {"in"}
    assert lines[0]["ticket"] == lines[1]["ticket"]
    assert lines[0]["trace"][-1]["sentence"] == "A new ticket was made."


def test_where_finds_what_waits_and_what_could_not_be_processed(committed_cast: Cast, call) -> None:
    firm = committed_cast.dealer.id
    deliver(letter(CARLA, message_id="waits@customer.example"))
    [id] = deliver(letter(CARLA, message_id="odd@customer.example"))
    with company(firm):
        ReceivedMessage.objects.filter(pk=id).update(attempts=3)
    put_off(id, firm, ValueError("odd"), now=timezone.now())
    _, [waiting] = call("where", "waits@customer.example")
    _, [odd] = call("where", "odd@customer.example")
    assert (waiting["fate"], waiting["ticket"]) == ("waiting", None)
    assert (odd["fate"], odd["reason"], odd["error"]) == ("quarantined", "failed", "ValueError: odd")


def test_where_does_not_take_a_quoted_id_for_the_mails_own(committed_cast: Cast, call) -> None:
    deliver(letter(CARLA, text=f"Where is <{SEEN}>?"))
    code, lines = call("where", SEEN)
    assert (code, lines) == (1, [])
    assert f"no mail with the Message-ID <{SEEN}> came in or went out" in call.said


def test_where_knows_what_we_sent(committed_cast: Cast, call) -> None:
    deliver(letter(CARLA))
    drain()
    answer = Answer(to=(Mailbox("", CARLA),), subject="Re: it", html="<p>Today.</p>", key=uuid.uuid4())
    with company(committed_cast.dealer.id):
        ticket = Ticket.objects.get()
        sent = reply(ticket, answer, by=committed_cast.ana, now=timezone.now())
        outgoing = OutgoingMessage.objects.get(desk_message__activity=sent)
    _, [line] = call("where", outgoing.message_id)
    assert (line["direction"], line["fate"], line["ticket"]) == ("out", "queued", ticket.number)
    assert line["to"] == [CARLA]
    assert line["recipients"][0]["state"] == "queued"


def test_without_data_the_commands_say_so(monkeypatch: pytest.MonkeyPatch, call, tmp_path: Path) -> None:
    monkeypatch.setenv("EMAILHUB_DATA", str(tmp_path / "nothing"))
    monkeypatch.setattr(addresses, "with_data", environment.with_data)
    code, lines = call("addresses")
    assert (code, lines) == (1, [])
    assert f"there is no data in {tmp_path / 'nothing'}: start EmailHub first" in call.said
    assert not (tmp_path / "nothing").exists()


def test_with_data_of_another_version_the_commands_say_so(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch, call
) -> None:
    from emailhub.accounts import database

    monkeypatch.setattr(addresses, "with_data", environment.with_data)
    monkeypatch.setattr(environment, "set_up", lambda: None)
    assert call("addresses")[0] == 0
    monkeypatch.setattr(database, "is_migrated", lambda: False)
    code, lines = call("addresses")
    assert (code, lines) == (1, [])
    assert "`emailhub migrate` brings it up to date" in call.said
