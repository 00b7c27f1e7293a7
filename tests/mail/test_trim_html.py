"""What mail clients write below a reply is folded; what the customer wrote never is.

The bodies are written by hand after what each client sends, in the languages that it speaks.
"""

from __future__ import annotations

import re
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emailhub.mail.message import Message
from emailhub.mail.plain_text import plain_text
from emailhub.mail.sanitise import sanitise
from emailhub.mail.trim_html import fold_html, new_text

NEW = "The pump still leaks, please call me."
OLD = "We sent you the seal on Monday."

# What the client writes above the quote. {a} is the name and address of whom it quotes.
WROTE = {
    "gmail": {
        "en": "On Mon, Nov 23, 2026 at 10:04 AM Ana García {a} wrote:",
        "es": "El lun, 23 nov 2026 a las 10:04, Ana García ({a}) escribió:",
        "pt": "Em seg., 23 de nov. de 2026 às 10:04, Ana García {a} escreveu:",
        "fr": "Le lun. 23 nov. 2026 à 10:04, Ana García {a} a écrit :",
        "de": "Am Mo., 23. Nov. 2026 um 10:04 Uhr schrieb Ana García {a}:",
        "it": "Il giorno lun 23 nov 2026 alle ore 10:04 Ana García {a} ha scritto:",
    },
    "apple": {
        "en": "On 23 Nov 2026, at 10:04, Ana García {a} wrote:",
        "es": "El 23 nov 2026, a las 10:04, Ana García {a} escribió:",
        "pt": "No dia 23/11/2026, às 10:04, Ana García {a} escreveu:",
        "fr": "Le 23 nov. 2026 à 10:04, Ana García {a} a écrit :",
        "de": "Am 23.11.2026 um 10:04 schrieb Ana García {a}:",
        "it": "Il giorno 23 nov 2026, alle ore 10:04, Ana García {a} ha scritto:",
    },
    "thunderbird": {
        "en": "On 23/11/2026 10:04, Ana García wrote:",
        "es": "El 23/11/26 a las 10:04, Ana García escribió:",
        "pt": "Em 23/11/2026 10:04, Ana García escreveu:",
        "fr": "Le 23/11/2026 à 10:04, Ana García a écrit :",
        "de": "Am 23.11.26 um 10:04 schrieb Ana García:",
        "it": "Il 23/11/26 10:04, Ana García ha scritto:",
    },
    "yahoo": {
        "en": "On Monday, November 23, 2026 at 10:04:11 AM GMT+1, Ana García {a} wrote:",
        "es": "El lunes, 23 de noviembre de 2026, 10:04:11 CET, Ana García {a} escribió:",
        "pt": "Em segunda-feira, 23 de novembro de 2026 às 10:04:11 WET, Ana García {a} escreveu:",
        "fr": "Le lundi 23 novembre 2026 à 10:04:11 UTC+1, Ana García {a} a écrit :",
        "de": "Am Montag, 23. November 2026 um 10:04:11 MEZ hat Ana García {a} Folgendes geschrieben:",
        "it": "Il lunedì 23 novembre 2026 alle ore 10:04:11 CET, Ana García {a} ha scritto:",
    },
}
# From, Sent, To, Subject of Outlook; and of Samsung, with its line above.
OUTLOOK = {
    "en": ("From", "Sent", "To", "Subject", "Monday, November 23, 2026 10:04 AM"),
    "es": ("De", "Enviado", "Para", "Asunto", "lunes, 23 de noviembre de 2026 10:04"),
    "pt": ("De", "Enviada em", "Para", "Assunto", "segunda-feira, 23 de novembro de 2026 10:04"),
    "fr": ("De", "Envoyé", "À", "Objet", "lundi 23 novembre 2026 10:04"),
    "de": ("Von", "Gesendet", "An", "Betreff", "Montag, 23. November 2026 10:04"),
    "it": ("Da", "Inviato", "A", "Oggetto", "lunedì 23 novembre 2026 10:04"),
}
SAMSUNG = {
    "en": ("Original message", "From", "Date", "To", "Subject"),
    "es": ("Mensaje original", "De", "Fecha", "A", "Asunto"),
    "pt": ("Mensagem original", "De", "Data", "Para", "Assunto"),
    "fr": ("Message d'origine", "De", "Date", "À", "Objet"),
    "de": ("Ursprüngliche Nachricht", "Von", "Datum", "An", "Betreff"),
    "it": ("Messaggio originale", "Da", "Data", "A", "Oggetto"),
}
ADDRESS = '&lt;<a href="mailto:service@dealer.example">service@dealer.example</a>&gt;'
FORWARD_PREFIX = {"en": "FW: ", "es": "RV: ", "pt": "ENC: ", "fr": "TR: ", "de": "WG: ", "it": "I: "}


