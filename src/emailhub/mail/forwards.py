"""Mail forwarded by hand or by a careless rule: whose it was before."""

from __future__ import annotations

import re
from dataclasses import dataclass

from emailhub.mail.addresses import clean_name, normal_address
from emailhub.mail.message import Mailbox, Message
from emailhub.mail.parse import parse
from emailhub.mail.storable import one_line

_LONGEST_LINE = 1_000
_LINES_SEARCHED = 2_000
_LINES_OF_BLOCK = 12
_FROM = re.compile(
    r"[>|\s]{0,40}\*{0,2}(?:from|de|von|da|van|od)[\s\u00a0]?\*{0,2}:\*{0,2}\s{0,40}(?P<value>\S.*)", re.I
)
_OTHER_FIELD = re.compile(
    r"[>|\s]{0,40}\*{0,2}(?P<name>sent|date|to|cc|subject|reply-to|enviado(?: el| em)?|fecha|data|para|asunto"
    r"|assunto|gesendet|datum|an|betreff|envoyé|à|objet|inviato|a|oggetto|wysłan[eo]|do|dw|temat|verzonden|aan|onderwerp)[\s\u00a0]?\*{0,2}:\*{0,2}\s{0,40}(?P<value>.*)",
    re.I,
)
_SUBJECT_NAMES = {"subject", "asunto", "assunto", "betreff", "objet", "oggetto", "temat", "onderwerp"}
_ADDRESS = re.compile(r"[^\s<>\[\]():,;\"*@]{1,128}@[^\s<>\[\]():,;\"*@]{1,255}")
_MARKER = re.compile(
    r"[>|\s\-_*]{0,80}(?:forwarded message|original message|begin forwarded message|mensaje reenviado"
    r"|mensaje original|inicio del mensaje reenviado|mensagem encaminhada|mensagem original|message transféré"
    r"|message d'origine|début du message transféré|weitergeleitete nachricht|ursprüngliche nachricht"
    r"|anfang der weitergeleiteten nachricht|messaggio inoltrato|messaggio originale"
    r"|inizio messaggio inoltrato|wiadomość przekazana dalej|początek przekazywanej wiadomości"
    r"|oryginalna wiadomość|doorgestuurd bericht|begin doorgestuurd bericht|oorspronkelijk bericht)"
    r"[\s\-_*:]{0,80}\Z",
    re.I,
)


@dataclass(frozen=True, slots=True)
class ForwardedBlock:
    """The header block that a mail program writes above a forwarded text."""

    sender: Mailbox
    subject: str
    note: str  # what the forwarder wrote above it
    text: str  # the forwarded text below the block


def forwarded_block(text: str) -> ForwardedBlock | None:
    """Return the first From/De/Von/Da block in `text` whose sender has an address, else None.

    A line counts as such only if another field (Sent, To, Subject ...) follows it closely.
    """
    lines = text.split("\n")
    for at, line in enumerate(lines[:_LINES_SEARCHED]):
        match = _FROM.match(line[:_LONGEST_LINE])
        sender = _mailbox(match["value"]) if match else None
        if sender:
            end, subject = _rest_of_block(lines, at + 1)
            if end > at + 1:
                note = "\n".join(_without_marker(lines[:at])).strip()
                return ForwardedBlock(sender, subject, note, "\n".join(lines[end:]).strip("\n"))
    return None


def forwarded_original(message: Message) -> ForwardedBlock | None:
    """Return what a mail forwards: a block in its text, or the one mail that is attached to it."""
    if block := forwarded_block(message.text):
        return block
    attached = [file for file in message.attachments if file.content_type == "message/rfc822"]
    if len(attached) != 1:
        return None
    within = parse(attached[0].content)
    if within.sender is None:
        return None
    return ForwardedBlock(within.sender, within.subject, message.text.strip(), within.text)


def _mailbox(value: str) -> Mailbox | None:
    """Read "Name <address>" also as programs print it: "[mailto:address]", the address twice."""
    found = [match.removeprefix("mailto:") for match in _ADDRESS.findall(value.replace("mailto:", " "))]
    addresses = {normal_address(address) for address in found}
    if len(addresses) != 1 or "" in addresses:
        return None
    name = re.split(r"[<\[(]", value, maxsplit=1)[0]
    name = "" if "@" in name else clean_name(name.replace("*", ""))
    return Mailbox(name, addresses.pop())


def _rest_of_block(lines: list[str], start: int) -> tuple[int, str]:
    """Return where the block ends and the subject in it. Empty lines may stand between its fields."""
    end, subject = start, ""
    for at, line in enumerate(lines[start : start + _LINES_OF_BLOCK], start=start):
        field = _OTHER_FIELD.match(line[:_LONGEST_LINE])
        if field:
            end = at + 1
            if field["name"].lower() in _SUBJECT_NAMES:
                subject = one_line(field["value"], 998)
        elif line.strip(" >|\t") and at > end:
            break
    return end, subject


def _without_marker(lines: list[str]) -> list[str]:
    """Drop the line "---- Forwarded message ----" and what is empty around it."""
    kept = list(lines)
    while kept and (not kept[-1].strip(" \t\r>_-=*") or _MARKER.match(kept[-1][:_LONGEST_LINE])):
        kept.pop()
    return kept
