"""Delivery reports: what became of a mail that we sent (RFC 3464), also as older servers write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from emailhub.mail.addresses import normal_address, parse_mailboxes
from emailhub.mail.automatic import is_robot_address
from emailhub.mail.headers import HeaderBlock, decode_value, read_block
from emailhub.mail.message import DeliveryReport, ReportedRecipient
from emailhub.mail.report_texts import MAX_TEXT, read_text
from emailhub.mail.storable import one_line
from emailhub.mail.structure import Part
from emailhub.mail.threading import message_id, message_ids

MAX_RECIPIENTS = 500
_STATUS_TYPES = {"message/delivery-status", "message/global-delivery-status"}
_RETURNED_TYPES = {
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
}
_ACTIONS = {"failed", "delayed", "delivered", "relayed", "expanded"}
_BY_CLASS = {"2": "delivered", "4": "delayed", "5": "failed"}
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?!\.?\d)")  # and no IP address
_SMTP_CODE = re.compile(r"(?<![\d.])([245])\d\d(?![\d.])")
_COMMENT = re.compile(r"\([^()]*\)")
_RETURNED_ID = re.compile(r"^message-id:[ \t]{0,10}(<[^<>\r\n]{1,998}>)", re.I | re.M)


def read_report(root: Part) -> DeliveryReport | None:
    """Return what `root` reports if it is a delivery report, else None."""
    leaves = [part for part in root.walk() if not part.children]
    status = next((part for part in leaves if part.content_type in _STATUS_TYPES), None)
    if status is None:
        return _read_old_form(root)
    blocks = list(_blocks(status.content))
    recipients = tuple(_recipient(block) for block in blocks if _names_recipient(block))
    first = blocks[0] if blocks else HeaderBlock()
    reporting_mta = _typed(first, "reporting-mta")
    return DeliveryReport(recipients, _original_id(root, leaves, first), reporting_mta)


def _blocks(content: bytes) -> Iterator[HeaderBlock]:
    """Yield the groups of fields, which empty lines part (RFC 3464 2.1)."""
    for group in _BLANK_LINE.split(content, maxsplit=MAX_RECIPIENTS + 1)[: MAX_RECIPIENTS + 1]:
        block, _ = read_block(group.strip(b"\r\n"), 0, len(group), [])
        if block.fields:
            yield block


def _names_recipient(block: HeaderBlock) -> bool:
    return bool(block.first("final-recipient") or block.first("original-recipient"))


def _recipient(block: HeaderBlock) -> ReportedRecipient:
    diagnostic_code = _typed(block, "diagnostic-code")
    status = _status(decode_value(block.first("status")), diagnostic_code)
    action = _COMMENT.sub(" ", decode_value(block.first("action"))[:200]).strip().lower().partition(" ")[0]
    return ReportedRecipient(
        final_recipient=_address(_typed(block, "final-recipient")),
        original_recipient=_address(_typed(block, "original-recipient")),
        action=action if action in _ACTIONS else _BY_CLASS.get(status[:1], ""),
        status=status,
        diagnostic_code=diagnostic_code,
        remote_mta=_typed(block, "remote-mta"),
    )


def _typed(block: HeaderBlock, name: str) -> str:
    """Return a value such as "smtp; 550 no such user" without its type (RFC 3464 2.1.2)."""
    value = one_line(decode_value(block.first(name)), 1_000)
    kind, semicolon, rest = value.partition(";")
    return rest.strip() if semicolon and kind.strip().replace("-", "").isalnum() else value


def _status(stated: str, diagnostic_code: str) -> str:
    """Return the enhanced status code, also where only the server's words hold one."""
    if match := _STATUS.search(stated[:200]) or _STATUS.search(diagnostic_code):
        return match[0]
    match = _SMTP_CODE.search(diagnostic_code)
    return f"{match[1]}.0.0" if match else ""


def _address(text: str) -> str:
    """Return the address of a recipient field; xtext of RFC 3461 needs no decoding to be compared."""
    return normal_address(_COMMENT.sub("", text[:400]).strip().strip("<>"))


def _original_id(root: Part, leaves: list[Part], status: HeaderBlock) -> str:
    """Return the Message-ID of the mail reported on.

    From what was returned of it; else from fields in which some servers name it.
    """
    for part in leaves:
        if part.content_type in _RETURNED_TYPES:
            content = part.content
            returned, _ = read_block(content, 0, min(len(content), 256 * 1024), [])
            if found := message_id(returned.text("message-id")):
                return found
    named = (
        status.text("x-original-message-id"),
        status.text("original-message-id"),
        root.headers.text("x-original-message-id"),
        root.headers.text("in-reply-to"),
        root.headers.text("references"),
    )
    return next((ids[-1] for ids in map(message_ids, named) if ids), "")


def _read_old_form(root: Part) -> DeliveryReport | None:
    """Read Exim's field and the words of other systems, if a mail system sent them."""
    senders = parse_mailboxes(root.headers.text("from")[:2048])
    if not senders or not is_robot_address(senders[0].address):
        return None
    leaf = next((part for part in root.walk() if part.content_type == "text/plain"), root)
    text = leaf.content[:MAX_TEXT].decode("utf-8", "replace")
    failed = parse_mailboxes(root.headers.text("x-failed-recipients"))
    recipients = read_text(text) or [
        ReportedRecipient(mailbox.address, action="failed", status="5.0.0") for mailbox in failed
    ]
    if not recipients:
        return None
    returned = _RETURNED_ID.search(text)
    leaves = [part for part in root.walk() if not part.children]
    original = message_id(returned[1]) if returned else _original_id(root, leaves, HeaderBlock())
    return DeliveryReport(tuple(recipients), original)
