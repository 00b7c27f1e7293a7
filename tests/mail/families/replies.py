"""Answers and forwards: each mail program in each language, and the ways in which people answer within a quote."""

from __future__ import annotations

from collections.abc import Iterator

from tests.mail.families import clients
from tests.mail.families.languages import ANA, ANA_AT, CARLA_AT, LANGUAGES, Language
from tests.mail.families.write import Made, header, multipart, part

_PARAGRAPH = {"outlook_desktop": ("p", "class=MsoNormal"), "outlook_new": ("p", 'class="MsoNormal"')}


def made() -> Iterator[Made]:
    for language in LANGUAGES:
        for program, layout in clients.HTML.items():
            yield _html_reply(language, program, layout)
        for program, layout in clients.TEXT.items():
            yield _text_reply(language, program, layout)
        yield from _forwards(language)
        yield from _answers_within(language)


def _html_reply(language: Language, program: str, layout: clients.Layout) -> Made:
    tag, attributes = _PARAGRAPH.get(program, ("div", ""))
    new = clients.paragraphs(language.new, tag, attributes)
    old = clients.paragraphs(language.old, tag, attributes)
    name = f"reply_{program}_{language.code}"
    html = layout(language, new, old)
    encoding = "base64" if program in {"outlook_web", "yahoo"} else "quoted-printable"
    parts = part("\r\n".join(language.new), "text/plain"), part(html, "text/html", encoding=encoding)
    body = parts[1] if program in {"outlook_web", "zoho"} else multipart("alternative", *parts)
    raw = header(subject=f"{language.reply} {language.subject}", name=name) + body
    return Made(name, raw, _expected(language))


def _text_reply(language: Language, program: str, layout: clients.Layout) -> Made:
    name = f"reply_{program}_{language.code}"
    text = layout(language, "\r\n".join(language.new), "\r\n".join(language.old))
    raw = header(subject=f"Re: {language.subject}", name=name) + part(text, "text/plain", encoding="8bit")
    return Made(name, raw, _expected(language))


def _expected(language: Language) -> dict[str, object]:
    return {"visible": " ".join(language.new), "folded": list(language.old)}


def _forwards(language: Language) -> Iterator[Made]:
    note = language.new[0]
    old = clients.paragraphs(language.old)
    block = dict(zip(("sender", "date", "to", "subject"), language.phone_labels, strict=True))
    html = (
        f'<div dir="ltr"><div>{note}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
        f'class="gmail_attr">---------- {language.forwarded} ---------<br>{block["sender"]} <strong class='
        f'"gmail_sendername" dir="auto">{ANA}</strong> <span dir="auto">&lt;<a href="mailto:{ANA_AT}">{ANA_AT}'
        f"</a>&gt;</span><br>{block['date']} 23 nov 2026 10:04<br>{block['subject']} {language.subject}<br>"
        f"{block['to']}  &lt;{CARLA_AT}&gt;<br></div><br><br>{old}</div></div>"
    )
    yield _forward(language, "gmail_web", f"Fwd: {language.subject}", part(html, "text/html"), note)
    html = clients.outlook_desktop(language, clients.paragraphs((note,), "p"), old)
    outlook = f"{language.forward} {language.subject}"
    yield _forward(language, "outlook_desktop", outlook, part(html, "text/html"), note)
    text = (
        f"{note}\r\n\r\n{language.apple_forwarded}\r\n\r\n> {block['sender']} {ANA} <{ANA_AT}>\r\n"
        f"> {block['date']} 23 nov 2026 10:04\r\n> {block['to']} {CARLA_AT}\r\n> {block['subject']} "
        f"{language.subject}\r\n> \r\n> {language.old[0]}\r\n> {language.old[1]}\r\n"
    )
    yield _forward(language, "apple_text", f"Fwd: {language.subject}", part(text, "text/plain"), note)


def _forward(language: Language, program: str, subject: str, body: bytes, note: str) -> Made:
    name = f"forward_{program}_{language.code}"
    expected = {"kept": [note, *language.old], "forwarded_from": f"{ANA} <{ANA_AT}>"}
    return Made(name, header(subject=subject, name=name) + body, expected)


def _answers_within(language: Language) -> Iterator[Made]:
    """Nothing that the customer wrote may be folded, wherever it stands."""
    text = (
        f"{language.thunderbird}\r\n> {language.old[0]}\r\n\r\n{language.new[0]}\r\n\r\n> {language.old[1]}\r\n\r\n"
        f"{language.new[1]}\r\n"
    )
    yield _within(language, "interleaved_text", part(text, "text/plain"), list(language.new))
    text = f"{language.gmail}\r\n> {language.old[0]}\r\n> {language.old[1]}\r\n\r\n" + "\r\n".join(
        language.new
    )
    yield _within(language, "below_text", part(text + "\r\n", "text/plain"), list(language.new))
    html = (
        f'<div class="moz-cite-prefix">{language.thunderbird}</div><blockquote type="cite"><p>{language.old[0]}</p>'
        f'</blockquote><p>{language.new[0]}</p><blockquote type="cite"><p>{language.old[1]}</p></blockquote>'
        f"<p>{language.new[1]}</p>"
    )
    yield _within(language, "interleaved_html", part(html, "text/html"), list(language.new))
    html = (
        f'<div class="gmail_quote"><div class="gmail_attr">{language.gmail.replace("<", "&lt;")}</div><blockquote '
        f'class="gmail_quote"><div>{language.old[0]}</div><div style="color:red">{language.new[0]}</div><div>'
        f'{language.old[1]}</div></blockquote></div><div dir="ltr">{language.new[1]}</div>'
    )
    yield _within(language, "below_html", part(html, "text/html"), [language.new[1]])


def _within(language: Language, way: str, body: bytes, kept: list[str]) -> Made:
    name = f"answer_{way}_{language.code}"
    return Made(name, header(subject=f"Re: {language.subject}", name=name) + body, {"kept": kept})