def wrote(client: str, lang: str) -> str:
    return WROTE[client][lang].replace("{a}", ADDRESS)


def gmail(lang: str, new: str, old: str) -> str:
    return (
        f'<div dir="ltr">{new}</div><br><div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{wrote("gmail", lang)}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid '
        f'rgb(204,204,204);padding-left:1ex"><div dir="ltr">{old}</div>\r\n</blockquote></div>\r\n'
    )


def apple_mail(lang: str, new: str, old: str) -> str:
    return (
        '<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head>'
        '<body style="overflow-wrap: break-word; -webkit-nbsp-mode: space;">'
        f'{new}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>'
        f'{wrote("apple", lang)}</div><br class="Apple-interchange-newline"><div>{old}</div></blockquote>'
        "</div><br></body></html>"
    )


def iphone(lang: str, new: str, old: str) -> str:
    return (
        '<html><body dir="auto"><div dir="ltr"></div>'
        f'<div dir="ltr">{new}</div><div dir="ltr"><br></div><div dir="ltr">Sent from my iPhone</div>'
        f'<div dir="ltr"><br><blockquote type="cite">{wrote("apple", lang)}<br><br></blockquote></div>'
        f'<blockquote type="cite"><div dir="ltr">﻿{old}</div></blockquote></body></html>'
    )


def thunderbird(lang: str, new: str, old: str) -> str:
    return (
        '<!DOCTYPE html>\n<html>\n  <head>\n    <meta http-equiv="Content-Type" content="text/html">\n'
        f"  </head>\n  <body>\n    <p>{new}</p>\n    <p><br>\n    </p>\n"
        f'    <div class="moz-cite-prefix">{wrote("thunderbird", lang)}<br>\n    </div>\n'
        '    <blockquote type="cite" cite="mid:1@dealer.example">\n      <meta http-equiv="content-type">\n'
        f"      <p>{old}</p>\n    </blockquote>\n  </body>\n</html>\n"
    )


def yahoo(lang: str, new: str, old: str) -> str:
    return (
        '<html><head></head><body><div class="ydp1yahoo-style-wrap" style="font-size:16px;">'
        f'<div dir="ltr" data-setdir="false">{new}</div><div><br></div></div>'
        '<div id="ydp2yahoo_quoted_7" class="yahoo_quoted"><div style="color:#26282a;"><div>'
        f"{wrote('yahoo', lang)}</div><div><br></div><div>{old}</div></div></div></body></html>"
    )


def yahoo_phone(lang: str, new: str, old: str) -> str:
    return (
        f'{new}<br><br><p class="yahoo-quoted-begin" style="font-size: 15px;">{wrote("yahoo", lang)}</p>'
        '<blockquote class="iosymail" style="margin: 0 0 20px 0;"><div style="font-family:Roboto">'
        f"{old}</div></blockquote>"
    )


