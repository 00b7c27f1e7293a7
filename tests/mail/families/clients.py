"""How mail programs lay out an answer: the markup of each, seen in its mails, around the words of a language."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from tests.mail.families.languages import ANA, ANA_AT, CARLA_AT, Language

Layout = Callable[[Language, str, str], str]  # the language, the new part, the old part: a body


def paragraphs(lines: tuple[str, ...], tag: str = "div", attributes: str = "") -> str:
    opening = f"<{tag} {attributes}>" if attributes else f"<{tag}>"
    return "".join(f"{opening}{escape(line, quote=False)}</{tag}>" for line in lines)


def gmail_web(language: Language, new: str, old: str) -> str:
    wrote = _linked(language.gmail)
    return (
        f'<div dir="ltr">{new}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{wrote}<br></div><blockquote class="gmail_quote" '
        'style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'
        f'<div dir="ltr">{old}</div></blockquote></div>\r\n'
    )


def gmail_phone(language: Language, new: str, old: str) -> str:
    return (
        f'<div dir="auto">{new}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f'{_linked(language.gmail)}<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;'
        f'border-left:1px #ccc solid;padding-left:1ex">{old}</blockquote></div>\r\n'
    )


def apple_mac(language: Language, new: str, old: str) -> str:
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head>'
        '<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">'
        f'{new}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>'
        f'{escape(language.apple, quote=False)}</div><br class="Apple-interchange-newline"><div>{old}</div>'
        "</blockquote></div><br></body></html>"
    )


def apple_phone(language: Language, new: str, old: str) -> str:
    return (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        f'<body dir="auto">{new}<div dir="ltr"><br><blockquote type="cite">'
        f"{escape(language.apple, quote=False)}<br><br></blockquote></div>"
        f'<blockquote type="cite"><div dir="ltr">\ufeff{old}</div></blockquote></body></html>'
    )


def thunderbird(language: Language, new: str, old: str) -> str:
    return (
        '<!DOCTYPE html>\r\n<html>\r\n  <head>\r\n    <meta http-equiv="Content-Type" content="text/html; '
        f'charset=UTF-8">\r\n  </head>\r\n  <body>\r\n    {new}\r\n    <div class="moz-cite-prefix">'
        f'{escape(language.thunderbird, quote=False)}<br>\r\n    </div>\r\n    <blockquote type="cite"\r\n'
        f'      cite="mid:old@dealer.example">{old}</blockquote>\r\n    <br>\r\n  </body>\r\n</html>\r\n'
    )


def outlook_desktop(language: Language, new: str, old: str) -> str:
    sender, sent, to, subject = language.labels
    return (
        '<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:w="urn:schemas-microsoft-com:office:word" xmlns="http://www.w3.org/TR/REC-html40"><head>'
        '<meta name=Generator content="Microsoft Word 15 (filtered medium)"><style><!--\r\n'
        'p.MsoNormal\r\n\t{margin:0cm;\r\n\tfont-size:11.0pt;\r\n\tfont-family:"Calibri",sans-serif;}\r\n'
        f"--></style></head><body lang={language.code.upper()} link=blue vlink=purple><div class=WordSection1>"
        f"{new}<p class=MsoNormal><o:p>&nbsp;</o:p></p><div><div style='border:none;border-top:solid #E1E1E1 "
        f"1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b><span lang={language.code.upper()}>{sender}"
        f"</span></b><span lang={language.code.upper()}> {ANA} &lt;{ANA_AT}&gt; <br><b>{sent}</b> "
        f"{language.sent_long}<br><b>{to}</b> Carla Campos &lt;{CARLA_AT}&gt;<br><b>{subject}</b> "
        f"{language.subject}<o:p></o:p></span></p></div></div><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        f"{old}</div></body></html>"
    )


def outlook_web(language: Language, new: str, old: str) -> str:
    sender, sent, to, subject = language.labels
    style = "font-family: Aptos, Aptos_EmbeddedFont, Calibri, Helvetica, sans-serif; font-size: 12pt;"
    return (
        '<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n'
        '<style type="text/css" style="display:none;"> P {margin-top:0;margin-bottom:0;} </style>\r\n</head>'
        f'\r\n<body dir="ltr">\r\n<div class="elementToProof" style="{style}">{new}</div>\r\n'
        '<div id="appendonsend"></div>\r\n<hr style="display:inline-block;width:98%" tabindex="-1">\r\n'
        '<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" '
        f'color="#000000"><b>{sender}</b> {ANA} &lt;{ANA_AT}&gt;<br>\r\n<b>{sent}</b> {language.sent_long}<br>'
        f"\r\n<b>{to}</b> Carla Campos &lt;{CARLA_AT}&gt;<br>\r\n<b>{subject}</b> {language.subject}</font>\r\n"
        f"<div>&nbsp;</div>\r\n</div>\r\n<div>{old}</div>\r\n</body>\r\n</html>\r\n"
    )


def outlook_new(language: Language, new: str, old: str) -> str:
    """The new Outlook for Windows and Mac: no element of its own, a bordered block."""
    sender, sent, to, subject = language.labels
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv="Content-Type" '
        'content="text/html; charset=utf-8"></head><body><div id="mail-editor-body" dir="ltr">'
        f'{new}</div><div id="mail-editor-reference-message-container"><div><div style="border:none;'
        'border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal"><b><span style='
        f'"color:black">{sender} </span></b><span style="color:black">{ANA} &lt;{ANA_AT}&gt;<br><b>{sent} </b>'
        f"{language.sent_long}<br><b>{to} </b>Carla Campos &lt;{CARLA_AT}&gt;<br><b>{subject} </b>"
        f"{language.subject}</span></p></div>{old}</div></div></body></html>"
    )


def outlook_phone(language: Language, new: str, old: str) -> str:
    sender, sent, to, subject = language.labels
    return (
        '<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">\r\n</head>\r\n'
        f'<body>\r\n<div dir="ltr">{new}</div>\r\n<div id="ms-outlook-mobile-body-separator-line" dir="ltr">'
        '<br></div>\r\n<div dir="ltr" id="ms-outlook-mobile-signature">\r\n<div></div></div>\r\n'
        '<div class="ms-outlook-mobile-reference-message skipProofing">\r\n<hr style="display: inline-block; '
        'width: 98%;">\r\n<div id="divRplyFwdMsg" dir="ltr"><span style="font-family: Calibri, sans-serif;">'
        f"<b>{sender}</b> {ANA} &lt;{ANA_AT}&gt;<br><b>{sent}</b> {language.sent_long}<br><b>{to}</b> Carla "
        f"Campos &lt;{CARLA_AT}&gt;<br><b>{subject}</b> {language.subject}<br></span></div>\r\n{old}</div>\r\n"
        "</body>\r\n</html>\r\n"
    )


def yahoo(language: Language, new: str, old: str) -> str:
    return (
        '<html><head></head><body><div class="ydp4f3c0f2dyahoo-style-wrap" style="font-family:Helvetica Neue,'
        f' Helvetica, Arial, sans-serif;font-size:16px;"><div dir="ltr" data-setdir="false">{new}</div><div>'
        '<br></div></div><div id="ydp1d6d0b07yahoo_quoted_5551212" class="ydp1d6d0b07yahoo_quoted"><div '
        "style=\"font-family:'Helvetica Neue', Helvetica, Arial, sans-serif;font-size:13px;color:#26282a;\">"
        f'<div>{_linked(language.yahoo)}</div><div><br></div><div><br></div><div><div dir="ltr">{old}</div>'
        "</div></div></div></body></html>"
    )


def proton(language: Language, new: str, old: str) -> str:
    return (
        f'<div style="font-family: Arial, sans-serif; font-size: 14px;">{new}</div><div style="font-family: '
        'Arial, sans-serif; font-size: 14px;"><br></div><div class="protonmail_quote">\r\n        '
        f'{escape(language.proton, quote=False)}<br>\r\n        <blockquote class="protonmail_quote" '
        f'type="cite">\r\n            {old}\r\n        </blockquote><br>\r\n    </div>'
    )


def samsung(language: Language, new: str, old: str) -> str:
    sender, date, to, subject = language.phone_labels
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head>'
        f'<body dir="auto">{new}<div dir="auto"><br></div><div><br></div><div align="left" dir="auto" '
        'style="font-size:100%;color:#000000"><div>-------- '
        f"{escape(language.original, quote=False)} --------</div><div>{sender} {ANA} &lt;{ANA_AT}&gt; </div>"
        f"<div>{date} 23/11/26  10:04  (GMT+01:00) </div><div>{to} {CARLA_AT} </div><div>{subject} "
        f"{language.subject} </div><div><br></div></div>{old}</body></html>"
    )


def gmx(language: Language, new: str, old: str) -> str:
    sender, sent, to, subject = (label.strip() for label in language.labels)
    return (
        '<html><head></head><body><div style="font-family: Verdana;font-size: 12.0px;"><div>'
        f'{new}</div>\n\n<div>&nbsp;\n<div>&nbsp;\n<div name="quote" style="margin:10px 5px 5px 10px; padding: '
        "10px 0 10px 10px; border-left:2px solid #C3D9E5; word-wrap: break-word; -webkit-nbsp-mode: space; "
        f'-webkit-line-break: after-white-space;">\n<div style="margin:0 0 10px 0;"><b>{sent}</b>&nbsp;'
        f'{language.sent_long}<br/>\n<b>{sender}</b>&nbsp;"{ANA}" &lt;{ANA_AT}&gt;<br/>\n<b>{to}</b>&nbsp;'
        f"{CARLA_AT}<br/>\n<b>{subject}</b>&nbsp;{language.subject}</div>\n\n"
        f'<div name="quoted-content">{old}</div>\n</div>\n</div>\n</div></div></body></html>\n'
    )


def roundcube(language: Language, new: str, old: str) -> str:
    return (
        '<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8" /></head><body '
        f"style='font-size: 10pt; font-family: Verdana,Geneva,sans-serif'>\n{new}\n<p id=\"reply-intro\">"
        f'{escape(language.roundcube, quote=False)}</p>\n<blockquote type="cite" style="padding: 0 0.4em; '
        f'border-left: #1010ff 2px solid; margin: 0">\n<div id="replybody1">{old}</div>\n</blockquote>\n'
        "</body></html>\n"
    )


def zoho(language: Language, new: str, old: str) -> str:
    return (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN"><html><head></head><body ><div style='
        f'"font-family: Verdana, Arial, Helvetica, sans-serif; font-size: 10pt;">{new}<br><div class="zmail_extra'
        '_hr" style="border-top: 1px solid rgb(204, 204, 204); height: 0px; margin-top: 10px;"><br></div><div '
        'class="zmail_extra" data-zbluepencil-ignore="true"><div><br></div><div id="Zm-_Id_-Sgn1">---- On Mon, '
        f"23 Nov 2026 10:04:33 +0100 <b>{ANA} &lt;{ANA_AT}&gt;</b> wrote ---<br></div><div><br></div>"
        f'<blockquote id="blockquote_zmail" style="margin: 0px;"><div>{old}<br></div></blockquote></div></div>'
        "<br></body></html>"
    )


def gmail_text(language: Language, new: str, old: str) -> str:
    return f"{new}\r\n\r\n{_wrapped(language.gmail)}\r\n\r\n{quoted(old)}\r\n"


def apple_text(language: Language, new: str, old: str) -> str:
    return f"{new}\r\n\r\n> {language.apple}\r\n> \r\n{quoted(old)}\r\n"


def thunderbird_text(language: Language, new: str, old: str) -> str:
    return f"{new}\r\n\r\n{language.thunderbird}\r\n{quoted(old)}\r\n"


def outlook_text(language: Language, new: str, old: str) -> str:
    sender, sent, to, subject = language.labels
    return (
        f"{new}\r\n\r\n________________________________\r\n{sender} {ANA} <{ANA_AT}>\r\n{sent} "
        f"{language.sent_long}\r\n{to} Carla Campos <{CARLA_AT}>\r\n{subject} {language.subject}\r\n\r\n{old}\r\n"
    )


def outlook_old_text(language: Language, new: str, old: str) -> str:
    """Outlook up to 2010: a line of hyphens, addresses in brackets."""
    sender, sent, to, subject = language.labels
    return (
        f"{new}\r\n\r\n-----{language.original}-----\r\n{sender} {ANA} [mailto:{ANA_AT}] \r\n{sent} "
        f"{language.sent_long}\r\n{to} Carla Campos\r\n{subject} {language.subject}\r\n\r\n{old}\r\n"
    )


def yahoo_text(language: Language, new: str, old: str) -> str:
    return f"{new}\r\n\r\n    {language.yahoo}\r\n \r\n {old}\r\n"


def samsung_text(language: Language, new: str, old: str) -> str:
    sender, date, to, subject = language.phone_labels
    return (
        f"{new}\r\n-------- {language.original} --------{sender} {ANA} <{ANA_AT}> {date} 23/11/26  10:04  "
        f"(GMT+01:00) {to} {CARLA_AT} {subject} {language.subject} \r\n{old}\r\n"
    )


HTML = {
    "gmail_web": gmail_web,
    "gmail_phone": gmail_phone,
    "apple_mac": apple_mac,
    "apple_phone": apple_phone,
    "thunderbird": thunderbird,
    "outlook_desktop": outlook_desktop,
    "outlook_web": outlook_web,
    "outlook_new": outlook_new,
    "outlook_phone": outlook_phone,
    "yahoo": yahoo,
    "proton": proton,
    "samsung": samsung,
    "gmx": gmx,
    "roundcube": roundcube,
    "zoho": zoho,
}
TEXT = {
    "gmail_text": gmail_text,
    "apple_text": apple_text,
    "thunderbird_text": thunderbird_text,
    "outlook_text": outlook_text,
    "outlook_old_text": outlook_old_text,
    "yahoo_text": yahoo_text,
    "samsung_text": samsung_text,
}


def quoted(text: str) -> str:
    return "\r\n".join(f"> {line}".rstrip() for line in text.split("\r\n"))


def _linked(wrote: str) -> str:
    link = f'<a href="mailto:{ANA_AT}">{ANA_AT}</a>'
    return escape(wrote, quote=False).replace(ANA_AT, link)


def _wrapped(wrote: str) -> str:
    """Gmail breaks its line before the address where it is longer than 78 characters."""
    if len(wrote) <= 78:
        return wrote
    at = wrote.rindex(" ", 0, 79)
    return f"{wrote[:at]}\r\n{wrote[at + 1 :]}"
