"""Change notifications: the handshake, life-times, and the posts to whoever subscribed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from .graph import Answer, Request, refused

LONGEST = timedelta(minutes=10_080)
SHORTEST = timedelta(minutes=45)
# (url, content type, body) -> (status, content type, body): how the double reaches the product's pages.
Post = Callable[[str, str, bytes | dict[str, Any]], tuple[int, str, bytes]]


class Subscriptions:
    """Who is to be told of changes. Without `post` nobody can be reached, as with a closed firewall."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.post: Post | None = None

    def handle(self, request: Request) -> Answer:
        id = request.path.removeprefix("/subscriptions").strip("/")
        if request.method == "POST" and not id:
            return self._create(request)
        if (row := self.rows.get(id.partition("/")[0])) is None:
            return refused(404, "ResourceNotFound", "The object was not found.")
        if request.method == "PATCH":
            row["expirationDateTime"] = clamped(request.json["expirationDateTime"])
            return Answer(200, row)
        if request.method == "POST" and id.endswith("/reauthorize"):
            return Answer(204)
        if request.method == "DELETE":
            del self.rows[id]
            return Answer(204)
        return refused(405, "MethodNotAllowed")

    def _create(self, request: Request) -> Answer:
        row = request.json
        missing = {"changeType", "notificationUrl", "resource", "expirationDateTime"} - row.keys()
        if missing or not row["notificationUrl"].startswith("https://"):
            return refused(400, "InvalidRequest", f"missing or unusable: {sorted(missing)}")
        if len(row.get("clientState", "")) > 128:
            return refused(400, "InvalidRequest", "clientState is too long.")
        wanted = datetime.fromisoformat(row["expirationDateTime"].replace("Z", "+00:00"))
        if wanted > datetime.now(UTC) + LONGEST:
            return refused(
                400, "InvalidRequest", "Subscription expiration can only be 10080 minutes in the future."
            )
        for url in (row["notificationUrl"], row.get("lifecycleNotificationUrl")):
            if url and not self._shakes_hands(url):
                return refused(400, "InvalidRequest", "Subscription validation request failed.")
        id = secrets.token_hex(16)
        row = {
            **row,
            "id": id,
            "expirationDateTime": clamped(row["expirationDateTime"]),
            "applicationId": "app",
        }
        self.rows[id] = row
        return Answer(201, row)

    def _shakes_hands(self, url: str) -> bool:
        if self.post is None:
            return False
        token = f"Validation: <b>{secrets.token_hex(8)}</b> & more"
        status, kind, body = self.post(
            f"{url}?validationToken={quote(token)}", "text/plain; charset=utf-8", b""
        )
        return status == 200 and kind.startswith("text/plain") and body == token.encode()

    def notify(self, **changes: Any) -> list[int]:
        """Tell every subscriber; `changes` replace what the notification says. Returns the answers."""
        assert self.post is not None
        answers = []
        for row in self.rows.values():
            note = {
                "subscriptionId": row["id"],
                "subscriptionExpirationDateTime": row["expirationDateTime"],
                "changeType": "created",
                "resource": "Users/622eaaff/Messages/AAMkAGUw",
                "resourceData": {"@odata.type": "#Microsoft.Graph.Message", "id": "AAMkAGUw"},
                "clientState": row.get("clientState"),
                "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95",
                **changes,
            }
            url = row["lifecycleNotificationUrl"] if "lifecycleEvent" in changes else row["notificationUrl"]
            answers.append(self.post(url, "application/json", {"value": [note]})[0])
        return answers


def clamped(text: str) -> str:
    wanted = datetime.fromisoformat(re.sub(r"\.(\d{6})\d*", r".\1", text).replace("Z", "+00:00"))
    return max(wanted, datetime.now(UTC) + SHORTEST).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
