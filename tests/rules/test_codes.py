"""The vocabulary of the trace."""

import pytest

from emailhub.rules.codes import OUTCOMES, SENTENCES, Code
from emailhub.rules.decision import HoldReason


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_sentence(code):
    assert SENTENCES[code].endswith(".")


def test_no_two_codes_say_the_same():
    assert len(set(SENTENCES.values())) == len(Code)


@pytest.mark.parametrize("reason", HoldReason)
def test_every_reason_to_hold_is_an_outcome(reason):
    assert Code(f"held_{reason}") in OUTCOMES
