"""The paths of MAIL and RCPT, as they stand in the standard and as they stand in the wild."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emailhub.channels.smtp.paths import recipient, split_path


@pytest.mark.parametrize(
    ("text", "path", "parameters"),
    [
        ("<a@b.example>", "a@b.example", ""),
        ("<a@b.example> SIZE=1 BODY=8BITMIME", "a@b.example", "SIZE=1 BODY=8BITMIME"),
        ("<>", "<>", ""),
        ("<> SIZE=1", "<>", "SIZE=1"),
        ("a@b.example", "a@b.example", ""),
        ("a@b.example SIZE=1", "a@b.example", "SIZE=1"),
        ("<@relay.example:a@b.example>", "a@b.example", ""),
        ("<@one.example,@two.example:a@b.example>", "a@b.example", ""),
        ('<"a b>c"@d.example> SIZE=1', '"a b>c"@d.example', "SIZE=1"),
        ('<"a\\"b"@d.example>', '"a\\"b"@d.example', ""),
        ("<postmaster>", "postmaster", ""),
    ],
)
def test_a_path_is_split_from_its_parameters(text: str, path: str, parameters: str) -> None:
    assert split_path(text) == (path, parameters)


NO_PATHS = [
    "",
    "<a@b.example",
    "a@b.example>",
    "<<a@b.example>>",
    '<"a@b.example>',
    "<a\x00@b.example>",
    "<a\udcff@b.example>",
    "<" + "x" * 321 + ">",
    "<a@b.example>SIZE=1",
]


@pytest.mark.parametrize("text", NO_PATHS)
def test_what_is_no_path_is_none(text: str) -> None:
    assert split_path(text) is None


@given(st.text(alphabet='<>@:,."\\ aé\x00\udcff\r\n', max_size=60))
def test_whatever_stands_there_is_read_or_refused(text: str) -> None:
    found = split_path(text)
    if found:
        assert not set(found[0]) & set("\x00\r\n\udcff")
        found[0].encode()
        recipient(found[0], "inbox.example")


@pytest.mark.parametrize("filling", ['"', "<", "@", "@a:", '"\\', " ", "a ", '""'])
def test_a_long_line_costs_no_time(filling: str) -> None:
    began = time.perf_counter()
    for text in (filling * 20_000, "<" + filling * 20_000, "<" + filling * 20_000 + ">"):
        split_path(text)
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("A.B@Inbox.Example", "a.b@inbox.example"),
        ("a@münchen.example", "a@xn--mnchen-3ya.example"),
        ("PostMaster", "postmaster@inbox.example"),
        ("<>", ""),
        ("abuse", ""),
    ],
)
def test_a_recipient_has_one_form(path: str, address: str) -> None:
    assert recipient(path, "inbox.example") == address
