"""A desk of ten endpoints on loopback: it serves the hand-made pages and records what the scripts send.

It stands on the other side of the wire from the code under test, which is the real scripts in a real
browser under the product's Content-Security-Policy.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

STATIC = Path(__file__).parents[2] / "src" / "emailhub" / "web" / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline';"
    " img-src 'self' blob: data:; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"
)
BODY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f6454000000000"
    "49454e44ae426082"
)
Fields = dict[str, list[str]]


@dataclass(frozen=True)
class Answer:
    """What the server says: status, text, content type."""

    status: int
    text: str = ""
    content_type: str = "text/html; charset=utf-8"


def as_json(value: object, status: int = 200) -> Answer:
    """`value` as a JSON answer."""
    return Answer(status, json.dumps(value), "application/json")


@dataclass
class Desk:
    """What the browser is given, and what it sent."""

    pages: dict[str, str] = field(default_factory=dict)
    answers: dict[tuple[str, str], list[Answer]] = field(default_factory=dict)
    requests: list[tuple[str, str, Fields]] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    streams: list[queue.Queue[str | None]] = field(default_factory=list)
    upload_delay: float = 0
    address: str = ""

    def tell(self, **event: object) -> None:
        """Send a live event to every open page."""
        for stream in self.streams:
            stream.put(f"data: {json.dumps(event)}\n\n")

    def hang_up(self) -> None:
        """End every event stream."""
        for stream in self.streams:
            stream.put(None)

    def sent(self, method: str, path: str) -> list[Fields]:
        """The fields of all requests so far to `path`."""
        return [fields for verb, where, fields in self.requests if (verb, where) == (method, path)]

    def answer(self, method: str, path: str, fields: Fields) -> Answer:
        """The next prepared answer; the last one stays."""
        self.requests.append((method, path, fields))
        prepared = self.answers.get((method, path))
        if prepared:
            return prepared.pop(0) if len(prepared) > 1 else prepared[0]
        return Answer(200, self.pages[path]) if path in self.pages else Answer(404, "not here")


def _multipart(content_type: str, raw: bytes) -> tuple[Fields, list[tuple[str, bytes]]]:
    whole = message_from_bytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + raw, policy=HTTP)
    fields: Fields = {}
    files = []
    for part in whole.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if (filename := part.get_filename()) is not None:
            files.append((filename, content))
        else:
            fields.setdefault(str(name), []).append(content.decode())
    return fields, files


class Handler(BaseHTTPRequestHandler):
    """One request; `desk` is set on the class of each server."""

    desk: Desk
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests look at what was sent."""

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        if where.path == "/events":
            self._stream()
        elif where.path.startswith("/static/"):
            self._static(where.path.removeprefix("/static/"))
        elif where.path.startswith("/pictures/"):
            self._send(200, PIXEL, "image/png", POLICY)
        else:
            policy = BODY_POLICY if where.path.startswith("/bodies/") else POLICY
            self._answer("GET", where.path, parse_qs(where.query), policy)

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"] or 0))
        content_type = self.headers.get("Content-Type", "")
        fields, files = parse_qs(raw.decode("latin-1")), []
        if content_type.startswith("multipart/"):
            fields, files = _multipart(content_type, raw)
        fields["csrf"] = [self.headers.get("X-CSRFToken", "")]
        self.desk.files.extend(files)
        if urlsplit(self.path).path == "/uploads/":
            time.sleep(self.desk.upload_delay)
        self._answer("POST", urlsplit(self.path).path, fields, POLICY)

    def do_DELETE(self) -> None:
        self._answer("DELETE", urlsplit(self.path).path, {}, POLICY)

    def _answer(self, method: str, path: str, fields: Fields, policy: str) -> None:
        answer = self.desk.answer(method, path, fields)
        self._send(answer.status, answer.text.encode(), answer.content_type, policy)

    def _static(self, name: str) -> None:
        path = (STATIC / name).resolve()
        if not path.is_relative_to(STATIC) or not path.is_file():
            self._send(404, b"", "text/plain", POLICY)
        else:
            self._send(200, path.read_bytes(), TYPES[path.suffix], POLICY)

    def _send(self, status: int, content: bytes, content_type: str, policy: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        if status != 204:
            with suppress(OSError):  # the page may have gone
                self.wfile.write(content)

    def _stream(self) -> None:
        stream: queue.Queue[str | None] = queue.Queue()
        self.desk.streams.append(stream)
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"retry: 200\n\n")
        self.close_connection = True
        with suppress(OSError):  # the page may have gone
            while (text := stream.get()) is not None:
                self.wfile.write(text.encode())
        self.desk.streams.remove(stream)


def serve(desk: Desk) -> ThreadingHTTPServer:
    """Serve `desk` on a free port of loopback, in threads."""
    handler = type("DeskHandler", (Handler,), {"desk": desk})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    desk.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
