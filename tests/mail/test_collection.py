"""Every mail of the collection, against what must be read from it.

Keys of a row: `subject`, `text`, `html`, `automatic`, `answerable`, `date` as of a Message; `sender` and
`author` ("Name <address>": From, and the person by mail.sender); `attachments` and `inline` (file names),
`contents`; `visible` (all that is shown, white space apart), `kept` (pieces that must be shown), `folded`
(pieces that must be folded away), `signature`; `forwarded_from`; `report` ("recipient action status
Message-ID"); `invitation`; `protection`; `within` (what the attached mails say).
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import pytest

from emailhub import mail
from emailhub.mail import Attachment, Mailbox, Message
from tests.mail import messages
from tests.mail.families.__main__ import families

FAMILIES = {made.name: made for made in families()}
BY_HAND = tomllib.loads((messages.FOLDER / "expected.toml").read_text())
EXPECTED = BY_HAND | {name: made.expected for name, made in FAMILIES.items()}


def words(text: str) -> str:
    return " ".join(text.split())


def person(mailbox: Mailbox | None) -> str:
    return f"{mailbox.name} <{mailbox.address}>".strip() if mailbox else ""


def shown(message: Message) -> tuple[str, str, str]:
    """What is shown, folded away as history, and folded away as signature, as words."""
    if message.html:
        folded = mail.fold_html(message.html, subject=message.subject)
        text = mail.plain_text
    else:
        folded, text = mail.fold_text(message.text, subject=message.subject), str
    return tuple(words(text(piece)) for piece in (folded.visible, folded.history, folded.signature))


def report_of(message: Message) -> str:
    if message.report is None:
        return ""
    told, original = message.report.recipients[0], message.report.original_message_id
    return f"{told.final_recipient} {told.action} {told.status} {original}"


def invitation_of(message: Message) -> str:
    invitation = next(filter(None, map(mail.invitation, message.attachments)), None)
    if invitation is None:
        return ""
    times = [at.isoformat() if at else "" for at in (invitation.starts_at, invitation.ends_at)]
    asked = ", ".join(f"{guest.address} {guest.answer}" for guest in invitation.guests)
    facts = [invitation.summary, invitation.location, *times, invitation.organizer, asked]
    return f"{invitation.method} {invitation.uid} {invitation.sequence} | {' | '.join(facts)}"


def attached(files: tuple[Attachment, ...]) -> str:
    """All that the attached mails say, and what is attached to them."""
    found = []
    for file in files:
        if file.content_type == "message/rfc822":
            within = mail.parse(file.content)
            names = [other.filename for other in within.attachments]
            found += [within.subject, within.text, *names, attached(within.attachments)]
    return words(" ".join(found))


def forwarder(message: Message) -> str:
    block = mail.forwarded_block(message.text)
    return person(block.sender) if block else ""


READ: dict[str, Callable[[Message], object]] = {
    "subject": lambda message: message.subject,
    "text": lambda message: message.text.strip("\n"),
    "html": lambda message: message.html.strip("\n"),
    "date": lambda message: message.date.isoformat() if message.date else "",
    "sender": lambda message: person(message.sender),
    "author": lambda message: person(found.mailbox if (found := mail.sender(message, frozenset())) else None),
    "automatic": lambda message: message.automatic,
    "answerable": lambda message: message.answerable,
    "attachments": lambda message: [file.filename for file in message.attachments],
    "inline": lambda message: [file.filename for file in message.attachments if file.inline],
    "contents": lambda message: [file.content.decode() for file in message.attachments],
    "visible": lambda message: shown(message)[0],
    "signature": lambda message: shown(message)[2],
    "forwarded_from": forwarder,
    "report": report_of,
    "invitation": invitation_of,
    "protection": mail.protection,
}
_WITHIN: dict[str, Callable[[Message], str]] = {
    "kept": lambda message: shown(message)[0],
    "folded": lambda message: shown(message)[1],
    "within": lambda message: attached(message.attachments),
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_is_read_as_expected(name: str) -> None:
    message, expected = messages.read(name), dict(EXPECTED[name])
    for key, pieces in {key: expected.pop(key) for key in _WITHIN if key in expected}.items():
        text = _WITHIN[key](message)
        assert [piece for piece in pieces if words(piece) not in text] == [], key
    assert {key: READ[key](message) for key in expected} == expected


def test_the_collection_is_large_and_its_families_are_as_their_tables_say() -> None:
    assert len(messages.NAMES) >= 300
    assert len(set(messages.NAMES) - set(FAMILIES)) >= 100
    assert [name for name, made in FAMILIES.items() if messages.raw(name) != made.raw] == []


@pytest.mark.parametrize("name", messages.NAMES)
def test_nothing_is_lost_by_folding(name: str) -> None:
    """Every word of the body is in what is shown, in the history or in the signature."""
    message = messages.read(name)
    whole = words(mail.plain_text(message.html) if message.html else message.text)
    parts = sorted(" ".join(shown(message)).replace(">", " ").split())
    assert parts == sorted(whole.replace(">", " ").split())
