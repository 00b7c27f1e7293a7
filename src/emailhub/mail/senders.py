"""Who sent a mail, and where answers go."""

from __future__ import annotations

from dataclasses import dataclass

from emailhub.mail.addresses import parse_author
from emailhub.mail.automatic import asks_for_answers_elsewhere
from emailhub.mail.forwards import forwarded_block
from emailhub.mail.message import Mailbox, Message

_ORIGINAL_SENDER = ("x-original-from", "x-original-sender")


@dataclass(frozen=True, slots=True)
class Sender:
    """The person a mail is from."""

    mailbox: Mailbox
    reply_to: Mailbox  # where answers go
    recovered: bool = False  # not whom From names: behind our own address, or a web form's Reply-To
    other_reply_to: Mailbox | None = None  # a Reply-To of another domain: shown, not followed


def sender(message: Message, own_addresses: frozenset[str]) -> Sender | None:
    """Return the sender of `message`, None if From cannot be read or hides who wrote.

    `own_addresses` are the company's, in the form of addresses.normal_address. For a mail that we
    sent ourselves pass none, or it is taken for a badly forwarded one.
    """
    author = message.sender
    if author is None:
        return None
    replies = tuple(mailbox for mailbox in message.reply_to if mailbox.address not in own_addresses)
    if author.address in own_addresses:
        original = _original(message, replies, own_addresses)
        return Sender(original, original, recovered=True) if original else None
    if asks_for_answers_elsewhere(author, replies):
        return Sender(replies[0], replies[0], recovered=True)
    return _with_reply_to(author, replies)


def _with_reply_to(author: Mailbox, replies: tuple[Mailbox, ...]) -> Sender:
    other = next((mailbox for mailbox in replies if mailbox.address != author.address), None)
    if other is None or any(mailbox.address == author.address for mailbox in replies):
        return Sender(author, author)
    if other.domain == author.domain:
        return Sender(author, other)
    return Sender(author, author, other_reply_to=other)


def _original(message: Message, replies: tuple[Mailbox, ...], own: frozenset[str]) -> Mailbox | None:
    """Return who wrote a mail that a rule forwarded under one of our addresses."""
    stated = (parse_author(message.all_headers(name)) for name in _ORIGINAL_SENDER)
    single_reply = replies[0] if len(replies) == 1 else None
    block = forwarded_block(message.text)
    candidates = (*stated, single_reply, block.sender if block else None)
    return next((mailbox for mailbox in candidates if mailbox and mailbox.address not in own), None)
