"""Authentication-Results (RFC 8601) of a server that we trust, and the copy of one in an ARC set."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_POLICY = re.compile(r"\bp\s*=\s*(none|quarantine|reject)\b", re.I)
_METHOD = re.compile(r"\s*([a-z0-9-]{1,40})(?:/\d{1,3})?\s*=\s*([a-z]{1,20})\b(.*)\Z", re.I | re.S)
_PROPERTY = re.compile(r"\b(header\.(?:d|i|from)|smtp\.(?:mailfrom|helo))\s*=\s*\"?([^\s;\"]{1,320})", re.I)
_MOST = 8 * 1024


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result and the properties that it names, lower-case."""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)
    policy: str = ""  # of dmarc, where a comment names it

    def domain(self, *names: str) -> str:
        """Return the domain of the first property that is there."""
        found = (self.properties[name] for name in names if name in self.properties)
        return next(found, "").rpartition("@")[2].rstrip(".")


def read_results(value: str) -> tuple[str, list[Result]]:
    """Return the authserv-id of a field and its results, ("", []) where it has no results to read."""
    value = value[:_MOST]
    policy = _POLICY.search(value)
    pieces = _COMMENT.sub(" ", _COMMENT.sub(" ", value)).split(";")
    server = pieces[0].split()[:1]
    results = []
    for piece in pieces[1:]:
        if match := _METHOD.match(piece):
            properties = {name.lower(): text.lower() for name, text in _PROPERTY.findall(match[3])}
            method = match[1].lower()
            stated = policy[1].lower() if policy and method == "dmarc" else ""
            results.append(Result(method, match[2].lower(), properties, stated))
    return (server[0].lower(), results) if server else ("", [])
