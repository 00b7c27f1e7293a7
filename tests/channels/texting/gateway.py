"""A gateway of text messages on this machine: it keeps what it is asked to send, and signs what it posts.

It is stateful as the real one is: a message has its own SID and moves through its states; a number that has
said STOP is refused with 21610; media is kept until it is fetched, and only for who knows the token.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from emailhub.channels.texting.signatures import sign
from tests.texting_lines import ACCOUNT, TOKEN

Fields = dict[str, list[str]]


@dataclass
class Gateway:
    """The double. `refusing` answers every request with this (status, code)."""

    url: str
    sent: dict[str, Fields] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    media: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    refusing: tuple[int, int] | None = None
    hangs_up: bool = False

    def take(self, fields: Fields) -> tuple[int, dict[str, Any]]:
        """What a request for a message is answered."""
        to = fields.get("To", [""])[0]
        if self.refusing:
            return self.refusing[0], {"code": self.refusing[1], "message": "no", "status": self.refusing[0]}
        if to in self.stopped:
            return 400, {"code": 21610, "message": "Attempt to send to unsubscribed recipient", "status": 400}
        if not to or not ("Body" in fields or "MediaUrl" in fields):
            return 400, {"code": 21602, "message": "Message body is required", "status": 400}
        sid = f"{'MM' if 'MediaUrl' in fields else 'SM'}{secrets.token_hex(16)}"
        self.sent[sid] = fields
        return 201, {"sid": sid, "status": "queued", "num_segments": "1", "error_code": None}

    def status(self, sid: str, state: str, code: str = "") -> tuple[str, Fields, str]:
        """The (URL, form, signature) of a report on a message."""
        sent = self.sent[sid]
        form = {
            "MessageSid": [sid],
            "SmsSid": [sid],
            "MessageStatus": [state],
            "SmsStatus": [state],
            "To": sent["To"],
            "From": sent["From"],
            "AccountSid": [ACCOUNT],
            "ApiVersion": ["2010-04-01"],
        }
        if code:
            form["ErrorCode"] = [code]
        url = sent["StatusCallback"][0]
        return url, form, sign(url, form, TOKEN)

    def keep(self, content_type: str, content: bytes) -> str:
        """Keep a file of a message that comes in; returns where it is."""
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/MM1/Media/ME{secrets.token_hex(16)}"
        self.media[path] = content_type, content
        return self.url + path


def incoming(url: str, text: str, *, sender: str, to: str, **more: str) -> tuple[str, Fields, str]:
    """The (URL, form, signature) of a message that comes in."""
    sid = more.pop("MessageSid", f"SM{secrets.token_hex(16)}")
    form = {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "Body": text,
        "From": sender,
        "To": to,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        **more,
    }
    fields = {name: [value] for name, value in form.items()}
    return url, fields, sign(url, fields, TOKEN)


@contextmanager
def running() -> Iterator[Gateway]:
    """A gateway on a free port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    gateway = Gateway(f"http://127.0.0.1:{server.server_port}")
    server.gateway = gateway  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    @property
    def _gateway(self) -> Gateway:
        found: Gateway = self.server.gateway  # type: ignore[attr-defined]
        return found

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self._gateway.hangs_up:  # after it has read everything
            self.close_connection = True
            return
        if not self._is_known():
            self._answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
        elif self.path == f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
            self._answer(*self._gateway.take(parse_qs(body, keep_blank_values=True)))
        else:
            self._answer(404, {"code": 20404, "message": "Not found", "status": 404})

    def do_GET(self) -> None:
        if not self._is_known():
            self._answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
        elif self.path == f"/2010-04-01/Accounts/{ACCOUNT}.json":
            self._answer(200, {"sid": ACCOUNT, "status": "active"})
        elif file := self._gateway.media.get(self.path):
            self._bytes(200, *file)
        else:
            self._answer(404, {"code": 20404, "message": "Not found", "status": 404})

    def _is_known(self) -> bool:
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {expected}"

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self._bytes(status, "application/json", json.dumps(body).encode())

    def _bytes(self, status: int, content_type: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """It says nothing."""
