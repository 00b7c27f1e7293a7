"""X-Twilio-Signature, by the worked examples and by everything that a forger could change."""

from __future__ import annotations

import pytest

from emailhub.channels.texting.signatures import is_signed, sign

TOKEN = "12345"
VOICE = "https://mycompany.com/myapp.php?foo=1&bar=2"
VOICE_FORM = {
    "CallSid": ["CA1234567890ABCDE"],
    "Caller": ["+12349013030"],
    "Digits": ["1234"],
    "From": ["+12349013030"],
    "To": ["+18005551212"],
}
SMS = "https://desk.example.test/webhooks/twilio/inbound"
SID = ["SM" + "1" * 32]
SMS_FORM = {
    "AccountSid": ["AC" + "0" * 32],
    "ApiVersion": ["2010-04-01"],
    "Body": ["STOP"],
    "From": ["+15551230001"],
    "MessageSid": SID,
    "SmsMessageSid": SID,
    "SmsSid": SID,
    "NumMedia": ["0"],
    "NumSegments": ["1"],
    "SmsStatus": ["received"],
    "To": ["+15551239999"],
}


def test_the_worked_examples_come_out() -> None:
    assert sign(VOICE, VOICE_FORM, TOKEN) == "0/KCTR6DLpKmkAf8muzZqo1nDgQ="
    assert sign(SMS, SMS_FORM, TOKEN) == "MB3zILlQDh18YuH5KbFYNSOGfA8="


def test_the_usual_port_may_be_counted_to_the_url_or_not() -> None:
    with_port = "https://mycompany.com:443/myapp.php?foo=1&bar=2"
    assert is_signed(VOICE, VOICE_FORM, sign(with_port, VOICE_FORM, TOKEN), TOKEN)
    assert is_signed(with_port, VOICE_FORM, sign(VOICE, VOICE_FORM, TOKEN), TOKEN)


def test_a_repeated_value_counts_once_and_in_order() -> None:
    assert sign(SMS, {"a": ["2", "1", "2"]}, TOKEN) == sign(SMS, {"a": ["1", "2"]}, TOKEN)


@pytest.mark.parametrize(
    ("url", "form", "signature"),
    [
        (SMS, SMS_FORM, ""),
        (SMS, SMS_FORM, "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
        (SMS, SMS_FORM, "não é base64"),
        (SMS.replace("https", "http"), SMS_FORM, "MB3zILlQDh18YuH5KbFYNSOGfA8="),
        (SMS + "?message=1", SMS_FORM, "MB3zILlQDh18YuH5KbFYNSOGfA8="),
        (SMS, {**SMS_FORM, "Body": ["START"]}, "MB3zILlQDh18YuH5KbFYNSOGfA8="),
        (SMS, {**SMS_FORM, "More": [""]}, "MB3zILlQDh18YuH5KbFYNSOGfA8="),
    ],
    ids=["none", "another's", "no base64", "http", "query", "changed", "added"],
)
def test_nothing_else_is_believed(url: str, form: dict[str, list[str]], signature: str) -> None:
    assert not is_signed(url, form, signature, TOKEN)


def test_an_account_without_a_token_believes_nobody() -> None:
    assert not is_signed(SMS, SMS_FORM, sign(SMS, SMS_FORM, ""), "")
