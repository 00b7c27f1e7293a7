"""HTML as text: faithful, in one pass, whatever it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emailhub.mail.plain_text import plain_text, preview


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("<!-- nothing -->", ""),
        ("Hello <b>Ana</b>,\n  how\tare you?", "Hello Ana, how are you?"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("one<br>two<br><br>three", "one\ntwo\n\nthree"),
        ("<div>one</div><div><br></div><div>two</div>", "one\n\ntwo"),
        ("<h1>Title</h1>text", "Title\n\ntext"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>d", "- a\n- b\n  - c\n\nd"),
        ("<ol><li>a<li>b</ol>", "1. a\n2. b"),
        ("<html><body>one<br></body></html><html><body>two</body></html>", "one\ntwo"),
        ("<html><body><p>one</p></body ></HTML><p>a list's footer</p>", "one\n\na list's footer"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
        (
            "a<blockquote><p>b</p><p>c</p><blockquote>d</blockquote></blockquote>e",
            "a\n\n> b\n>\n> c\n>\n> > d\n\ne",
        ),
        ('<a href="https://x.example/a">page</a>', "page <https://x.example/a>"),
        ('<a href="https://x.example/">https://x.example</a>', "https://x.example"),
        ('<a href="https://x.example/">x.example</a>', "x.example"),
        ('<a href="mailto:a@x.example">a@x.example</a>', "a@x.example"),
        ('<a href="javascript:x">no</a><a href="#x">no</a>', "nono"),
        ('<a href="https://x.example/"><img src="x" alt="Logo"></a>', "[Logo]"),
        ("<pre>  a\n    b\n\n\nc</pre>d", "  a\n    b\n\n\nc\n\nd"),
        ("a&nbsp;b &lt;c&gt; &amp; &#8364;", "a b <c> & €"),
        ("<head><title>T</title><style>p{}</style></head><body>a<script>b()</script>c</body>", "ac"),
        ("<p class=MsoNormal>a<o:p></o:p></p>", "a"),
        ("a<hr>b", "a\n---\nb"),
        ("a\x00b\ud800", "ab\ufffd"),
        ("<div>" * 3_000 + "deep" + "</div>" * 3_000, "deep"),
        ("<p>a<script>x</script></p><style>y</style>" + "<b>" * 600 + "c<br>d", "a\nc\nd"),
    ],
)  # fmt: skip
def test_html_reads_as_its_text(html: str, text: str) -> None:
    assert plain_text(html) == text


WORDS = st.lists(st.sampled_from(["uno", "dos", "tres"]), min_size=1, max_size=3).map(" ".join)
TAGS = st.sampled_from(["p", "div", "b", "ul", "li", "table", "td", "blockquote", "pre", "span", "h2"])
TREES = st.recursive(
    WORDS,
    lambda inner: st.tuples(TAGS, st.lists(inner)).map(
        lambda tree: f"<{tree[0]}>{' '.join(tree[1])}</{tree[0]}>"
    ),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(TREES)
def test_no_word_is_lost(html: str) -> None:
    words = [word for word in plain_text(html).split() if word in ("uno", "dos", "tres")]
    assert len(words) == sum(html.count(word) for word in ("uno", "dos", "tres"))


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters() | st.sampled_from("<>&/=\"' \n"), max_size=200))
def test_any_text_is_taken(html: str) -> None:
    assert "\x00" not in plain_text(html)


@pytest.mark.parametrize(
    "bomb", ["<", "<!--", "<a href='", "<li>", "<table><tr><td>", "</div>", "&", "<script>", "<b x="]
)
def test_no_html_takes_long(bomb: str) -> None:
    import time

    started = time.process_time()
    plain_text(bomb * (1_000_000 // len(bomb)))
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", ""),
        ("a\n\n  b\tc", "a b c"),
        ("word " * 10, "word word word word…"),
        ("x" * 50, "x" * 19 + "…"),
        ("exactly twenty chars", "exactly twenty chars"),
        ("a sentence, that ends, here", "a sentence, that…"),
    ],
)
def test_a_preview_is_one_line_cut_between_words(text: str, line: str) -> None:
    assert preview(text, 20) == line
    assert len(preview(text, 20)) <= 20
