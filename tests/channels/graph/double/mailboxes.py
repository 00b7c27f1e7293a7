"""Mailboxes as Exchange keeps them: folders, messages with two ids each, and a log of changes for delta."""

from __future__ import annotations

import base64
import email
import email.policy
import itertools
import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import getaddresses
from typing import Any

FOLDERS = ("inbox", "sentitems", "drafts", "archive", "deleteditems", "junkemail")


@dataclass
class Item:
    """A message in a mailbox. `changing_id` is another one after each move; `id` stays."""

    id: str
    changing_id: str
    folder: str
    mime: bytes
    received_at: datetime
    is_draft: bool = False
    is_read: bool = False
    bcc: list[dict[str, Any]] = field(default_factory=list)
    to: list[dict[str, Any]] | None = None
    cc: list[dict[str, Any]] | None = None
    attachments: list[dict[str, Any]] = field(default_factory=list)
    conversation_id: str = ""

    @property
    def message(self) -> EmailMessage:
        parsed = email.message_from_bytes(self.mime, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"] or "").strip()

    def people(self, name: str) -> list[dict[str, Any]]:
        given = self.to if name == "To" else self.cc
        if given is not None:
            return given
        found = getaddresses([str(value) for value in self.message.get_all(name, [])])
        return [{"emailAddress": {"name": label, "address": address}} for label, address in found]


@dataclass(frozen=True)
class Change:
    number: int
    folder: str
    item_id: str
    kind: str  # created, updated, removed


class Mailbox:
    """One mailbox. Its methods are what Outlook and the world do to it; the routes are Graph."""

    def __init__(self, address: str, name: str) -> None:
        self.address = address
        self.name = name
        self.items: dict[str, Item] = {}
        self.changes: list[Change] = []
        self.numbers = itertools.count(1)
        self.generation = 1  # another one: all delta tokens are lost
        self.lock = threading.RLock()

    def receive(self, mime: bytes, *, folder: str = "inbox", at: datetime | None = None) -> Item:
        """A mail arrives, or a colleague's program puts one into a folder."""
        with self.lock:
            return self.add(mime, folder=folder, at=at)

    def send_from_outlook(self, mime: bytes) -> Item:
        """A colleague sends a mail: it is in Sent Items."""
        return self.receive(mime, folder="sentitems")

    def add(self, mime: bytes, *, folder: str, at: datetime | None = None, is_draft: bool = False) -> Item:
        number = next(self.numbers)
        stem = secrets.token_urlsafe(48)
        item = Item(
            id=f"AAkALg{stem}I{number}",
            changing_id=f"AAMkAG{stem}C{number}",
            folder=folder,
            mime=mime,
            received_at=at or datetime.now(UTC),
            is_draft=is_draft,
            conversation_id=f"AAQkAG{stem[:20]}",
        )
        self.items[item.id] = item
        self.note(folder, item, "created")
        return item

    def note(self, folder: str, item: Item, kind: str) -> None:
        self.changes.append(Change(next(self.numbers), folder, item.id, kind))

    def find(self, id: str) -> Item | None:
        """By either id; the one that changes is good only since the last move."""
        return self.items.get(id) or next((i for i in self.items.values() if i.changing_id == id), None)

    def move(self, item: Item, folder: str) -> None:
        with self.lock:
            self.note(item.folder, item, "removed")
            item.folder = folder
            item.changing_id = f"AAMkAG{secrets.token_urlsafe(48)}M"
            self.note(folder, item, "created")

    def delete(self, item: Item) -> None:
        with self.lock:
            del self.items[item.id]
            self.note(item.folder, item, "removed")

    def send(self, draft: Item) -> Item:
        """What Exchange does with a draft: another item, with another id, by the mailbox's own name."""
        with self.lock:
            sent = self.add(exchanged(draft, self), folder="sentitems")
            sent.is_read = True
            sent.conversation_id = draft.conversation_id
            sent.bcc, sent.to, sent.cc = draft.bcc, draft.to, draft.cc
            self.delete(draft)
            return sent

    def in_folder(self, folder: str) -> list[Item]:
        return [item for item in self.items.values() if item.folder == folder]


def exchanged(draft: Item, mailbox: Mailbox) -> bytes:
    """The mail as it leaves: attachments put in, Auto-Submitted and X- headers gone, From replaced."""
    message = draft.message
    for attachment in draft.attachments:
        put_in(message, attachment)
    for name in {name for name in message if name.lower().startswith("x-") or name == "Auto-Submitted"}:
        del message[name]
    del message["From"]
    message["From"] = f"{mailbox.name} <{mailbox.address}>"
    return message.as_bytes(policy=email.policy.SMTP)


def put_in(message: EmailMessage, attachment: dict[str, Any]) -> None:
    maintype, _, subtype = str(attachment["contentType"] or "application/octet-stream").partition("/")
    content = base64.b64decode(attachment["contentBytes"])
    options: dict[str, Any] = {"filename": attachment["name"]}
    if attachment.get("isInline"):
        options |= {"disposition": "inline", "cid": f"<{attachment['contentId']}>"}
        html = message.get_body(("html",))
        assert isinstance(html, EmailMessage)
        html.add_related(content, maintype, subtype, **options)
    else:
        message.add_attachment(content, maintype, subtype, **options)
