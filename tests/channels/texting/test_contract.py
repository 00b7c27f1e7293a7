"""What we ask of the gateway, and what its double answers, held against Twilio's own OpenAPI description.

twilio-messages.openapi.json is the part of it (MIT) that sends a message and shows an account, without its
prose. A whole OpenAPI library would judge no more of a form of five fields than these lines do.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from emailhub.channels.texting.account import Account
from emailhub.channels.texting.send import fields_of
from tests.channels.texting.gateway import Gateway
from tests.texting_lines import ACCOUNT, CARLAS, OURS

SPEC = json.loads(Path(__file__).with_name("twilio-messages.openapi.json").read_text())
POST = SPEC["paths"]["/2010-04-01/Accounts/{AccountSid}/Messages.json"]["post"]
FORM = POST["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]
MESSAGE = SPEC["components"]["schemas"]["api.v2010.account.message"]
US = Account(1, 1, 1, False, ACCOUNT, "token", "https://api.twilio.com", {})


def faults(schema: dict[str, Any], value: Any) -> list[str]:
    """What a schema has against a value."""
    if "$ref" in schema:
        return faults(SPEC["components"]["schemas"][schema["$ref"].rpartition("/")[2]], value)
    if value is None:
        return [] if schema.get("nullable") else ["null"]
    match schema.get("type"):
        case "object":
            missing = [f"{name} is missing" for name in schema.get("required", ()) if name not in value]
            unknown = [f"{name} is unknown" for name in value if name not in schema["properties"]]
            inner = [
                f"{name}: {fault}"
                for name in value.keys() & schema["properties"].keys()
                for fault in faults(schema["properties"][name], value[name])
            ]
            return [*missing, *unknown, *inner]
        case "array":
            return [fault for item in value for fault in faults(schema["items"], item)]
        case "string":
            return _faults_of_text(schema, value)
    return [] if isinstance(value, int | float) else ["no number"]


def _faults_of_text(schema: dict[str, Any], value: Any) -> list[str]:
    if not isinstance(value, str):
        return ["no text"]
    found = [] if re.search(schema.get("pattern", ""), value) else ["pattern"]
    found += ["enum"] if "enum" in schema and value not in schema["enum"] else []
    return found + (["length"] if len(value) > schema.get("maxLength", len(value)) else [])


@pytest.mark.parametrize("kind", ["sms", "whatsapp"])
def test_what_we_ask_for_is_in_the_description_and_nothing_else(kind: str) -> None:
    content = {"kind": kind, "from": OURS, "to": CARLAS, "text": "Sí", "files": [], "key": "a-key"}
    fields = fields_of(content, US)
    assert faults(FORM, fields) == []
    prefix = "whatsapp:" if kind == "whatsapp" else ""
    assert (fields["To"], fields["From"]) == (prefix + CARLAS, prefix + OURS)


def test_the_judge_sees_what_is_wrong() -> None:
    assert faults(FORM, {"Text": "Sí"}) == ["To is missing", "Text is unknown"]


def test_the_double_answers_as_the_description_says() -> None:
    status, body = Gateway("http://127.0.0.1").take({"To": [CARLAS], "From": [OURS], "Body": ["Sí"]})
    assert str(status) in POST["responses"]
    assert faults(MESSAGE, body) == []