def header(lang: str, separator: str = "<br>") -> str:
    sender, sent, to, subject, date = OUTLOOK[lang]
    return (
        f"<b>{sender}:</b> Ana García {ADDRESS}{separator}<b>{sent}:</b> {date}{separator}"
        f"<b>{to}:</b> Carla{separator}<b>{subject}:</b> Re: Pump"
    )


def outlook(lang: str, new: str, old: str) -> str:
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal '
        '{margin:0cm;} --></style></head><body lang="ES" link="#0563C1"><div class="WordSection1">'
        f'<p class="MsoNormal"><span style="font-size:11.0pt">{new}<o:p></o:p></span></p>'
        '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
        '<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
        f'<p class="MsoNormal"><span>{header(lang)}<o:p></o:p></span></p></div></div>'
        f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">{old}</p></div></body></html>'
    )


def outlook_web(lang: str, new: str, old: str) -> str:
    return (
        '<html><body dir="ltr"><div class="elementToProof" style="font-family: Aptos; font-size: 12pt;">'
        f'{new}</div><div id="appendonsend"></div><hr tabindex="-1" style="display:inline-block;width:98%">'
        f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif">{header(lang)}</font>'
        f"<div>&nbsp;</div></div><div>{old}</div></body></html>"
    )


def outlook_phone(lang: str, new: str, old: str) -> str:
    return (
        f'<html><body><div dir="auto">{new}</div><div id="ms-outlook-mobile-body-separator-line"><br></div>'
        '<div id="ms-outlook-mobile-signature">Get <a href="https://aka.example/o">Outlook for iOS</a></div>'
        '<div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message">'
        f'<hr style="display:inline-block;width:98%"><div id="divRplyFwdMsg"><span>{header(lang)}</span>'
        f"</div><div>{old}</div></div></body></html>"
    )


def samsung(lang: str, new: str, old: str) -> str:
    title, sender, date, to, subject = SAMSUNG[lang]
    return (
        f'<html><body><div dir="auto">{new}</div><div dir="auto"><br></div><div id="composer_signature" '
        'dir="auto"><div style="font-size:12px">Galaxy</div></div><div><br></div><div align="left" '
        f'style="font-size:100%;color:#000000"><div>-------- {title} --------</div><div>{sender}: Ana García '
        f"&lt;service@dealer.example&gt; </div><div>{date}: 23/11/26  10:04  (GMT+01:00) </div><div>{to}: "
        f"carla@farm.example </div><div>{subject}: Re: Pump </div><div><br></div></div>{old}</body></html>"
    )


CLIENTS = [
    gmail,
    apple_mail,
    iphone,
    thunderbird,
    yahoo,
    yahoo_phone,
    outlook,
    outlook_web,
    outlook_phone,
    samsung,
]
LANGUAGES = ["en", "es", "pt", "fr", "de", "it"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_the_history_of_a_reply_is_folded(client, lang: str) -> None:
    folded = fold_html(client(lang, NEW, OLD), subject="RE: Pump")
    assert NEW in plain_text(folded.visible)
    assert OLD not in folded.visible
    assert "Ana García" not in folded.visible  # the attribution goes with what it introduces
    assert OLD in plain_text(folded.history)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_no_text_is_lost_by_folding(client, lang: str) -> None:
    html = client(lang, NEW, OLD)
    folded = fold_html(html, subject="RE: Pump")
    assert words(folded.visible) + words(folded.signature) + words(folded.history) == words(html)


@pytest.mark.parametrize("junk", ["\x0b", "\x01", "&#1;", "&#xFFFE;", "\ufffe"])
def test_characters_that_no_tree_takes_do_not_stop_the_folding(junk: str) -> None:
    """Found by a mutant: an exception when the text after a removed element was put back."""
    wrote = '<div class="moz-cite-prefix">On 23/11/2026 10:04, Ana wrote:</div>'
    folded = fold_html(f"{wrote}<blockquote type=cite>{junk}Old</blockquote>{junk}New{junk}<p>{junk}</p>")
    assert "New" in folded.visible and "Old" in folded.history


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_a_forward_by_its_subject_is_shown_whole(client, lang: str) -> None:
    html = client(lang, NEW, OLD)
    assert fold_html(html, subject=FORWARD_PREFIX[lang] + "Pump").visible == html


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_a_mail_that_is_nothing_but_history_is_shown_whole(client, lang: str) -> None:
    html = client(lang, "", OLD).replace("Sent from my iPhone", "").replace(">Galaxy<", "><")
    html = re.sub(r"Get <a[^>]*>Outlook for iOS</a>", "", html)
    assert fold_html(html, subject="RE: Pump").visible == html


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_a_conversation_of_three_is_folded_at_its_newest_reply(client) -> None:
    html = client("es", NEW, f"<p>{OLD}</p>" + gmail("en", "Older still", "Oldest"))
    folded = fold_html(html, subject="Re: Pump")
    assert NEW in folded.visible
    for old in (OLD, "Older still", "Oldest"):
        assert old not in folded.visible
        assert old in folded.history


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.__name__)
def test_a_picture_alone_is_something_new(client) -> None:
    folded = fold_html(client("en", '<img src="cid:photo@farm.example">', OLD))
    assert "cid:photo@farm.example" in folded.visible
    assert OLD not in folded.visible


