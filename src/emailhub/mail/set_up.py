"""Mail that belongs to the set-up of a forward: a provider asks whether the new address agrees to get it.

Such a mail comes from a no-reply address and would pass for a robot's; so it is recognised before anything
else looks at it. Whoever forges one gains a line on the set-up page: the link is shown only if it leads to
the provider itself, and nothing opens it but a manager's click.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from emailhub.mail.addresses import normal_address
from emailhub.mail.message import Message

_TEXT_LIMIT = 20_000
_LINK = re.compile(r"https://[^\s<>\"')\]]{5,2000}")
_ADDRESS = re.compile(r"[^\s<>\[\]():,;\"*@]{1,64}@[A-Za-z0-9.-]{1,255}")
_HREF = re.compile(r"""href=["'](https://[^"']{5,2000})["']""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a provider asks: by a code, by a link to its own host, or by both."""

    provider: str
    address: str = ""  # whose mail is to be forwarded
    code: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class _Provider:
    name: str
    senders: re.Pattern[str]  # of the whole From address
    words: tuple[str, ...]  # one of them stands in the subject, without accents, lower-case
    hosts: tuple[str, ...]  # to which a link may lead, and those below them
    code: re.Pattern[str]


_PROBE = re.compile(r"\bprobe-([0-9a-f]{32})\b")

_PROVIDERS = (
    _Provider(
        name="Gmail",
        senders=re.compile(r"forwarding-noreply@(?:google|gmail)\.com"),
        words=(
            "forwarding confirmation",
            "confirmacion de reenvio",
            "confirmacao de encaminhamento",
            "confirmation de transfert",
            "weiterleitungsbestatigung",
            "bestatigung der weiterleitung",
            "conferma di inoltro",
            "conferma inoltro",
        ),
        hosts=("mail.google.com", "mail-settings.google.com", "isolated.mail.google.com"),
        code=re.compile(r"\(?#\s?(\d{6,12})\)?"),
    ),
    _Provider(
        name="Zoho Mail",
        senders=re.compile(r"(?:noreply|no-reply|support|welcome)@(?:mail\.)?zoho(?:mail)?\.(?:com|eu|in)"),
        words=("forward", "reenvio", "reenviar"),
        hosts=("zoho.com", "zoho.eu", "zoho.in"),
        code=re.compile(r"(?:code|codigo)\D{0,60}?(\d{4,12})", re.IGNORECASE),
    ),
    _Provider(
        name="Yahoo Mail",
        senders=re.compile(r"[a-z0-9._-]+@(?:[a-z0-9-]+\.)?yahoo(?:-inc)?\.com"),
        words=("forwarding", "reenvio"),
        hosts=("yahoo.com",),
        code=re.compile(r"(?:code|codigo)\D{0,60}?(\d{4,12})", re.IGNORECASE),
    ),
    _Provider(
        name="Yandex Mail",
        senders=re.compile(r"[a-z0-9._-]+@(?:[a-z0-9-]+\.)?yandex\.(?:com|ru)"),
        words=("forwarding", "reenvio"),
        hosts=("yandex.com", "yandex.ru"),
        code=re.compile(r"(?:code|codigo)\D{0,60}?(\d{4,12})", re.IGNORECASE),
    ),
)


def forwarding_confirmation(message: Message) -> Confirmation | None:
    """Return what a provider asks about a forward, or None for any other mail."""
    sender = message.sender.address if message.sender else ""
    subject = _plain(message.subject)
    for provider in _PROVIDERS:
        if provider.senders.fullmatch(sender) and any(words in subject for words in provider.words):
            return _asked(provider, message)
    return None


def probe_subject(token: str) -> str:
    """What stands in a probe's subject and text, so that whoever rewrites the mail leaves one of them."""
    return f"probe-{token}"


def probe_token(message: Message) -> tuple[str, bool] | None:
    """The token of our own probe that this mail is or holds, and whether it is only attached to it.

    A delivery report holds one as well, and says that it did not arrive.
    """
    if message.report is not None:
        return None
    places = (message.message_id, message.subject, message.text[:_TEXT_LIMIT], message.html[:_TEXT_LIMIT])
    if found := next(filter(None, map(_PROBE.search, places)), None):
        return found[1], False
    mails = (file.content for file in message.attachments if file.content_type == "message/rfc822")
    written = (content[:_TEXT_LIMIT].decode("latin-1") for content in mails)
    inside = next(filter(None, map(_PROBE.search, written)), None)
    return (inside[1], True) if inside else None


def _asked(provider: _Provider, message: Message) -> Confirmation | None:
    text = f"{message.subject}\n{message.text[:_TEXT_LIMIT]}"
    code = provider.code.search(_without_accents(text))
    link = next(_links(provider, message), "")
    if code is None and not link:
        return None  # news about forwarding, and not a question
    return Confirmation(provider.name, _address(message, text), code[1] if code else "", link)


def _links(provider: _Provider, message: Message) -> Iterator[str]:
    """The links to the provider's own host that lead to something; help pages do not end in a token."""
    written = _LINK.findall(message.text[:_TEXT_LIMIT])
    for link in (*written, *_HREF.findall(message.html[: 5 * _TEXT_LIMIT])):
        address = urlsplit(link.rstrip(".,;").replace("&amp;", "&"))
        host = (address.hostname or "").lower()
        own = any(host == known or host.endswith(f".{known}") for known in provider.hosts)
        if own and "@" not in address.netloc and len(address.path) + len(address.query) > 20:
            yield address.geturl()


def _address(message: Message, text: str) -> str:
    """Whose mail it is about: the first address in it that is neither the provider's nor ours."""
    others = {box.address for box in (*message.to, *message.cc)}
    if message.sender:
        others.add(message.sender.address)
    found = (normal_address(match.rstrip(".")) for match in _ADDRESS.findall(text))
    return next((address for address in found if address and address not in others), "")


def _plain(text: str) -> str:
    return " ".join(_without_accents(text).casefold().split())


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))
