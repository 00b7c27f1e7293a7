"""Plain text as HTML (threats 2.3 H4: no script by way of a link), and the quotation below a reply."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emailhub.mail.linkify import linkify
from emailhub.mail.message import Message
from emailhub.mail.plain_text import plain_text
from emailhub.mail.quote import quote_html
from emailhub.mail.trim_html import fold_html

LINK = re.compile(
    r'<a href="((?:https?://|mailto:)[^"<>\s]+)" rel="noopener noreferrer nofollow" target="_blank">', re.I
)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://x.example/a?b=c&d=e.", ["https://x.example/a?b=c&amp;d=e"]),
        ("(http://x.example/a_(b))", ["http://x.example/a_(b)"]),
        ("<https://x.example/>", ["https://x.example/"]),
        ("www.x.example, ana@dealer.example!", ["http://www.x.example", "mailto:ana@dealer.example"]),
        ("javascript:alert(1) data:text/html,x file:///etc/passwd vbscript:x", []),
        ("HTTPS://X.example/", ["HTTPS://X.example/"]),
        ('https://x.example/"onmouseover="alert(1)', ["https://x.example/"]),
        ("https://x.example/'><script>alert(1)</script>", ["https://x.example/"]),
        ("https://x.example/\u2028javascript:alert(1)", ["https://x.example/"]),
        ("https://x.example/\u202egpj.exe", ["https://x.example/"]),
        ("http://http://x.example", ["http://http://x.example"]),
        ("x@y javascript:a@b.example", ["mailto:a@b.example"]),
        ("https://", []),
        ("no link", []),
    ],
)
def test_only_web_and_mail_addresses_become_links(text: str, urls: list[str]) -> None:
    html = linkify(text)
    assert LINK.findall(html) == urls
    assert html.count("<a ") == len(urls)


def test_lines_indentation_and_quotes_are_kept() -> None:
    html = linkify("a\n  b\r\n\n> c\n> > d\n>>e\nf")
    assert html == (
        '<div class="plain">a\n  b\n</div><blockquote><div class="plain">c</div><blockquote>'
        '<div class="plain">d\ne'
        '</div></blockquote></blockquote><div class="plain">f</div>'
    )


PIECES = st.sampled_from([
    "http://", "https://", "www.", "a@b.example", "<", ">", '"', "'", "&", " ", "\n", "> ", "javascript:",
    "x", ".", "(", ")", "<script>", "onerror=", "\u2028", "\0", "/", "é",
])  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_no_mixture_makes_markup(text: str) -> None:
    html = linkify(text)
    bare = re.sub(r'</?blockquote>|</?div(?: class="plain")?>|</a>', "", LINK.sub("", html))
    assert "<" not in bare
    assert ">" not in bare
    assert '"' not in bare


def test_a_quotation_is_safe_and_without_older_history() -> None:
    message = Message(
        html='<p>Hello<script>x()</script><img src="cid:a"><img src="cid:b"><img src="https://t.example/1"></p>'
        '<blockquote type="cite">older</blockquote>'
    )
    html = quote_html(
        message, 'On Monday, "Ana" <a@b.example> wrote:', images={"cid:a": "cid:new@dealer.example"}
    )
    assert "&lt;a@b.example&gt; wrote:" in html
    assert '<img src="cid:new@dealer.example"><img><img>' in html
    assert "script" not in html
    assert "older" not in html


def test_a_quotation_of_a_text_is_safe_too() -> None:
    html = quote_html(Message(text="Hello <b>\n\n> older"), "Ana wrote:")
    assert "Hello &lt;b&gt;" in html
    assert "older" not in html


def test_our_own_quotation_is_folded_when_it_comes_back() -> None:
    quotation = quote_html(Message(text="Hello"), "El 23/11/2026, Ana escribió:")
    folded = fold_html(f"<p>Thank you</p>{quotation}")
    assert plain_text(folded.visible) == "Thank you"
    assert "Hello" in folded.history
