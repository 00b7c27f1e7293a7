"""The DNS over a real socket: answers, none, and silence; cached, and limited for each mail."""

from __future__ import annotations

import pytest

from emailhub.egress.dns import Resolver
from emailhub.mail import parse
from emailhub.mail.authenticity import Envelope, LookupFailedError, Verdict, evaluate
from tests.egress.nameserver import NameServer

RECORDS = {
    "farm.example TXT": ['"v=spf1 ip4:192.0.2.1" " -all"'],
    "_dmarc.farm.example TXT": ['"v=DMARC1; p=reject"'],
    "farm.example MX": ["20 b.farm.example.", "10 a.farm.example."],
    "a.farm.example A": ["192.0.2.5"],
    "a.farm.example AAAA": ["2001:db8::5"],
    "5.2.0.192.in-addr.arpa PTR": ["a.farm.example."],
}
LETTER = b"From: carla@farm.example\r\nSubject: Pump\r\n\r\nThe pump leaks.\r\n"


def resolver(server: NameServer, seconds: float = 2.0) -> Resolver:
    return Resolver([server.address], seconds=seconds)


def test_every_kind_of_record_is_read() -> None:
    with NameServer(RECORDS) as server:
        asks = resolver(server).for_one_mail()
        assert asks.txt("farm.example") == ["v=spf1 ip4:192.0.2.1 -all"]
        assert asks.mx("farm.example") == ["a.farm.example", "b.farm.example"]
        assert asks.addresses("a.farm.example", version=4) == ["192.0.2.5"]
        assert asks.addresses("a.farm.example", version=6) == ["2001:db8::5"]
        assert asks.ptr("192.0.2.5") == ["a.farm.example"]


def test_what_is_not_there_is_an_empty_answer() -> None:
    with NameServer(RECORDS) as server:
        asks = resolver(server).for_one_mail()
        assert asks.txt("nowhere.example") == []
        assert asks.txt("a.farm.example") == []


def test_an_answer_is_asked_for_once() -> None:
    with NameServer(RECORDS) as server:
        shared = resolver(server)
        for _ in range(3):
            assert shared.for_one_mail().txt("farm.example") != []
            assert shared.for_one_mail().txt("nowhere.example") == []
        assert sorted(server.questions) == ["farm.example TXT", "nowhere.example TXT"]


def test_silence_is_a_failed_look_up_and_after_some_nobody_waits_any_more() -> None:
    silent = frozenset(f"{n}.silent.example" for n in range(10))
    with NameServer(RECORDS, silent=silent) as server:
        asks = resolver(server, seconds=0.2).for_one_mail(now=lambda: 0.0)
        for name in sorted(silent):
            with pytest.raises(LookupFailedError):
                asks.txt(name)
        assert len({question for question in server.questions if "silent" in question}) == 3


@pytest.mark.parametrize(
    "name", ["a..example", f"{'x' * 64}.example", f"{'x.' * 200}example", "\udcff.example"]
)
def test_a_name_that_is_none_is_no_crash(name: str) -> None:
    with NameServer(RECORDS) as server:
        asks = resolver(server).for_one_mail()
        try:
            assert asks.txt(name) == []
        except LookupFailedError as error:
            assert str(error)


def test_one_mail_may_ask_only_so_much_and_so_long() -> None:
    with NameServer(RECORDS) as server:
        asks = resolver(server).for_one_mail()
        with pytest.raises(LookupFailedError):
            for n in range(1_000):
                asks.txt(f"{n}.farm.example")
        assert len(server.questions) < 100
        clock = iter([0.0, 1_000.0])
        late = resolver(server).for_one_mail(now=lambda: next(clock))
        with pytest.raises(LookupFailedError):
            late.txt("farm.example")


def test_a_mail_is_judged_by_real_answers() -> None:
    with NameServer(RECORDS) as server:
        shared = resolver(server)
        honest, forged = (
            Envelope("192.0.2.1", "mx", "c@farm.example"),
            Envelope("192.0.2.9", "mx", "c@farm.example"),
        )
        verdicts = [
            evaluate(LETTER, parse(LETTER), each, shared.for_one_mail()).verdict for each in (honest, forged)
        ]
    assert verdicts == [Verdict.PASS, Verdict.FAIL]
