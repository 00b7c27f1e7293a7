"""A mailbox as Graph shows it: its changes, its messages, and drafts that become sent."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from .calls import Graph
from .trouble import GraphError

INBOX, SENT = "inbox", "sentitems"  # well-known names, the same in every language
PAGE = "odata.maxpagesize=50"
_PART = 3 * 1024 * 1024  # of an upload; Graph takes less than four
_FIELDS = "id,internetMessageId,conversationId,receivedDateTime,isDraft,from"


@dataclass(frozen=True)
class Item:
    """A message in a mailbox. `id` stays its own when it is moved; ids of Messages are without brackets."""

    id: str
    message_id: str
    conversation_id: str
    received_at: datetime | None
    is_draft: bool
    sender_name: str = ""  # as Exchange has put it

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Item:
        return cls(
            id=str(row["id"]),
            message_id=str(row.get("internetMessageId") or "").strip().removeprefix("<").removesuffix(">"),
            conversation_id=str(row.get("conversationId") or ""),
            received_at=_instant(row.get("receivedDateTime")),
            is_draft=bool(row.get("isDraft")),
            sender_name=str(((row.get("from") or {}).get("emailAddress") or {}).get("name") or ""),
        )


@dataclass(frozen=True)
class Page:
    """Some changes of a folder. `next` is the link to the following ones; `is_last`: later, not now."""

    items: Sequence[Item]
    next: str
    is_last: bool


@dataclass(frozen=True)
class File:
    """An attachment of a draft."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""  # of an image in the text


class Mailbox:
    """One mailbox. Whatever is asked may raise GraphError and SignInError."""

    def __init__(self, graph: Graph, address: str) -> None:
        self._graph = graph
        self._root = f"/users/{quote(address, safe='@')}"

    def folder(self, name: str) -> dict[str, Any]:
        """A folder's own row: that it can be read is proved by it."""
        return self._graph.get(f"{self._root}/mailFolders/{name}")

    def first_changes(self, folder: str, *, since: datetime) -> str:
        """The link to the changes of a folder, beginning with what has come since then."""
        instant = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = f"changeType=created&$select={_FIELDS}&$filter=receivedDateTime+ge+{instant}"
        return f"{self._root}/mailFolders/{folder}/messages/delta?{query}"

    def changes(self, link: str) -> Page:
        """What is new behind a link; what was removed is nothing new."""
        found = self._graph.get(link, prefer=PAGE)
        rows = [row for row in found.get("value", []) if "@removed" not in row]
        following = found.get("@odata.nextLink") or found.get("@odata.deltaLink")
        if not isinstance(following, str):
            raise GraphError(0, "nolink", "the changes end without a link")
        return Page([Item.of(row) for row in rows], following, "@odata.nextLink" not in found)

    def raw(self, id: str, *, most: int) -> tuple[bytes, bool]:
        """A message as RFC 5322 bytes, and whether they are all: a larger one ends somewhere."""
        return self._graph.stream(f"{self._message(id)}/$value", lambda size: size > most)

    def item(self, id: str) -> Item:
        return Item.of(self._graph.get(f"{self._message(id)}?$select={_FIELDS}"))

    def mark_read(self, id: str) -> None:
        self._graph.send("PATCH", self._message(id), {"isRead": True})

    def archive(self, id: str) -> None:
        self._graph.send("POST", f"{self._message(id)}/move", {"destinationId": "archive"})

    def create_draft(self, mime: bytes) -> Item:
        """A draft from finished bytes, at most about 2.9 MB of them."""
        content = base64.b64encode(mime)
        headers = {"Content-Type": "text/plain"}
        response = self._graph.request("POST", f"{self._root}/messages", content=content, headers=headers)
        return Item.of(response.json())

    def address_draft(self, id: str, people: Mapping[str, Sequence[str]]) -> None:
        """Say whom a draft goes to: {"bccRecipients": addresses, ...}."""
        fields = {name: [{"emailAddress": {"address": a}} for a in who] for name, who in people.items()}
        self._graph.send("PATCH", self._message(id), fields)

    def attach(self, id: str, file: File) -> None:
        """Add an attachment: a small one at once, a large one in parts."""
        if len(file.content) < _PART:
            body = {
                "@odata.type": "#microsoft.graph.fileAttachment",
                **_named(file),
                "contentType": file.content_type,
                "contentBytes": base64.b64encode(file.content).decode(),
            }
            self._graph.send("POST", f"{self._message(id)}/attachments", body)
            return
        item = {"attachmentType": "file", "size": len(file.content), "contentType": file.content_type}
        body = {"AttachmentItem": {**item, **_named(file)}}
        session = self._graph.send("POST", f"{self._message(id)}/attachments/createUploadSession", body)
        for span, part in _parts(file.content):
            self._graph.put_elsewhere(str(session["uploadUrl"]), part, span)

    def send(self, id: str) -> None:
        """Send a draft. It is gone then: its sent copy has another id."""
        self._graph.request("POST", f"{self._message(id)}/send", content=b"", headers={"Content-Length": "0"})

    def discard_draft(self, id: str) -> None:
        """Take away a draft of our own that never became whole."""
        self._graph.send("DELETE", self._message(id))

    def _message(self, id: str) -> str:
        return f"{self._root}/messages/{quote(id, safe='=')}"


def _named(file: File) -> dict[str, Any]:
    inline = {"isInline": True, "contentId": file.content_id} if file.content_id else {"isInline": False}
    return {"name": file.name, **inline}


def _parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The parts of an upload, each with its Content-Range."""
    total = len(content)
    for start in range(0, total, _PART):
        part = content[start : start + _PART]
        yield f"bytes {start}-{start + len(part) - 1}/{total}", part


def _instant(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
