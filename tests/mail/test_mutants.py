"""Damaged mails of the collection: nothing is raised, all can be stored, and the work stays bounded."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from emailhub import mail
from emailhub.mail.authenticity import Envelope, evaluate
from tests import soak
from tests.mail.authenticity.zone import Zone
from tests.mail.mutants import mutants
from tests.mail.test_parse import assert_storable

SAMPLE = 600
COUNTED = 60  # mutants whose work is counted, call by call
CALLS = 40  # for each octet, at most; the collection's own mails take about three
BASE = 200_000  # calls that even the smallest mail may take
ENVELOPE = Envelope("192.0.2.1", "mx.farm.example", "carla@farm.example")


def use(content: bytes) -> mail.Message:
    """Everything that the house does with a received mail."""
    message = mail.unpack(mail.parse(content))
    person = mail.sender(message, frozenset({"service@dealer.example"}))
    mail.message_key(message, content, person.mailbox.address if person else "")
    mail.reference_ids(message)
    mail.protection(message)
    mail.forwarded_block(message.text)
    evaluate(content, message, ENVELOPE, Zone({}), trusted_sealers=("google.com",))
    for attachment in message.attachments:
        mail.invitation(attachment)
    shown = mail.show(message.html, message.text, subject=message.subject)
    pieces = [mail.new_text(message), shown.html, shown.history, shown.signature]
    for piece in pieces:
        piece.encode()  # no lone surrogates
        assert "\x00" not in piece
    assert "<script" not in "".join(pieces[1:]).lower()
    return message


def assert_bounded(message: mail.Message, content: bytes) -> None:
    assert len(message.attachments) <= 1_001
    assert len(message.headers) <= 1_000
    assert len(message.text) <= 30 * len(content) + 10_000
    assert sum(attachment.size for attachment in message.attachments) <= 8 * len(content) + 10_000


def check(count: int, seed: int) -> None:
    for number, (name, content) in enumerate(mutants(count, seed)):
        try:
            message = use(content)
            assert_storable(message)
            assert_bounded(message, content)
        except Exception as error:
            raise AssertionError(f"mutant {number} of seed {seed}, of {name}") from error


def test_a_sample_of_mutants_is_read() -> None:
    check(SAMPLE, seed=1)


@pytest.mark.soak
def test_twenty_thousand_mutants_are_read() -> None:
    check(soak.scaled(20_000), seed=soak.SEED)


def test_the_work_on_a_mutant_grows_with_its_size_only() -> None:
    costs = [
        (calls(lambda content=content: use(content)), len(content), name)
        for name, content in mutants(COUNTED, 7)
    ]
    assert [cost for cost in costs if cost[0] > BASE + CALLS * cost[1]] == []


def calls(work: Callable[[], object]) -> int:
    """How many functions `work` calls, of Python and of C."""
    count = 0

    def note(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count