FORWARDS = {
    "gmail": '<div dir="ltr">{new}<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
    "---------- {title} ---------<br>From: <b>Ana</b> &lt;a@dealer.example&gt;<br>Date: Mon, Nov 23, 2026"
    "<br>Subject: Pump<br>To: Carla<br></div><br>{old}<blockquote type=cite>{old}</blockquote></div></div>",
    "thunderbird": "<p>{new}</p><div class=moz-forward-container><br><br>-------- {title} --------<table>"
    "<tr><th>Subject: </th><td>Pump</td></tr></table><br>{old}<div class=moz-cite-prefix>On 23/11/2026 "
    "10:04, Ana wrote:<br></div><blockquote type=cite>{old}</blockquote></div>",
    "yahoo": "<div>{new}</div><div class=yahoo_quoted><div>----- {title} -----</div><div>From: Ana</div>"
    "<div>Sent: Monday, 10:04</div><div>To: Carla</div><div>Subject: Pump</div><div>{old}</div></div>",
    "apple": "{new}<br><div><br><blockquote type=cite><div>Begin {title}:</div><div><b>From: </b>Ana</div>"
    "<div><b>Date: </b>23 November</div><div><b>To: </b>Carla</div><br><div>{old}</div></blockquote></div>",
}
FORWARD_TITLES = ["Forwarded message", "Mensaje reenviado", "Mensagem encaminhada", "Message transféré",
                  "Weitergeleitete Nachricht", "Messaggio inoltrato"]  # fmt: skip


@pytest.mark.parametrize("title", FORWARD_TITLES)
@pytest.mark.parametrize("client", FORWARDS)
def test_a_forward_by_its_words_is_shown_whole(client: str, title: str) -> None:
    html = FORWARDS[client].format(new=NEW, old=OLD, title=title)
    assert fold_html(html, subject="Pump").visible == html


def test_an_answer_to_a_forward_is_folded() -> None:
    html = gmail("en", NEW, FORWARDS["gmail"].format(new="fyi", old=OLD, title="Forwarded message"))
    assert OLD not in fold_html(html, subject="Re: Fwd: Pump").visible


