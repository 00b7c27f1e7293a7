"""Graph's routes for mail: what each request does to a mailbox, and what is answered."""

from __future__ import annotations

import base64
import binascii
import email
import email.policy
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from .faults import error
from .mailboxes import FOLDERS, Item, Mailbox

MIME_LIMIT = 4 * 1024 * 1024  # of a request's body
ATTACHMENT_LIMIT = 3 * 1024 * 1024


@dataclass
class Request:
    method: str
    path: str  # below /v1.0
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    base: str  # where Graph is, for links
    uploads: str  # where uploads are: another origin

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self.body or b"{}"))

    @property
    def immutable(self) -> bool:
        return 'idtype="immutableid"' in self.headers.get("prefer", "").lower()


@dataclass
class Answer:
    status: int
    body: dict[str, Any] | bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def refused(status: int, code: str, message: str = "") -> Answer:
    return Answer(status, error(code, message))


_NOT_FOUND = (404, "ErrorItemNotFound", "The specified object was not found in the store.")


class Graph:
    """The routes below /users/{mailbox}. Options say what an administrator of the tenant has set."""

    def __init__(self) -> None:
        self.mailboxes: dict[str, Mailbox] = {}
        self.denied: set[str] = set()  # mailboxes that a policy keeps the application out of
        self.no_send_as: set[str] = set()
        self.page_size = 50
        self.keeps_message_id = True
        self.sessions: dict[str, tuple[Item, dict[str, Any], bytearray]] = {}
        self.most_bytes = 35 * 1024 * 1024

    def handle(self, request: Request) -> Answer:
        found = re.fullmatch(r"/users/([^/]+)(/.*)?", request.path)
        mailbox = self.mailboxes.get(found[1].lower()) if found else None
        if found is None or mailbox is None:
            return refused(404, "ErrorInvalidUser", "The requested user is invalid.")
        if mailbox.address in self.denied:
            return refused(403, "ErrorAccessDenied", "Access to OData is disabled.")
        for method, pattern, action in self._routes():
            rest = re.fullmatch(pattern, found[2] or "")
            if method == request.method and rest:
                with mailbox.lock:
                    return action(mailbox, request, *rest.groups())
        return refused(400, "BadRequest", f"Resource not found for the segment '{found[2]}'.")

    def _routes(self) -> list[tuple[str, str, Callable[..., Answer]]]:
        folder, message = r"/mailFolders/([^/]+)", r"/messages/([^/]+)"
        return [
            ("GET", folder, self._folder),
            ("GET", rf"{folder}/messages/(?:microsoft\.graph\.)?delta(?:\(\))?", self._delta),
            ("GET", "/messages", self._search),
            ("POST", "/messages", self._create),
            ("GET", message, self._get),
            ("PATCH", message, self._patch),
            ("DELETE", message, self._delete),
            ("GET", rf"{message}/\$value", self._value),
            ("POST", rf"{message}/move", self._move),
            ("POST", rf"{message}/attachments", self._attach),
            ("POST", rf"{message}/attachments/createUploadSession", self._session),
            ("POST", rf"{message}/send", self._send),
        ]

    def _folder(self, mailbox: Mailbox, request: Request, name: str) -> Answer:
        if name not in FOLDERS:
            return refused(*_NOT_FOUND)
        items = mailbox.in_folder(name)
        unread = sum(not item.is_read for item in items)
        return Answer(
            200,
            {
                "id": f"AQMk{name}",
                "displayName": name,
                "totalItemCount": len(items),
                "unreadItemCount": unread,
            },
        )

    def _search(self, mailbox: Mailbox, request: Request) -> Answer:
        wanted = re.fullmatch(r"internetMessageId eq '(.*)'", request.query.get("$filter", ""))
        if wanted is None:
            return refused(400, "ErrorInvalidUrlQueryFilter")
        id = wanted[1].replace("''", "'")
        found = [item for item in mailbox.items.values() if item.message_id == id]
        return Answer(200, {"value": [shown(item, request) for item in found]})

    def _delta(self, mailbox: Mailbox, request: Request, folder: str) -> Answer:
        state = request.query.get("$deltatoken") or request.query.get("$skiptoken")
        asked = decoded(state) if state else fresh(request.query)
        if asked["generation"] not in (None, mailbox.generation):
            return refused(410, "SyncStateNotFound", "The sync state generation is not found; generation=149")
        changes = [c for c in mailbox.changes if c.folder == folder and c.number > asked["after"]]
        if asked["generation"] is None:  # the first round lists what is there, not what has been
            changes = [c for c in changes if c.kind == "created" and _is_in(mailbox, c.item_id, folder)]
        page, rest = changes[: self.page_size], changes[self.page_size :]
        value = [row for c in page if (row := changed(mailbox, c, folder, asked["since"], request))]
        after = page[-1].number if page else asked["after"]
        kind = "$skiptoken" if rest else "$deltatoken"
        token = encoded({**asked, "after": after, "generation": mailbox.generation})
        link = f"{request.base}/users/{mailbox.address}/mailFolders/{folder}/messages/delta?{kind}={token}"
        return Answer(200, {"value": value, "@odata.nextLink" if rest else "@odata.deltaLink": link})

    def _get(self, mailbox: Mailbox, request: Request, id: str) -> Answer:
        item = mailbox.find(id)
        return Answer(200, shown(item, request)) if item else refused(*_NOT_FOUND)

    def _value(self, mailbox: Mailbox, request: Request, id: str) -> Answer:
        item = mailbox.find(id)
        return Answer(200, item.mime, {"Content-Type": "text/plain"}) if item else refused(*_NOT_FOUND)

    def _patch(self, mailbox: Mailbox, request: Request, id: str) -> Answer:
        if (item := mailbox.find(id)) is None:
            return refused(*_NOT_FOUND)
        fields = request.json
        if set(fields) - {"isRead"} and not item.is_draft:
            return refused(400, "ErrorInvalidPropertySet", "Only drafts can be changed.")
        if not isinstance(fields.get("isRead", True), bool):
            return refused(400, "RequestBodyRead", "Cannot convert the literal to Edm.Boolean.")
        item.is_read = fields.get("isRead", item.is_read)
        item.bcc = fields.get("bccRecipients", item.bcc)
        item.to, item.cc = fields.get("toRecipients", item.to), fields.get("ccRecipients", item.cc)
        mailbox.note(item.folder, item, "updated")
        return Answer(200, shown(item, request))

    def _delete(self, mailbox: Mailbox, request: Request, id: str) -> Answer:
        if (item := mailbox.find(id)) is None:
            return refused(*_NOT_FOUND)
        mailbox.delete(item)
        return Answer(204)

    def _move(self, mailbox: Mailbox, request: Request, id: str) -> Answer:
        item, folder = mailbox.find(id), str(request.json.get("destinationId", "")).lower()
        if item is None or folder not in FOLDERS:
            return refused(*_NOT_FOUND)
        mailbox.move(item, folder)
        return Answer(201, shown(item, request))

    def _create(self, mailbox: Mailbox, request: Request) -> Answer:
        if len(request.body) > MIME_LIMIT:
            return refused(413, "ErrorMessageSizeExceeded", "The message exceeds the maximum supported size.")
        if request.headers.get("content-type", "") != "text/plain":
            return refused(415, "UnsupportedMediaType")
        try:
            mime = base64.b64decode(request.body, validate=True)
        except binascii.Error:
            code = "ErrorMimeContentInvalidBase64String"
            return refused(400, code, "Invalid base64 string for MIME content.")
        draft = mailbox.add(mime if self.keeps_message_id else renamed(mime), folder="drafts", is_draft=True)
        return Answer(201, shown(draft, request))

    def _attach(self, mailbox: Mailbox, request: Request, id: str) -> Answer:
        item, given = mailbox.find(id), request.json
        if item is None or not item.is_draft:
            return refused(*_NOT_FOUND)
        content = base64.b64decode(given["contentBytes"])
        if len(content) >= ATTACHMENT_LIMIT:
            return refused(413, "ErrorMessageSizeExceeded")
        item.attachments.append(given)
        return Answer(201, {**given, "id": f"AAMkAt{len(item.attachments)}", "size": len(content)})

    def _session(self, mailbox: Mailbox, request: Request, id: str) -> Answer:
        item, given = mailbox.find(id), request.json.get("AttachmentItem", {})
        if item is None or not item.is_draft:
            return refused(*_NOT_FOUND)
        if not {"attachmentType", "name", "size"} <= given.keys() or given["attachmentType"] != "file":
            return refused(400, "ErrorInvalidRequest", "AttachmentItem is incomplete.")
        if given["size"] > 150 * 1024 * 1024:
            return refused(413, "ErrorAttachmentSizeLimitExceeded")
        key = secrets.token_urlsafe(16)
        self.sessions[key] = (item, given, bytearray())
        url = f"{request.uploads}/api/v2.0/AttachmentSessions/{key}?authtoken=planted-upload-{key}"
        expires = "2030-01-01T00:00:00Z"
        return Answer(201, {"uploadUrl": url, "expirationDateTime": expires, "nextExpectedRanges": ["0-"]})

    def upload(self, request: Request) -> Answer:
        """A part of a large attachment, at the other origin. It has no bearer token."""
        found = re.fullmatch(r"/api/v2.0/AttachmentSessions/([^/]+)", request.path)
        if found is None or found[1] not in self.sessions:
            return refused(404, "ErrorItemNotFound")
        if "authorization" in request.headers:
            return refused(401, "InvalidAudience", "The upload URL is authorised by itself.")
        item, given, so_far = self.sessions[found[1]]
        wanted = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", request.headers.get("content-range", ""))
        if wanted is None or int(wanted[1]) != len(so_far) or int(wanted[3]) != given["size"]:
            return refused(416, "InvalidRange")
        if int(wanted[2]) - int(wanted[1]) + 1 != len(request.body) or len(request.body) >= MIME_LIMIT:
            return refused(400, "ErrorInvalidRequest", "The part does not have the length that it says.")
        so_far.extend(request.body)
        if len(so_far) < given["size"]:
            return Answer(
                200, {"ExpirationDateTime": "2030-01-01T00:00:00Z", "nextExpectedRanges": [str(len(so_far))]}
            )
        kind = given.get("contentType") or "application/octet-stream"
        content = base64.b64encode(bytes(so_far)).decode()
        item.attachments.append({**given, "contentType": kind, "contentBytes": content})
        return Answer(201, b"", {"Location": f"{request.uploads}/api/v2.0/Attachments('AAMkAt')"})

    def _send(self, mailbox: Mailbox, request: Request, id: str) -> Answer:
        item = mailbox.find(id)
        if item is None or not item.is_draft:
            return refused(*_NOT_FOUND)
        if request.headers.get("content-length") != "0":
            return refused(411, "LengthRequired")
        sender = item.message["From"].addresses[0].addr_spec.lower()
        if mailbox.address in self.no_send_as or sender != mailbox.address:
            return refused(403, "ErrorSendAsDenied", "The user account does not have the right to send mail.")
        if len(item.mime) + sum(len(a["contentBytes"]) for a in item.attachments) > self.most_bytes:
            return refused(413, "ErrorMessageSizeExceeded")
        mailbox.send(item)
        return Answer(202)


