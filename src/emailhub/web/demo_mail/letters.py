"""Write mails as the customers' programs do: their structure, their signature, their way to quote."""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from html import escape

from django.utils import translation
from django.utils.dateformat import format as format_date

from emailhub.mail import Attachment, Mailbox, Message

_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.IGNORECASE | re.DOTALL)
_MARKED = re.compile(r"\*([^*\n]+)\*")


class Program(StrEnum):
    """What a customer writes with."""

    GMAIL = "gmail"
    OUTLOOK = "outlook"
    IPHONE = "iphone"
    SAMSUNG = "samsung"
    THUNDERBIRD = "thunderbird"


@dataclass(frozen=True)
class Letter:
    """What a customer writes. In `text` an empty line ends a paragraph, *stars* make bold."""

    sender: Mailbox
    to: tuple[Mailbox, ...]
    subject: str
    text: str
    date: datetime  # aware
    program: Program
    language: str
    cc: tuple[Mailbox, ...] = ()
    answers: Message | None = None
    photos: tuple[Attachment, ...] = ()  # in place where the program can
    files: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class _Words:
    sent_from: str  # followed by the phone's name
    on: str  # the line above a quotation
    original: str
    fields: tuple[str, str, str, str]


_WORDS = {
    "es": _Words(
        "Enviado desde mi {}",
        "El {date} a las {time}, {name} escribió:",
        "-------- Mensaje original --------",
        ("De:", "Enviado el:", "Para:", "Asunto:"),
    ),
    "en": _Words(
        "Sent from my {}",
        "On {date} at {time}, {name} wrote:",
        "-------- Original message --------",
        ("From:", "Sent:", "To:", "Subject:"),
    ),
}


def write(letter: Letter) -> bytes:
    """The finished bytes, with CRLF line ends."""
    message = EmailMessage(policy=SMTP)
    _set_headers(message, letter)
    with translation.override(letter.language):
        _WRITERS[letter.program](message, letter)
    for file in letter.files:
        _attach(message, file, "attachment")
    return message.as_bytes()


def _set_headers(message: EmailMessage, letter: Letter) -> None:
    message["From"] = _addresses([letter.sender])
    message["To"] = _addresses(letter.to)
    if letter.cc:
        message["Cc"] = _addresses(letter.cc)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.date)
    message["Message-ID"] = f"<{_new_id(letter)}>"
    if letter.answers and letter.answers.message_id:
        message["In-Reply-To"] = f"<{letter.answers.message_id}>"
        ids = dict.fromkeys((*letter.answers.references, letter.answers.message_id))
        message["References"] = " ".join(f"<{id}>" for id in ids)
    for name, value in letter.headers:
        message[name] = value


def _addresses(people: Sequence[Mailbox]) -> list[Address]:
    return [Address(person.name, addr_spec=person.address) for person in people]


def _new_id(letter: Letter) -> str:
    match letter.program:
        case Program.GMAIL:
            return f"CA{secrets.token_urlsafe(32)}@mail.gmail.example"
        case Program.OUTLOOK:
            server = secrets.token_hex(7).upper()
            return f"{server}{secrets.token_hex(13).upper()}@{server}.eurprd04.prod.outlook.example"
        case Program.SAMSUNG:
            return f"{secrets.token_hex(8)}.{int(letter.date.timestamp())}000@email.android.example"
        case _:
            return f"{str(uuid.uuid4()).upper()}@{letter.sender.domain}"


# One writer a program. Each sets the body of a message that has its headers.


def _gmail(message: EmailMessage, letter: Letter) -> None:
    photos = _named(letter.photos, "ii_m{}")
    text, html = _plain(letter.text), f'<div dir="ltr">{_lines(letter.text)}{_images(photos)}</div>'
    if answers := letter.answers:
        line = _attribution(letter, "D, j M Y", "G:i" if letter.language == "es" else "g:i A")
        text += f"\n\n{line}\n\n{_quoted(answers)}"
        html += (
            '<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
            f'{escape(line)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;'
            f'border-left:1px solid rgb(204,204,204);padding-left:1ex">{_inner(answers)}</blockquote></div>'
        )
    _set_alternative(message, text, html, photos)


def _outlook(message: EmailMessage, letter: Letter) -> None:
    photos = _named(letter.photos, "image00{}@01DB38A1.2F3C4D50")
    paragraphs = "".join(
        f'<p class="MsoNormal">{_lines(part)}<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        for part in letter.text.strip().split("\n\n")
    )
    text, html = _plain(letter.text), paragraphs + _images(photos)
    if answers := letter.answers:
        fields = _fields(
            letter, answers, "l, j \\d\\e F \\d\\e Y G:i" if letter.language == "es" else "l, F j, Y g:i A"
        )
        text += "\n\n________________________________\n" + "\n".join(f"{k} {v}" for k, v in fields)
        text += f"\n\n{answers.text}"
        html += (
            '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
            f'<p class="MsoNormal">{_bold_fields(fields)}<o:p></o:p></p></div></div>'
            f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p>{_inner(answers)}'
        )
    style = (
        "<style><!-- p.MsoNormal {margin:0cm; font-size:11.0pt; font-family:Calibri,sans-serif;} --></style>"
    )
    document = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head>'
        f'<meta http-equiv="Content-Type" content="text/html; charset=utf-8">{style}</head>'
        f'<body lang="{letter.language.upper()}"><div class="WordSection1">{html}</div></body></html>'
    )
    _set_alternative(message, text, document, photos)