INTERLEAVED = {
    "gmail": '<div class="gmail_quote"><div class="gmail_attr">' + wrote("gmail", "en") + "</div>"
    '<blockquote class="gmail_quote">Which pump?</blockquote><div>The red one.</div>'
    '<blockquote class="gmail_quote">Which day?</blockquote><div>On Tuesday.</div></div>',
    "thunderbird": f'<div class="moz-cite-prefix">{wrote("thunderbird", "de")}</div>'
    '<blockquote type="cite">Which pump?</blockquote><p>The red one.</p>'
    '<blockquote type="cite">Which day?</blockquote><p>On Tuesday.</p>',
    "apple": f'<div><blockquote type="cite"><div>{wrote("apple", "es")}</div><br><div>Which pump?</div>'
    "</blockquote><div><br></div>The red one.<br><blockquote type=\"cite\"><div>Which day?</div></blockquote>"
    "<div>On Tuesday.</div></div>",
    "outlook": outlook("en", "Hello Ana, see my answers below in red.", "Which pump? "
                       '<span style="color:red">The red one.</span> Which day? On Tuesday.'),
    "outlook web": outlook_web("es", "Hola, le respondo abajo en rojo.", "Which pump? The red one. "
                               "Which day? On Tuesday."),
}  # fmt: skip


@pytest.mark.parametrize("client", INTERLEAVED)
def test_answers_between_the_quotes_stay_visible(client: str) -> None:
    visible = fold_html(INTERLEAVED[client], subject="Re: Pump").visible
    assert "The red one." in visible
    assert "On Tuesday." in visible
    assert "Which pump?" in visible  # an answer without its question is none


BOTTOM_POSTS = {
    "gmail": f'<div class="gmail_quote"><div class="gmail_attr">{wrote("gmail", "it")}</div>'
    f'<blockquote class="gmail_quote">{OLD}</blockquote><div><br></div><div>{NEW}</div></div>',
    "thunderbird": f'<div class="moz-cite-prefix">{wrote("thunderbird", "fr")}<br></div>\n'
    f'<blockquote type="cite" cite="mid:x">{OLD}</blockquote>\n<p>{NEW}</p>',
    "with a greeting above": f'<p>Dear Ana</p><div class="moz-cite-prefix">{wrote("thunderbird", "en")}</div>'
    f'<blockquote type="cite">{OLD}</blockquote><p>{NEW}</p>',
}


@pytest.mark.parametrize("client", BOTTOM_POSTS)
def test_an_answer_below_the_quote_stays_visible_and_the_quote_is_folded(client: str) -> None:
    folded = fold_html(BOTTOM_POSTS[client], subject="Re: Pump")
    assert NEW in folded.visible
    assert OLD not in folded.visible
    assert "Dear Ana" in folded.visible or "Dear Ana" not in BOTTOM_POSTS[client]


UNTOUCHED = {
    "layout": "<p>Our terms:</p><blockquote>Ten days net.</blockquote><p>Agreed?</p>",
    "indented list at the end": "<p>We need 2 things, by 10:30:</p><blockquote>seals<br>oil</blockquote>",
    "a sentence with a time": "<p>Le mardi on 23 May he wrote: nothing.</p><p>Then came 3 machines.</p>",
    "a date and a sum": "<p>De: 10 a 20 horas</p><p>Para: la semana que viene</p>",
    "from and to, no date": "<p>From: Sevilla</p><p>To: Madrid</p><p>Please collect the harvester.</p>",
    "a quote that is answered": "<p>You ask:</p><blockquote type=cite>Which?</blockquote><p>The red one</p>",
    "no history": "<p>Hello</p>",
    "nothing": "",
    "a comment": "<!-- -->",
}


@pytest.mark.parametrize("case", UNTOUCHED)
def test_what_is_no_history_is_not_touched(case: str) -> None:
    assert fold_html(UNTOUCHED[case]).visible == UNTOUCHED[case]


