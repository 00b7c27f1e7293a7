"""Calls of the gateway's REST API, and what its answers mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from emailhub.delivery.outcomes import Fate
from emailhub.egress import http

from .account import Account

_SECONDS = 20.0
_MOST = 256 * 1024  # bytes of an answer
_AWAY = {"20003", "20429", "20500"}  # it says nothing about this message: the account, the rate, the gateway


@dataclass(frozen=True)
class Answer:
    """What became of a call. `code` is the gateway's own, or the HTTP status where there is none."""

    fate: Fate
    sid: str = ""
    code: str = ""
    words: str = ""
    is_away: bool = False

    @property
    def refuses_us(self) -> bool:
        """Whether it is our account that is wrong."""
        return self.code in ("20003", "401", "403")


def post_message(account: Account, fields: Mapping[str, str | Sequence[str]]) -> Answer:
    """Ask the gateway to send a message."""
    try:
        with http.client(seconds=_SECONDS, max_bytes=_MOST) as client:
            response = client.post(
                f"{account.url}/Messages.json", data=dict(fields), auth=(account.sid, account.token)
            )
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        return Answer(Fate.DEFERRED, words=f"the gateway cannot be reached: {error}", is_away=True)
    except httpx.HTTPError as error:  # it was sent, and nobody knows whether it was read
        return Answer(Fate.UNCERTAIN, words=f"no answer from the gateway: {error}")
    return read_answer(response.status_code, _json(response))


def fetch_account(account: Account) -> Answer:
    """Ask the gateway whether it knows us."""
    try:
        with http.client(seconds=_SECONDS, max_bytes=_MOST) as client:
            response = client.get(f"{account.url}.json", auth=(account.sid, account.token))
    except httpx.HTTPError as error:
        return Answer(Fate.DEFERRED, words=f"the gateway cannot be reached: {error}", is_away=True)
    return read_answer(response.status_code, _json(response))


def read_answer(status: int, body: Mapping[str, Any]) -> Answer:
    """What an answer says of the message. A server's error leaves open whether it was taken."""
    code, words = str(body.get("code") or status), str(body.get("message") or "")
    if status in (200, 201):
        return Answer(Fate.ACCEPTED, sid=str(body.get("sid") or ""))
    if status in (401, 403, 429, 503) or code in _AWAY:
        return Answer(Fate.DEFERRED, code=code, words=words, is_away=True)
    if 400 <= status < 500:
        return Answer(Fate.REFUSED, code=code, words=words)
    return Answer(Fate.UNCERTAIN, code=code, words=words or f"the gateway answered {status}")


def _json(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
