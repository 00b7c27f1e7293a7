"""What Graph or its sign-in refuses, as the troubles that people are shown with a remedy."""

from __future__ import annotations

from emailhub.delivery.connection_work import Trouble

NOT_CONFIGURED = Trouble("graph_not_configured", needs_somebody=True)
SEALED_ELSEWHERE = Trouble("sealed_elsewhere", needs_somebody=True)
_NO_MAILBOX = frozenset({"errorinvaliduser", "mailboxnotenabledforrestapi", "resourcenotfound"})
_WRONG_SECRET = frozenset({7000215, 7000222})  # wrong; expired


class GraphError(Exception):
    """Graph refused a call, or did not answer. `code` is Graph's, in lower case, "" without an answer."""

    def __init__(self, status: int, code: str = "", words: str = "", retry_after: float = 0) -> None:
        super().__init__(f"{status or 'no answer'} {code} {words}".strip())
        self.status = status
        self.code = code.lower()
        self.words = words
        self.retry_after = retry_after  # seconds

    @property
    def trouble(self) -> Trouble:
        """Why nothing comes or goes."""
        detail = str(self)[:500]
        if self.status == 429:
            return Trouble("graph_throttled", detail)
        if self.status == 401:
            return Trouble("graph_token", detail)
        if self.status == 403 and self.code == "errorsendasdenied":
            return Trouble("graph_send_as", detail, needs_somebody=True)
        if self.status == 403:
            return Trouble("graph_denied", detail, needs_somebody=True)
        if self.code in _NO_MAILBOX:
            return Trouble("graph_no_mailbox", detail, needs_somebody=True)
        return Trouble("graph_away" if self.is_away else "graph_refused", detail)

    @property
    def is_away(self) -> bool:
        """Whether it says nothing about what was asked: the same will be answered another time."""
        return self.status in (0, 401, 403, 408, 429) or self.status >= 500

    @property
    def is_gone(self) -> bool:
        """The place from which changes are told is forgotten (410): all is to be looked at anew."""
        return self.status == 410 or self.code in ("syncstatenotfound", "resyncrequired")

    @property
    def is_missing(self) -> bool:
        """There is no such item (any more)."""
        return self.status == 404 and self.code not in _NO_MAILBOX


class SignInError(Exception):
    """There is no token to be had. `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(f"{trouble.problem}: {trouble.detail}")
        self.trouble = trouble


def refused_token(answer: dict[str, object]) -> SignInError:
    """What the token endpoint's answer means (an OAuth error, RFC 6749 5.2, with Microsoft's numbers)."""
    error = str(answer.get("error", ""))
    detail = " ".join(str(answer.get("error_description", error)).split())[:300]
    numbers = answer.get("error_codes")
    codes = set(numbers) if isinstance(numbers, list) else set()
    if error == "invalid_client" or codes & _WRONG_SECRET:
        return SignInError(Trouble("graph_secret", detail, needs_somebody=True))
    if error in ("invalid_grant", "interaction_required"):
        return SignInError(Trouble("graph_sign_in", detail, needs_somebody=True))
    if error in ("temporarily_unavailable", "server_error"):
        return SignInError(Trouble("graph_away", detail))
    return SignInError(Trouble("graph_consent", detail, needs_somebody=True))
