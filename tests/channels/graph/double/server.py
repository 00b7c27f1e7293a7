"""The double on the wire: https for Graph and the sign-in, another origin for uploads, a log of requests."""

from __future__ import annotations

import datetime as dt
import ipaddress
import json
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .faults import THROTTLED, THROTTLED_HEADERS, Fault, error
from .graph import Answer, Graph, Request, query_of
from .login import Login
from .mailboxes import Mailbox
from .subscriptions import Subscriptions

CONCURRENT = 4


class Double:
    """Microsoft's servers as one object. `requests` is what was asked of Graph, as "METHOD path"."""

    def __init__(self) -> None:
        self.graph = Graph()
        self.login = Login()
        self.subscriptions = Subscriptions()
        self.faults: list[Fault] = []
        self.requests: list[str] = []
        self.in_flight: Counter[str] = Counter()
        self.base = self.uploads = self.plain = self.ca = ""
        self.lock = threading.Lock()

    def mailbox(self, address: str, name: str = "") -> Mailbox:
        return self.graph.mailboxes.setdefault(
            address, Mailbox(address, name or address.partition("@")[0].title())
        )

    def fail(self, method: str, pattern: str, status: int | None, code: str = "", **options: Any) -> None:
        """Let the next request that fits be answered with this status; None cuts the connection."""
        self.faults.append(Fault(method, pattern, status, error(code) if code else {}, **options))

    def throttle(self, method: str = "GET", pattern: str = "/", times: int = 1) -> None:
        self.faults.append(Fault(method, pattern, 429, THROTTLED, THROTTLED_HEADERS, times))

    def forget_tokens(self) -> None:
        """All access tokens expire."""
        self.login.tokens.clear()

    def asked(self, *parts: str) -> list[str]:
        """The requests that have all these parts in them."""
        return [line for line in self.requests if all(part in line for part in parts)]

    def fault_for(self, method: str, path: str) -> Fault | None:
        with self.lock:
            fault = next((fault for fault in self.faults if fault.fits(method, path)), None)
            if fault:
                fault.times -= 1
            return fault

    def of_graph(self, request: Request) -> Answer | None:
        """The answer, or None: the connection is cut."""
        self.requests.append(f"{request.method} {request.path}")
        fault = self.fault_for(request.method, request.path)
        if fault and not fault.after:
            return Answer(fault.status, fault.body, fault.headers) if fault.status else None
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.login.tokens:
            return Answer(
                401, error("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
            )
        answer = self._within_limits(request)
        if fault:
            return Answer(fault.status, fault.body, fault.headers) if fault.status else None
        return answer

    def of_upload(self, request: Request) -> Answer | None:
        fault = self.fault_for(request.method, request.path)
        if fault:
            return Answer(fault.status, fault.body, fault.headers) if fault.status else None
        return self.graph.upload(request)

    def _within_limits(self, request: Request) -> Answer:
        name = request.path.split("/")[2] if request.path.startswith("/users/") else ""
        with self.lock:
            self.in_flight[name] += 1
            if name and self.in_flight[name] > CONCURRENT:
                self.in_flight[name] -= 1
                return Answer(429, THROTTLED, THROTTLED_HEADERS)
        try:
            if request.path.startswith("/subscriptions"):
                return self.subscriptions.handle(request)
            return self.graph.handle(request)
        finally:
            with self.lock:
                self.in_flight[name] -= 1


class _Handler(BaseHTTPRequestHandler):
    double: Double
    is_upload = False
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        url = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.is_upload:
            self._answer(self.double.of_upload(self._request(url.path, url.query, body)))
        elif url.path.startswith("/v1.0/"):
            request = self._request(url.path.removeprefix("/v1.0"), url.query, body)
            self._answer(self.double.of_graph(request))
        else:
            self._sign_in(url.path, url.query, body)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = handle_any  # noqa: N815

    def _request(self, path: str, query: str, body: bytes) -> Request:
        headers = {name.lower(): value for name, value in self.headers.items()}
        base = f"{self.double.base}/v1.0"
        return Request(self.command, path, query_of(query), headers, body, base, self.double.uploads)

    def _sign_in(self, path: str, query: str, body: bytes) -> None:
        tenant = path.split("/")[1]
        login, base = self.double.login, self.double.base
        if path.endswith("/.well-known/openid-configuration"):
            self._answer(Answer(200, login.configuration(base, tenant)))
        elif path.endswith("/token"):
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            status, answer = login.token(base, tenant, form)
            self._answer(Answer(status, answer))
        else:
            self._answer(Answer(404, error("NotFound", f"{path}?{query}")))

    def _answer(self, answer: Answer | None) -> None:
        if answer is None:
            self.close_connection = True
            self.connection.close()
            return
        body = json.dumps(answer.body).encode() if isinstance(answer.body, dict) else answer.body
        if answer.status == 204:
            body = b""
        self.send_response(answer.status)
        if body and "Content-Type" not in answer.headers:
            self.send_header("Content-Type", "application/json")
        for name, value in {**answer.headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Tests read `requests`."""


@contextmanager
def serving(folder: Path) -> Iterator[Double]:
    """A double on free ports of loopback. `folder`/ca.pem is the certificate to trust."""
    double = Double()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate(folder))
    double.ca = str(folder / "ca.pem")
    servers = [_server(double, context), _server(double, context, is_upload=True), _server(double, None)]
    double.base = f"https://localhost:{servers[0].server_port}"
    double.uploads = f"https://localhost:{servers[1].server_port}"
    double.plain = f"http://localhost:{servers[2].server_port}"
    threads = [threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield double
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def _server(
    double: Double, context: ssl.SSLContext | None, *, is_upload: bool = False
) -> ThreadingHTTPServer:
    handler = type("Handler", (_Handler,), {"double": double, "is_upload": is_upload})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    return server


def certificate(folder: Path) -> Path:
    """A file with a key and a certificate for localhost, and ca.pem beside it to trust it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    (folder / "ca.pem").write_bytes(pem)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    both = folder / "server.pem"
    both.write_bytes(private + pem)
    return both
