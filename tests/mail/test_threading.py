"""What a mail is called, what it answers, and when two copies are one mail."""

from __future__ import annotations

from emailhub.mail import Message, message_key, parse, reference_ids, thread_ids
from emailhub.mail.threading import body_digest, message_id, message_ids, nearest_references
from tests.mail.messages import mail, raw, read


def test_the_nearest_ancestor_comes_first() -> None:
    message = Message(message_id="d@x", in_reply_to=("c@x",), references=("a@x", "b@x", "c@x", "d@x"))
    assert thread_ids(message) == ["c@x", "b@x", "a@x"]
    assert [(id, direct) for id, direct in reference_ids(message)] == [
        ("c@x", True),
        ("b@x", False),
        ("a@x", False),
    ]


def test_in_reply_to_and_references_each_stand_alone() -> None:
    assert thread_ids(Message(in_reply_to=("a@x",))) == ["a@x"]
    assert thread_ids(Message(references=("a@x", "b@x"))) == ["b@x", "a@x"]
    assert thread_ids(Message()) == []


def test_broken_ids_are_read_the_same_wherever_they_stand() -> None:
    message = read("ids_broken_and_without_brackets")
    assert message.message_id == "id@farm.example"
    assert message.in_reply_to == ("parent@dealer.example",)
    assert message.references == ("root@dealer.example", "middle@x", "parent@dealer.example")


def test_ids_without_brackets_are_the_words_with_an_at_sign() -> None:
    assert message_ids("a@x, b@x;  word c@x") == ["a@x", "b@x", "c@x"]
    assert message_ids("  ") == []


def test_an_id_without_an_at_sign_is_an_id() -> None:
    assert mail(Message_ID="<20261123.4711>").message_id == "20261123.4711"
    assert mail(Message_ID="20261123.4711").message_id == "20261123.4711"
    assert mail(Message_ID="<>").message_id == ""


def test_an_id_is_bounded() -> None:
    assert len(mail(Message_ID=f"<{'x' * 5000}@x>").message_id) == 998


def test_an_id_is_bounded_in_octets_and_cut_between_characters() -> None:
    for cut in (message_ids(f"<x{'€' * 998}@x>"), [message_id("€" * 998)]):
        assert 996 <= len(cut[0].encode()) <= 998
        assert cut[0].strip("x€") == ""


def test_of_many_references_the_first_and_the_nearest_are_kept() -> None:
    ids = [f"{n}@x" for n in range(50_000)]
    kept = nearest_references(ids)
    assert len(kept) == 100
    assert (kept[0], kept[1], kept[-1]) == ("0@x", "49901@x", "49999@x")


def key_of(content: bytes, sender: str = "carla@farm.example") -> str:
    return message_key(parse(content), content, sender)


NAMED = b"Message-ID: <1@farm.example>\r\nDate: Mon, 23 Nov 2026 10:00:00 +0100\r\nSubject: a\r\n\r\nbody\r\n"


def test_a_copy_by_another_route_is_the_same_mail() -> None:
    copy = b"Received: from elsewhere\r\n" + NAMED.replace(b"10:00:00 +0100", b"09:00:00 +0000")
    footer = NAMED.replace(b"body", b"body\r\n-- \r\nThe list")
    assert key_of(NAMED) == key_of(copy) == key_of(footer)


def test_the_same_id_with_another_sender_or_date_is_another_mail() -> None:
    later = NAMED.replace(b"10:00:00", b"10:00:01")
    assert len({key_of(NAMED), key_of(later), key_of(NAMED, "mallory@evil.example")}) == 3


def test_without_an_id_sender_date_subject_and_body_stand_in() -> None:
    nameless = NAMED.partition(b"\r\n")[2]
    others = [
        nameless.replace(b"body", b"other body"),
        nameless.replace(b"Subject: a", b"Subject: b"),
        nameless.replace(b"10:00:00", b"10:00:01"),
        NAMED,
    ]
    assert key_of(nameless) == key_of(nameless.replace(b"\r\n", b"\n") + b"\n")
    assert len({key_of(nameless), *map(key_of, others)}) == 5


def test_an_id_cannot_pretend_to_be_a_digest() -> None:
    nameless = b"Subject: a\r\n\r\nbody"
    forged = b"Message-ID: <" + f"a{body_digest(nameless)}".encode() + b">\r\nSubject: a\r\n\r\nbody"
    assert key_of(nameless) != key_of(forged)


def test_a_key_is_a_digest_for_every_sample() -> None:
    content = raw("nothing_but_text")
    assert len(message_key(parse(content), content, "")) == 64