def _is_in(mailbox: Mailbox, item_id: str, folder: str) -> bool:
    item = mailbox.items.get(item_id)
    return item is not None and item.folder == folder


def changed(
    mailbox: Mailbox, change: Any, folder: str, since: str, request: Request
) -> dict[str, Any] | None:
    if change.kind == "removed" or not _is_in(mailbox, change.item_id, folder):
        return {"id": change.item_id, "@removed": {"reason": "deleted"}}
    item = mailbox.items[change.item_id]
    if change.kind == "updated" or item.received_at.isoformat() < since:
        return None
    return shown(item, request)


def shown(item: Item, request: Request) -> dict[str, Any]:
    message = item.message
    address = message["From"].addresses[0] if message["From"] else None
    sender = {"name": address.display_name, "address": address.addr_spec} if address else None
    return {
        "@odata.etag": 'W/"CQAAABYA"',
        "id": item.id if request.immutable else item.changing_id,
        "internetMessageId": item.message_id,
        "conversationId": item.conversation_id,
        "subject": str(message["Subject"] or ""),
        "isDraft": item.is_draft,
        "isRead": item.is_read,
        "parentFolderId": f"AQMk{item.folder}",
        "receivedDateTime": item.received_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "toRecipients": item.people("To"),
        "ccRecipients": item.people("Cc"),
        "bccRecipients": item.bcc,
        **({"from": {"emailAddress": sender}} if sender else {}),
    }


def fresh(query: dict[str, str]) -> dict[str, Any]:
    wanted = re.fullmatch(r"receivedDateTime g[et] (\S+)", query.get("$filter", ""))
    since = datetime.fromisoformat(wanted[1].replace("Z", "+00:00")).isoformat() if wanted else ""
    return {"after": 0, "since": since, "generation": None}


def renamed(mime: bytes) -> bytes:
    """The mail under an id that Exchange chose itself."""
    message = email.message_from_bytes(mime, policy=email.policy.SMTP)
    del message["Message-ID"]
    message["Message-ID"] = f"<{secrets.token_hex(8)}@eurprd04.prod.outlook.com>"
    return message.as_bytes()


def encoded(state: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(state).encode()).rstrip(b"=").decode()


def decoded(token: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))))


def query_of(text: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}
