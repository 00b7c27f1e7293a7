"""`emailhub mail`: a line of JSON a file, whatever is in it; neither database nor settings are asked."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from emailhub.cli import files as named
from emailhub.cli.mail import reader as reading
from emailhub.cli.main import main
from tests.letters import letter

MESSAGES = Path(__file__).parents[1] / "messages"
KEYS = [
    "file",
    "message_id",
    "in_reply_to",
    "references",
    "from",
    "reply_to",
    "to",
    "cc",
    "subject",
    "date",
    "text",
    "html",
    "new_text",
    "attachments",
    "automatic",
    "defects",
]
PIXEL = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"


def called(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, object]]]:
    code = main(["mail", *arguments])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def stored(folder: Path, content: bytes, name: str = "mail.eml") -> str:
    (folder / name).write_bytes(content)
    return str(folder / name)


def test_parse_says_what_a_mail_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = letter(
        "Paco García <Paco@Customer.example>",
        cc="Jon <jon@workshop.example>",
        text="It leaks again.\n\nOn Mon, Nov 23, 2026 at 10:04 Ana <ana@dealer.example> wrote:\n> Fixed.\n",
        message_id="two@customer.example",
        in_reply_to="one@inbox.example",
        references="zero@inbox.example one@inbox.example",
        headers={"Reply-To": "Paco <p@home.example>"},
        files=(("avería.pdf", "application/pdf", b"%PDF"),),
    )
    code, [line] = called(capsys, "parse", stored(tmp_path, raw))
    assert code == 0
    assert list(line) == KEYS
    assert line | {"text": "", "date": "", "file": ""} == {
        "file": "",
        "message_id": "two@customer.example",
        "in_reply_to": ["one@inbox.example"],
        "references": ["zero@inbox.example", "one@inbox.example"],
        "from": ["Paco García", "paco@customer.example"],
        "reply_to": [["Paco", "p@home.example"]],
        "to": [["", "service.dealer@inbox.example"]],
        "cc": [["Jon", "jon@workshop.example"]],
        "subject": "The pump leaks",
        "date": "",
        "text": "",
        "html": "",
        "new_text": "It leaks again.\n",
        "attachments": [
            {
                "filename": "avería.pdf",
                "content_type": "application/pdf",
                "size": 4,
                "sha256": hashlib.sha256(b"%PDF").hexdigest(),
                "content_id": "",
                "inline": False,
            }
        ],
        "automatic": "",
        "defects": [],
    }
    assert "> Fixed." in str(line["text"])
    assert line["date"] == parsedate_to_datetime(message_from_bytes(raw)["Date"]).isoformat()


def test_each_file_has_its_line_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(path) for path in sorted(MESSAGES.glob("*.eml"))]
    assert len(files) > 30
    code, lines = called(capsys, "parse", *files)
    assert code == 0
    assert [line["file"] for line in lines] == files
    assert all(list(line) == KEYS for line in lines)


def test_a_file_that_cannot_be_read_is_a_line_with_its_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = stored(tmp_path, letter("carla@customer.example"))
    code, lines = called(capsys, "parse", "/no/where.eml", good, str(tmp_path))
    assert code == 1
    assert lines[0] == {"file": "/no/where.eml", "error": "No such file or directory"}
    assert lines[1]["subject"] == "The pump leaks"
    assert lines[2] == {"file": str(tmp_path), "error": "Is a directory"}


def test_a_file_larger_than_any_mail_is_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(named, "LARGEST", 1024 * 1024)
    code, [line] = called(capsys, "parse", "/dev/zero")
    assert code == 1
    assert line == {"file": "/dev/zero", "error": "it is larger than 1 MB"}


def test_a_reader_that_dies_costs_one_mail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stand-in for a mail that takes too long: the child is ended while it has the second mail."""
    good = [stored(tmp_path, letter("carla@customer.example"), f"{number}.eml") for number in range(3)]
    ask = reading._ask

    def end_at_second(child: subprocess.Popen[bytes], raw: bytes) -> bytes | None:
        if raw == Path(good[1]).read_bytes():
            child.kill()
        return ask(child, raw)

    monkeypatch.setattr(reading, "_ask", end_at_second)
    code, lines = called(capsys, "parse", *good)
    assert code == 1
    assert [line.get("subject") for line in lines] == ["The pump leaks", None, "The pump leaks"]
    assert lines[1]["error"] == "the reader ended with -9: it said nothing"