def _iphone(message: EmailMessage, letter: Letter) -> None:
    signature = _WORDS[letter.language].sent_from.format("iPhone")
    text = f"{_plain(letter.text)}\n\n{signature}"
    if answers := letter.answers:
        line = _attribution(letter, "j M Y", "G:i")
        text += f"\n\n> {line}\n> \n{_quoted(answers)}"
        html = (
            f'<div dir="ltr">{_lines(letter.text)}<br><br><div dir="ltr">{signature}</div></div>'
            f'<div dir="ltr"><br><blockquote type="cite">{escape(line)}<br><br></blockquote></div>'
            f'<blockquote type="cite"><div dir="ltr">{_inner(answers)}</div></blockquote>'
        )
        _set_alternative(message, text, html, ())
    else:
        message.set_content(text + "\n")
    for photo in letter.photos:
        _attach(message, photo, "inline")


def _samsung(message: EmailMessage, letter: Letter) -> None:
    photos = _named(letter.photos, "{}.part@email.android.example")
    words = _WORDS[letter.language]
    html = "".join(
        f'<div dir="auto">{_marked(line) or "<br>"}</div>' for line in letter.text.strip().split("\n")
    )
    html += _images(photos) + (
        '<div dir="auto"><br></div><div id="composer_signature" dir="auto">'
        f'<div style="font-size:12px;color:#575757" dir="auto">{words.sent_from.format("Galaxy")}</div></div>'
    )
    if answers := letter.answers:
        fields = _fields(letter, answers, "d/m/y G:i (\\G\\M\\TP)")
        html += f'<div dir="auto"><br></div><div><div>{words.original}</div>'
        html += "".join(f"<div>{escape(k)} {escape(v)}</div>" for k, v in fields)
        html += f"<div><br></div></div>{_inner(answers)}"
    message.set_content(f"<html><body>{html}</body></html>\n", subtype="html", cte="base64")
    _relate(message, photos)


def _thunderbird(message: EmailMessage, letter: Letter) -> None:
    text = _plain(letter.text)
    if answers := letter.answers:
        text = f"{_attribution(letter, 'j/n/y', 'G:i')}\n{_quoted(answers)}\n\n{text}"
    message["User-Agent"] = "Mozilla Thunderbird"
    message.set_content(text + "\n", params={"format": "flowed"})
    for photo in letter.photos:
        _attach(message, photo, "attachment")


_WRITERS: dict[Program, Callable[[EmailMessage, Letter], None]] = {
    Program.GMAIL: _gmail,
    Program.OUTLOOK: _outlook,
    Program.IPHONE: _iphone,
    Program.SAMSUNG: _samsung,
    Program.THUNDERBIRD: _thunderbird,
}


def _set_alternative(
    message: EmailMessage, text: str, html: str, photos: Sequence[tuple[str, Attachment]]
) -> None:
    message.set_content(text + "\n")
    message.add_alternative(html + "\n", subtype="html")
    *_, part = message.iter_parts()
    _relate(part, photos)


def _relate(part: MIMEPart, photos: Sequence[tuple[str, Attachment]]) -> None:
    for content_id, photo in photos:
        maintype, _, subtype = photo.content_type.partition("/")
        part.add_related(
            photo.content,
            maintype,
            subtype,
            cid=f"<{content_id}>",
            filename=photo.filename,
            disposition="inline",
        )


def _attach(message: EmailMessage, file: Attachment, disposition: str) -> None:
    maintype, _, subtype = file.content_type.partition("/")
    message.add_attachment(
        file.content, maintype, subtype or "octet-stream", filename=file.filename, disposition=disposition
    )


def _named(photos: Sequence[Attachment], form: str) -> list[tuple[str, Attachment]]:
    return [(form.format(number), photo) for number, photo in enumerate(photos, 1)]


def _images(photos: Sequence[tuple[str, Attachment]]) -> str:
    return "".join(
        f'<br><br><img src="cid:{content_id}" alt="{escape(photo.filename)}" width="320">'
        for content_id, photo in photos
    )


def _plain(text: str) -> str:
    return text.strip()


def _lines(text: str) -> str:
    return _marked(text.strip()).replace("\n", "<br>\n")


def _marked(text: str) -> str:
    return _MARKED.sub(r"<b>\1</b>", escape(text))


def _inner(message: Message) -> str:
    """What stands in the body of a mail; the text of one without HTML."""
    if not message.html:
        return escape(message.text).replace("\n", "<br>\n")
    found = _BODY.search(message.html)
    return found[1] if found else message.html


def _quoted(message: Message) -> str:
    return "\n".join(f"> {line}".rstrip() for line in message.text.strip().split("\n"))


def _attribution(letter: Letter, day: str, time: str) -> str:
    assert letter.answers is not None
    sender = letter.answers.sender or Mailbox("", "")
    moment = _moment(letter)
    return _WORDS[letter.language].on.format(
        date=format_date(moment, day).lower() if letter.language == "es" else format_date(moment, day),
        time=format_date(moment, time),
        name=f"{sender.name} <{sender.address}>",
    )


def _fields(letter: Letter, answers: Message, moment: str) -> list[tuple[str, str]]:
    sender = answers.sender or Mailbox("", "")
    values = (
        f"{sender.name} <{sender.address}>",
        format_date(_moment(letter), moment),
        "; ".join(f"{person.name} <{person.address}>" for person in answers.to),
        answers.subject,
    )
    return list(zip(_WORDS[letter.language].fields, values, strict=True))


def _moment(letter: Letter) -> datetime:
    """When the answered mail was written, on the customer's clock."""
    assert letter.answers is not None
    return (letter.answers.date or letter.date).astimezone(letter.date.tzinfo)


def _bold_fields(fields: Sequence[tuple[str, str]]) -> str:
    return "<br>".join(f"<b>{escape(key)}</b> {escape(value)}" for key, value in fields)
