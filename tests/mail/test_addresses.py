"""Mailboxes: lenient where nothing depends on it, strict for who the author is."""

from __future__ import annotations

import pytest

from emailhub.mail import Mailbox, normal_address, parse_mailboxes
from emailhub.mail.addresses import MAX_ADDRESSES, parse_author
from tests.mail.messages import mail, read


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Carla.Ruiz@Farm.Example", "carla.ruiz@farm.example"),
        (" carla+pump@farm.example ", "carla+pump@farm.example"),
        ("c.a.r.l.a@farm.example.", "c.a.r.l.a@farm.example"),
        ("info@müller.example", "info@xn--mller-kva.example"),
        ("INFO@MÜLLER.example", "info@xn--mller-kva.example"),
        ("用户@例子.example", "用户@xn--fsqu00a.example"),
        ("o'neil_{x}@farm.example", "o'neil_{x}@farm.example"),
        ('"john doe"@farm.example', '"john doe"@farm.example'),
        ("root@localhost", "root@localhost"),
        ("me@[192.0.2.1]", "me@[192.0.2.1]"),
        ("carla", ""),
        ("@farm.example", ""),
        ("carla@", ""),
        ("a@b@c.example", ""),
        ("a b@c.example", ""),
        ("a@c.example)x@evil.example", ""),
        ("a\x00@c.example", ""),
        ("a\u200b@c.example", ""),
        ("=?utf-8?q?a?=@c.example", ""),
        ("a@c..example", ""),
        ("a@-.example/..", ""),
        ("a" * 400 + "@c.example", ""),
        ("a@" + "ü" * 300, ""),
        ("", ""),
    ],
)
def test_an_address_has_one_normal_form_or_is_none(stated: str, expected: str) -> None:
    assert normal_address(stated) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("carla@farm.example", Mailbox("", "carla@farm.example")),
        ("<carla@farm.example>", Mailbox("", "carla@farm.example")),
        ("Carla Ruiz <carla@farm.example>", Mailbox("Carla Ruiz", "carla@farm.example")),
        ('"Ruiz, Carla" <carla@farm.example>', Mailbox("Ruiz, Carla", "carla@farm.example")),
        ("Ruiz, Carla <carla@farm.example>", Mailbox("Ruiz, Carla", "carla@farm.example")),
        ("carla@farm.example (Carla Ruiz)", Mailbox("Carla Ruiz", "carla@farm.example")),
        ("'Carla' <carla@farm.example>", Mailbox("Carla", "carla@farm.example")),
        ('"Carla \\"C\\" Ruiz" <carla@farm.example>', Mailbox('Carla "C" Ruiz', "carla@farm.example")),
        ('"Carla Ruiz <carla@farm.example>', Mailbox("Carla Ruiz", "carla@farm.example")),
        ("=?utf-8?q?Carla_Ru=C3=ADz?= <carla@farm.example>", Mailbox("Carla Ruíz", "carla@farm.example")),
        ('"=?utf-8?q?Ru=C3=ADz=2C?= C" <carla@farm.example>', Mailbox("Ruíz, C", "carla@farm.example")),
        ("Carla (the (old) one) <carla@farm.example>", Mailbox("Carla", "carla@farm.example")),
        ("boss@bank.example <carla@farm.example>", Mailbox("boss@bank.example", "carla@farm.example")),
        (
            "Carla\u202e\u2066\u200b Ruiz\x07 <carla@farm.example>",
            Mailbox("Carla Ruiz", "carla@farm.example"),
        ),
        ("Friends: carla@farm.example;", Mailbox("", "carla@farm.example")),
        ("Carla <mailto:carla@farm.example>", Mailbox("Carla", "carla@farm.example")),
        ("Carla <carla@farm.example>, Jon <jon@farm.example>", Mailbox("Carla", "carla@farm.example")),
    ],
)
def test_the_author_is_read_as_programs_write_it(stated: str, expected: Mailbox) -> None:
    assert parse_author([stated]) == expected


@pytest.mark.parametrize(
    "stated",
    [
        "",
        "Carla",
        "undisclosed-recipients:;",
        "Carla <carla@farm.example> <mallory@evil.example>",
        "Carla <carla@farm.example> mallory@evil.example",
        "<carla@farm.example>mallory@evil.example",
        "carla@farm.example)mallory@evil.example",
        "carla@farm.example(mallory@evil.example",
        "carla@farm.example <mallory@evil.example",
        "carla@farm.example mallory@evil.example",
        "carla@farm.example, mallory@evil.example",
        "Carla <carla@farm.example>, Mallory <mallory@evil.example>",
        "<@relay.example:carla@farm.example>",
        "<@relay.example,@other.example:carla@farm.example>",
        '"carla@farm.example"@evil.example',
        '"carla\\@farm.example"@evil.example',
        '"car\\la"@farm.example',
        "carla(x)@farm.example@evil.example",
        "=?utf-8?b?Y2FybGFAZmFybS5leGFtcGxl?=",
        "=?utf-8?b?Y2FybGFAZmFybS5leGFtcGxl?==?utf-8?Q?=00?=@evil.example",
        "=?utf-8?q?Carla_=3Ccarla=40farm.example=3E?=",
        "carla\x00@farm.example",
        "<carla\r\n @farm.example>",
        "<>",
        "<<carla@farm.example>>",
        "(" * 1000 + "carla@farm.example" + ")" * 999,
    ],
)
def test_an_author_that_may_be_read_in_two_ways_is_nobody(stated: str) -> None:
    assert parse_author([stated]) is None


def test_two_from_fields_name_nobody_unless_they_are_the_same() -> None:
    assert read("two_from_fields").sender is None
    assert "no From that can be read" in read("two_from_fields").defects
    assert parse_author(["carla@farm.example", "jon@farm.example"]) is None
    same = ["Carla <carla@farm.example>", "Carla <carla@farm.example>"]
    assert parse_author(same) == Mailbox("Carla", "carla@farm.example")


def test_a_from_field_of_over_two_kilobytes_names_nobody() -> None:
    assert read("from_longer_than_two_kilobytes").sender is None
    assert mail(From=f"{'N' * 1_900} <a@farm.example>").sender is not None
    assert mail(From=f"{'N' * 2_100} <a@farm.example>").sender is None


def test_recipients_that_cannot_be_read_do_not_hide_the_others() -> None:
    message = mail(
        To="Ana <ana@a.example>; <<x>>, broken, Jon: ben@b.example;,ANA@a.example", Cc="undisclosed:;"
    )
    assert [box.address for box in message.to] == ["ana@a.example", "ben@b.example"]
    assert message.cc == ()


def test_at_most_five_hundred_recipients_are_read() -> None:
    boxes = parse_mailboxes(", ".join(f"u{n}@x.example" for n in range(2_000)))
    assert len(boxes) == MAX_ADDRESSES
    assert boxes[-1].address == "u499@x.example"


def test_a_header_field_may_come_twice() -> None:
    assert [box.address for box in mail(To="a@x.example\r\nTo: b@x.example").to] == [
        "a@x.example",
        "b@x.example",
    ]


def test_the_name_is_cut_and_stays_on_one_line() -> None:
    [box] = parse_mailboxes("N" * 5_000 + " <a@x.example>")
    assert box == Mailbox("N" * 200, "a@x.example")
