"""X-Twilio-Signature: who posts knows the account's token, and nothing was changed on the way."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit

Fields = Mapping[str, Sequence[str]]
_PORTS = {"https": 443, "http": 80}


def sign(url: str, fields: Fields, token: str) -> str:
    """The signature of a form that is posted to this public URL, with its query."""
    words = "".join(name + value for name in sorted(fields) for value in sorted(set(fields[name])))
    digest = hmac.new(token.encode(), (url + words).encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def is_signed(url: str, fields: Fields, signature: str, token: str) -> bool:
    """Whether it is the right one, whether the sender counts the usual port to the URL or not."""
    given = signature.encode()
    return bool(token) and any(
        hmac.compare_digest(sign(spelled, fields, token).encode(), given) for spelled in _spellings(url)
    )


def _spellings(url: str) -> Iterator[str]:
    yield url
    parts = urlsplit(url)
    if parts.port is None and parts.scheme in _PORTS:
        yield urlunsplit(parts._replace(netloc=f"{parts.netloc}:{_PORTS[parts.scheme]}"))
    elif parts.port == _PORTS.get(parts.scheme):
        yield urlunsplit(parts._replace(netloc=parts.netloc.rpartition(":")[0]))
