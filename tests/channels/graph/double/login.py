"""The sign-in: tokens for applications and for people, with codes that are used once."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from typing import Any
from urllib.parse import urlencode

Answer = tuple[int, dict[str, Any]]


class Login:
    """Whom it knows, and which tokens are good. A refresh token is good once: each use gives another."""

    def __init__(self) -> None:
        self.client_id = "11111111-2222-3333-4444-555555555555"
        self.secret = "planted-client-secret"
        self.tokens: dict[str, dict[str, Any]] = {}  # access token -> who
        self.refresh_tokens: dict[str, dict[str, Any]] = {}
        self.codes: dict[str, dict[str, Any]] = {}
        self.consented: set[str] = set()  # tenants whose administrator has agreed
        self.refusal: tuple[str, str] | None = None  # what the token endpoint says instead
        self.token_requests: list[dict[str, str]] = []

    def configuration(self, base: str, tenant: str) -> dict[str, Any]:
        root = f"{base}/{tenant}/oauth2/v2.0"
        return {
            "issuer": f"{base}/{tenant}/v2.0",
            "authorization_endpoint": f"{root}/authorize",
            "token_endpoint": f"{root}/token",
            "device_authorization_endpoint": f"{root}/devicecode",
            "jwks_uri": f"{base}/{tenant}/discovery/v2.0/keys",
        }

    def authorize(self, tenant: str, asked: dict[str, str], user: str) -> str:
        """Where the browser is sent after this person has signed in."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**asked, "user": user, "tenant": tenant}
        query = {"code": code, "state": asked["state"], "session_state": "x"}
        return f"{asked['redirect_uri']}?{urlencode(query)}"

    def token(self, base: str, tenant: str, form: dict[str, str]) -> Answer:
        self.token_requests.append(form)
        if self.refusal:
            return 400, _refused(*self.refusal)
        if form.get("client_id") != self.client_id or form.get("client_secret") != self.secret:
            return 401, _refused("invalid_client", "AADSTS7000215: Invalid client secret provided.")
        match form.get("grant_type"):
            case "client_credentials":
                return self._for_application(tenant)
            case "authorization_code":
                return self._by_code(base, tenant, form)
            case "refresh_token":
                return self._refreshed(base, tenant, form)
        return 400, _refused("unsupported_grant_type", "")

    def _for_application(self, tenant: str) -> Answer:
        if tenant not in self.consented:
            return 400, _refused(
                "unauthorized_client", "AADSTS700016: Application was not found in the directory"
            )
        return 200, self._access({"tenant": tenant, "app": True})

    def _by_code(self, base: str, tenant: str, form: dict[str, str]) -> Answer:
        code = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            code is None
            or code["code_challenge"] != challenge
            or code["redirect_uri"] != form["redirect_uri"]
        ):
            return 400, _refused("invalid_grant", "AADSTS9002313: Invalid request.")
        return 200, self._for_person(base, code["user"], code.get("nonce", ""))

    def _refreshed(self, base: str, tenant: str, form: dict[str, str]) -> Answer:
        who = self.refresh_tokens.pop(form.get("refresh_token", ""), None)
        if who is None:
            return 400, _refused("invalid_grant", "AADSTS700082: The refresh token has expired.")
        return 200, self._for_person(base, who["user"], "")

    def _for_person(self, base: str, user: str, nonce: str) -> dict[str, Any]:
        oid, tid = hashlib.md5(user.encode()).hexdigest(), "7e57-tenant"
        now = int(time.time())
        claims = {
            "aud": self.client_id,
            "iss": f"{base}/{tid}/v2.0",
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "nonce": nonce,
            "oid": oid,
            "sub": oid,
            "tid": tid,
            "preferred_username": user,
        }
        refresh = f"planted-refresh-{secrets.token_urlsafe(24)}"
        self.refresh_tokens[refresh] = {"user": user}
        return {
            **self._access({"user": user, "app": False}),
            "scope": "Mail.ReadWrite.Shared Mail.Send.Shared",
            "refresh_token": refresh,
            "id_token": ".".join((_encoded({"alg": "none", "typ": "JWT"}), _encoded(claims), "")),
            "client_info": _encoded({"uid": oid, "utid": tid}),
        }

    def _access(self, who: dict[str, Any]) -> dict[str, Any]:
        token = f"planted-access-{secrets.token_urlsafe(24)}"
        self.tokens[token] = who
        return {"token_type": "Bearer", "expires_in": 3599, "ext_expires_in": 3599, "access_token": token}


def _refused(error: str, description: str) -> dict[str, Any]:
    numbers = [int(word[6:]) for word in description.partition(":")[:1] if word[6:].isdecimal()]
    return {"error": error, "error_description": description, "error_codes": numbers}


def _encoded(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
