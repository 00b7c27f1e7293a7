"""What a trusted filter's field says."""

from __future__ import annotations

import pytest

from emailhub import mail
from tests.letters import letter


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("X-Spam-Flag", "YES", True),
        ("X-Spam-Flag", "NO", False),
        ("X-Spam-Status", "Yes, score=9.1 required=5.0 tests=[BAYES_99]", True),
        ("X-Spam-Status", "No, score=-1.0", False),
        ("X-Spam", "Yes", True),
        ("X-Spam", "", False),
    ],
)
def test_the_field_that_is_configured_decides(field: str, value: str, says: bool) -> None:
    message = mail.parse(letter("a@b.example", headers={field: value}))
    assert mail.is_marked_junk(message, field) is says
    assert not mail.is_marked_junk(message, "")
    assert not mail.is_marked_junk(message, "X-Other")


def test_of_two_fields_the_one_on_top_was_set_last() -> None:
    raw = b"X-Spam-Flag: NO\r\nX-Spam-Flag: YES\r\n" + letter("a@b.example")
    assert not mail.is_marked_junk(mail.parse(raw), "X-Spam-Flag")
