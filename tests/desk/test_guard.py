"""What is asked before a mail leaves: who is new, who is hidden, who is left out."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from emailhub.desk.answer import Answer
from emailhub.desk.guard import Around, Kind, weigh
from emailhub.mail import Mailbox

CARLA, JON, BOB = "carla@farm.example", "jon@farm.example", "bob@law.example"
AROUND = Around(
    customer=frozenset({CARLA}),
    openly=frozenset({JON}),
    hidden=frozenset({BOB}),
    contacts=frozenset({"pia@seeds.example"}),
    teams=frozenset({"parts@inbox.example"}),
    hidden_author=None,
)


def answer(to: str = CARLA, cc: str = "", bcc: str = "", forwards: int | None = None) -> Answer:
    return Answer(
        to=people(to),
        cc=people(cc),
        bcc=people(bcc),
        subject="Re",
        html="<p>x</p>",
        key=uuid.uuid4(),
        forwards=forwards,
    )


def people(addresses: str) -> tuple[Mailbox, ...]:
    return tuple(Mailbox("", address) for address in addresses.split())


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        (answer(), []),
        (answer(cc=JON), []),
        (answer(cc="Jon@FARM.example"), []),
        (answer(cc="pia@seeds.example"), []),
        (answer(cc="eve@farm.example"), [(Kind.NEW, ["eve@farm.example"])]),
        (answer(bcc="eve@evil.example"), [(Kind.OUTSIDE, ["eve@evil.example"])]),
        (answer(cc=BOB), [(Kind.HIDDEN_SHOWN, [BOB])]),
        (answer(bcc=BOB), []),
        (answer(to=BOB), []),
        (answer(to=JON), [(Kind.CUSTOMER_LEFT_OUT, [])]),
        (answer(to=JON, forwards=7), []),
        (answer(cc="parts@inbox.example"), [(Kind.OTHER_TEAM, ["parts@inbox.example"])]),
    ],
)
def test_it_asks_about_whom_the_ticket_does_not_expect(
    sent: Answer, asked: list[tuple[Kind, list[str]]]
) -> None:
    found = [(one.kind, [box.address for box in one.people]) for one in weigh(sent, AROUND)]
    assert found == asked


@pytest.mark.parametrize(
    ("html", "asked"),
    [
        ('<a href="https://dealer.example/a">www.dealer.example</a>', []),
        ('<a href="https://dealer.example/a">our page</a>', []),
        ('<a href="mailto:a@dealer.example">dealer.example</a>', []),
        (
            '<a class="x" href="https://evil.example/">https://<b>bank.example</b>/in</a>',
            ["https://bank.example/in"],
        ),
    ],
)
def test_it_asks_about_a_link_whose_words_name_another_place(html: str, asked: list[str]) -> None:
    found = weigh(replace(answer(), html=html), AROUND)
    assert [box.name for one in found for box in one.people] == asked


def test_it_asks_before_others_hear_an_answer_to_who_was_hidden() -> None:
    hidden = Around(**{**vars(AROUND), "hidden_author": Mailbox("Bob", BOB)})
    assert [one.kind for one in weigh(answer(), hidden)] == [Kind.HIDDEN_WROTE]
    assert weigh(answer(to=BOB), hidden) == []
