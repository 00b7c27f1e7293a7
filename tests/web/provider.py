"""An OpenID Connect provider on loopback that says of people what the test wants."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt

CLIENT = "emailhub-at-the-provider"
KEY = "a key of the provider's own, which nobody asks for"


class IdentityProvider:
    """What it says; `claims` are the person's, `token_only` those that stand in the token alone."""

    def __init__(self, server: ThreadingHTTPServer) -> None:
        self.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        self.claims: dict[str, Any] = {}
        self.token_only: dict[str, Any] = {}
        self.asked: list[str] = []

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/keys",
        }

    def token(self) -> dict[str, Any]:
        said = {"iss": self.issuer, "aud": CLIENT, "exp": time.time() + 60, **self.claims, **self.token_only}
        return {"access_token": "a", "token_type": "Bearer", "id_token": jwt.encode(said, KEY, "HS256")}

    def answer(self, path: str) -> dict[str, Any]:
        self.asked.append(path)
        answers = {"/token": self.token, "/userinfo": lambda: self.claims}
        return answers.get(path.split("?")[0], self.configuration)()

    def app(self, **settings: object) -> dict[str, Any]:
        """Its row in SOCIALACCOUNT_PROVIDERS."""
        known = {"server_url": self.issuer, "verified_claim": "email_verified", **settings}
        return {
            "provider_id": "oidc",
            "name": "Provider",
            "client_id": CLIENT,
            "secret": "s",
            "settings": known,
        }


@contextmanager
def identity_provider() -> Iterator[IdentityProvider]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(provider.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Nothing: a test that fails says enough."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = IdentityProvider(server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    server.server_close()
