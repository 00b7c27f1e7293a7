"""Web Push to a service of our own that has the browser's keys: it reads what arrives as a browser would."""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import LazySettings
from django.utils import timezone

from emailhub.accounts.models import Membership
from emailhub.accounts.sessions import Session
from emailhub.accounts.tenancy import company
from emailhub.desk.models import PushSubscription, Ticket
from emailhub.desk.pushing import UnusableSubscriptionError, push_due, subscribe
from emailhub.egress.web_push import public_key
from tests.cast import Cast
from tests.web import desk

CURVE = ec.SECP256R1()


class Service(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        server.got.append((self.headers, self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(server.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: object) -> None: ...


class Browser:
    """The keys of a browser, and the push service that it uses."""

    def __init__(self, server: Any) -> None:
        self.server = server
        self.private = ec.generate_private_key(CURVE)
        self.key = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.secret = secrets.token_bytes(16)
        self.endpoint = f"http://127.0.0.1:{server.server_port}/push/x"

    def read(self, body: bytes) -> dict[str, str]:
        """RFC 8188 2.1, RFC 8291 3.4, from the browser's side."""
        salt, sender, sealed = body[:16], body[21 : 21 + body[20]], body[21 + body[20] :]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        shared = self.private.exchange(ec.ECDH(), theirs)
        ikm = _hkdf(shared, self.secret, b"WebPush: info\0" + self.key + sender, 32)
        key = _hkdf(ikm, salt, b"Content-Encoding: aes128gcm\0", 16)
        plain = AESGCM(key).decrypt(_hkdf(ikm, salt, b"Content-Encoding: nonce\0", 12), sealed, None)
        assert plain.endswith(b"\x02")
        message: dict[str, str] = json.loads(plain[:-1])
        return message


def _hkdf(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def _b64(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.fixture
def browser() -> Iterator[Browser]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    server.got, server.answer = [], 201
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Browser(server)
    server.shutdown()
    server.server_close()


@pytest.fixture
def ticket(cast: Cast, browser: Browser, settings: LazySettings) -> Ticket:
    """Given to Ben, who is signed in with a browser that wants to be told."""
    settings.EGRESS_ALLOWED = ("127.0.0.1",)
    later = timezone.now() + timedelta(days=1)
    Session.objects.create(session_key="of-ben", session_data="", expire_date=later, user=cast.ben.user)
    with company(cast.dealer.id):
        PushSubscription.objects.create(
            company=cast.dealer,
            advisor=cast.ben,
            session="of-ben",
            endpoint=browser.endpoint,
            key=_b64(browser.key),
            secret=_b64(browser.secret),
            since=timezone.now(),
        )
        made = desk.open_ticket(cast.service, cast.carla)
        made.assign(cast.ben, by=cast.ana, now=timezone.now())
    return made


def test_the_browser_reads_what_was_pushed_and_the_service_knows_who_sent_it(
    ticket: Ticket, browser: Browser
) -> None:
    assert push_due() == 1
    assert push_due() == 0
    [(headers, body)] = browser.server.got
    assert browser.read(body) == {
        "title": "Ana gave you a ticket",
        "body": "#1 The pump leaks",
        "url": "/tickets/1/",
    }
    assert b"pump" not in body
    token, key = headers["Authorization"].removeprefix("vapid t=").split(", k=")
    assert key == public_key()
    signed, _, signature = token.rpartition(".")
    both = _unb64(signature)
    numbers = (int.from_bytes(both[:32], "big"), int.from_bytes(both[32:], "big"))
    ours = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, _unb64(key))
    ours.verify(utils.encode_dss_signature(*numbers), signed.encode(), ec.ECDSA(SHA256()))
    claims = json.loads(_unb64(signed.split(".")[1]))
    assert claims["aud"] == browser.endpoint.removesuffix("/push/x")


def test_a_browser_that_is_gone_is_asked_no_more(cast: Cast, ticket: Ticket, browser: Browser) -> None:
    browser.server.answer = 410
    push_due()
    with company(cast.dealer.id):
        assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("lost", ["session", "team"])
def test_nothing_is_pushed_after_signing_out_or_losing_the_team(
    lost: str, cast: Cast, ticket: Ticket, browser: Browser
) -> None:
    with company(cast.dealer.id):
        (Session if lost == "session" else Membership).objects.filter(**_of_ben(lost, cast)).delete()
    assert push_due() == 1
    assert browser.server.got == []


def _of_ben(lost: str, cast: Cast) -> dict[str, object]:
    return {"user": cast.ben.user} if lost == "session" else {"advisor": cast.ben}


def test_a_place_within_our_own_network_is_never_connected_to(
    ticket: Ticket, browser: Browser, settings: LazySettings
) -> None:
    """Threats G1: a subscription names its place itself."""
    settings.EGRESS_ALLOWED = ()
    assert push_due() == 1
    assert browser.server.got == []


@pytest.mark.parametrize(
    "endpoint",
    ["http://push.example/x", "file:///etc/passwd", "https://", "", "https://[", "https://a.example:99999/"],
)
def test_a_subscription_without_a_safe_place_is_refused(endpoint: str, inside: Cast) -> None:
    with pytest.raises(UnusableSubscriptionError):
        subscribe(
            inside.ben,
            session="s",
            endpoint=endpoint,
            key=_b64(b"\x04" + b"k" * 64),
            secret=_b64(b"s" * 16),
            now=timezone.now(),
        )