def test_a_mail_that_needs_too_much_memory_costs_one_line(tmp_path: Path) -> None:
    """In the child as it is, with less memory: what the kernel does is the same."""
    small = letter("carla@customer.example")
    large = letter("carla@customer.example", text="x" * 60 + "\n" + "y" * 40_000_000)
    limited = "import emailhub.cli.mail.child as c; c._MEMORY = 250_000_000; c.serve(c._ACTIONS['parse'])"
    frames = b"".join(len(raw).to_bytes(8, "big") + raw for raw in (small, large, small))
    done = subprocess.run([sys.executable, "-c", limited], input=frames, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"MemoryError" in done.stderr
    assert done.stdout.count(b"carla@customer.example") == 1


def test_render_is_the_document_of_the_frame(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    html = (
        '<p onclick="x()">Hello <b>Ana</b></p><script>x()</script>'
        '<img src="https://spy.example/p.gif"><a href="javascript:x()">here</a>'
    )
    raw = letter("carla@customer.example", html=html)
    code, [line] = called(capsys, "render", stored(tmp_path, raw))
    document = str(line["html"])
    assert code == 0
    assert list(line) == ["file", "html", "blocked_images"]
    assert document.startswith("<!doctype html>")
    assert "<p>Hello <b>Ana</b></p>" in document
    assert line["blocked_images"] == 1
    assert not [word for word in ("script", "onclick", "spy.example") if word in document]


def test_render_holds_the_pictures_of_the_mail(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    raw = (
        b"From: carla@customer.example\r\nContent-Type: multipart/related; boundary=b\r\n\r\n"
        b'--b\r\nContent-Type: text/html\r\n\r\n<img src="cid:pic@x">\r\n'
        b"--b\r\nContent-Type: image/gif\r\nContent-ID: <pic@x>\r\n\r\n" + PIXEL + b"\r\n--b--\r\n"
    )
    _, [line] = called(capsys, "render", stored(tmp_path, raw))
    assert 'src="data:image/gif;base64,R0lGODlh' in str(line["html"])


def test_a_dash_is_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(letter("carla@customer.example"))))
    code, [line] = called(capsys, "parse", "-")
    assert code == 0
    assert (line["file"], line["from"]) == ("-", ["", "carla@customer.example"])


@pytest.mark.parametrize("arguments", [[], ["parse"], ["render"], ["read", "x.eml"]])
def test_wrong_arguments_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["mail", *arguments])
    assert refused.value.code == 2


def test_neither_django_nor_a_database_nor_a_setting_is_asked_for(tmp_path: Path) -> None:
    file = stored(tmp_path, letter("carla@customer.example"))
    program = (
        "import sys; from emailhub.cli import main; code = main(['mail', 'parse', sys.argv[1]]);"
        "assert not {'django', 'psycopg', 'structlog', 'lxml'} & set(sys.modules); sys.exit(code)"
    )
    wrong = {"EMAILHUB_PORT": "none", "DATABASE_URL": "nonsense", "EMAILHUB_DATA": str(tmp_path / "data")}
    done = subprocess.run(
        [sys.executable, "-c", program, file],
        env=os.environ | wrong,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["subject"] == "The pump leaks"
    assert not (tmp_path / "data").exists()


def test_whoever_reads_the_lines_may_stop(tmp_path: Path) -> None:
    files = [str(path) for path in MESSAGES.glob("*.eml")]
    emailhub = f"{sys.executable} -m emailhub mail parse {' '.join(files)}"
    done = subprocess.run(
        ["sh", "-c", f"{emailhub} | head -n 1"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr, len(done.stdout.splitlines())) == (0, "", 1)
