"""The mails of tests/messages, each named for what is strange in it."""

from __future__ import annotations

from pathlib import Path

from emailhub.mail import Message, parse

FOLDER = Path(__file__).parent.parent / "messages"
NAMES = sorted(path.stem for path in FOLDER.glob("*.eml"))


def raw(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()


def read(name: str) -> Message:
    return parse(raw(name))


def mail(body: str = "Hello", **fields: str) -> Message:
    """A small mail from Carla; underscores in field names stand for hyphens."""
    header = {"From": "Carla <carla@farm.example>", "To": "service@dealer.example", "Subject": "Pump"}
    header |= {name.replace("_", "-"): value for name, value in fields.items()}
    lines = [f"{name}: {value}" for name, value in header.items() if value]
    return parse("\r\n".join([*lines, "", body]).encode())