MARKS = {
    "protonmail": '<div class="protonmail_quote">On Monday, 23 November 2026 at 10:04, Ana &lt;a@d.test&gt;'
    ' wrote:<br><blockquote class="protonmail_quote" type="cite">{old}</blockquote><br></div>',
    "zoho": '<div class="zmail_extra"><div>---- On Mon, 23 Nov 2026 10:04:00 +0100 Ana wrote ----<br></div>'
    '<blockquote style="margin:0">{old}</blockquote></div>',
    "web.de": '<div name="quote" style="margin:10px 5px 5px 10px;border-left:2px solid #C3D9E5;">'
    "<div><b>Gesendet:</b> Montag<br><b>Von:</b> Ana<br><b>An:</b> Carla</div>"
    '<div name="quoted-content">{old}</div></div>',
    "roundcube": '<p id="reply-intro">On 2026-11-23 10:04, Ana wrote:</p>'
    '<blockquote type="cite" style="padding: 0 0.4em">{old}</blockquote>',
    "outlook in a language we don't read": '<hr><div id="divRplyFwdMsg"><b>Od:</b> Ana<br><b>Wysłano:</b> '
    "dziś</div><div>{old}</div>",
    "a plain blockquote below an attribution": "<div>On 23/11/2026 10:04, Ana wrote:</div>"
    "<blockquote>{old}</blockquote>",
    "a blockquote that begins with its attribution": '<blockquote style="border-left:solid #CCC 1pt">'
    "<p>On Mon, 23 Nov 2026 10:04:00 +0000, ana@dealer.example wrote:</p><p>{old}</p></blockquote>",
    "a phone that quotes without marks": "<div>El lun, 23 nov 2026 10:04, Ana &lt;a@dealer.example&gt; "
    "escribió:</div><div>{old}</div>",
}


@pytest.mark.parametrize("client", MARKS)
def test_the_marks_of_other_clients_are_known(client: str) -> None:
    folded = fold_html(f"<div>{NEW}</div>" + MARKS[client].format(old=OLD), subject="Re: Pump")
    assert NEW in folded.visible
    assert OLD not in folded.visible
    assert OLD in folded.history


def test_both_halves_keep_the_stylesheet() -> None:
    folded = fold_html(outlook("en", NEW, OLD))
    for half in (folded.visible, folded.history):
        assert 'style="margin:0cm"' in sanitise(half).html


def test_a_footer_below_the_quote_stays_visible() -> None:
    html = gmail("en", NEW, OLD) + "<p>Farm Ltd, registered in Sevilla</p>"
    folded = fold_html(html)
    assert OLD not in folded.visible
    assert "registered in Sevilla" in folded.visible


def test_what_follows_the_end_of_the_document_is_kept() -> None:
    """A mailing list writes its footer below, and some clients send several documents in a row."""
    document = f"<html><body>{gmail('en', NEW, OLD)}</body></html>"
    folded = fold_html(f"{document}\n<p>To leave the list, write.</p>")
    assert OLD in folded.history
    assert plain_text(folded.visible) == f"{NEW}\n\nTo leave the list, write."


def test_the_new_text_of_a_message_is_without_its_history() -> None:
    assert new_text(Message(html=gmail("es", NEW, OLD), text="unused", subject="Re: Pump")) == NEW
    assert new_text(Message(text=f"{NEW}\n\nOn 1 May 2026 10:04, Ana wrote:\n> {OLD}\n")).strip() == NEW


PIECES = st.sampled_from(
    [
        "<div>", "</div>", "<p>one", "</p>", "<blockquote type=cite>", "</blockquote>", "<br>", "two ",
        "<b>three", "</b>", "<table><tr><td>", "</table>", wrote("gmail", "en"), header("es"),
        '<div class="gmail_quote">',
        "<!-- c -->tail", "<script>x()</script>after", '<div id="divRplyFwdMsg">', "<img src=cid:a>", "<hr>",
        "<style>p{}</style>", "-----Original Message-----<br>", escape("<four>"),
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_folding_loses_and_invents_no_text(html: str) -> None:
    folded = fold_html(html)
    assert sorted(words(folded.visible) + words(folded.history)) == sorted(words(html))


def words(html: str) -> list[str]:
    """The words of an HTML text, without what a browser never shows."""
    return re.findall(r"\w+", re.sub(r"(?m)^[ >]+", "", plain_text(html)))
