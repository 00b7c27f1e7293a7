"""What a log entry looks like, and what it never holds."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from django.db import IntegrityError, transaction

from emailhub.accounts.models import User
from emailhub.cli import logs, secrets
from emailhub.cli.tracebacks import write_traceback
from tests.cast import Cast

PASSWORD = "canary-relay-password"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    secrets.known_secrets.cache_clear()
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
    secrets.known_secrets.cache_clear()


def written(monkeypatch: pytest.MonkeyPatch, *, terminal: bool = False) -> io.StringIO:
    """Standard error from now on, with logs configured for it."""
    stream = Terminal() if terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    logs.configure()
    return stream


def test_an_entry_is_a_line_of_json_with_its_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = written(monkeypatch)
    structlog.get_logger("emailhub.intake").warning("it waits", received=7)
    logging.getLogger("django.request").warning("Not Found: %s", "/x/")
    ours, theirs = (json.loads(line) for line in stream.getvalue().splitlines())
    assert ours | {"timestamp": ""} == {
        "event": "it waits",
        "received": 7,
        "level": "warning",
        "logger": "emailhub.intake",
        "timestamp": "",
    }
    assert (theirs["event"], theirs["logger"]) == ("Not Found: /x/", "django.request")


@pytest.mark.parametrize(
    ("chosen", "terminal", "json_lines"),
    [("", False, True), ("", True, False), ("json", True, True), ("text", False, False)],
)
def test_the_form_is_chosen_or_fits_where_it_goes(
    monkeypatch: pytest.MonkeyPatch, chosen: str, terminal: bool, json_lines: bool
) -> None:
    monkeypatch.setenv("EMAILHUB_LOGS", chosen)
    stream = written(monkeypatch, terminal=terminal)
    structlog.get_logger().info("hello")
    assert stream.getvalue().startswith("{") is json_lines


@pytest.mark.parametrize("terminal", [False, True])
def test_a_traceback_says_where_and_not_with_what(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    stream = written(monkeypatch, terminal=terminal)

    def fail(text: str) -> None:
        raise ValueError("it is odd")

    try:
        fail("canary-text")
    except ValueError:
        structlog.get_logger().exception("failed")
    said = stream.getvalue()
    assert "in fail" in said
    assert "ValueError: it is odd" in said
    assert said.count("canary-text") == 1  # in our own source; no variable's value is told


def test_a_cause_is_told_before_its_effect() -> None:
    effect = ValueError("second")
    effect.__cause__ = KeyError("first")
    said = str(write_traceback(None, "error", {"exc_info": effect})["exception"])
    assert said.index("KeyError: 'first'") < said.index("direct cause") < said.index("ValueError: second")


def test_an_error_of_the_database_does_not_repeat_the_row(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a walled table PostgreSQL itself tells the application's role no more; of others it does."""
    stream = written(monkeypatch)
    try:
        with transaction.atomic():
            User.objects.create_user(cast.ana.user.email, "canary-password")
    except IntegrityError as error:
        assert "ana@dealer.example" in str(error)
        structlog.get_logger().exception("failed")
    said = json.loads(stream.getvalue())["exception"]
    assert "UniqueViolation: duplicate key value" in said
    assert "ana@dealer.example" not in said


def test_a_secret_of_the_settings_is_hidden_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAILHUB_RELAY_PASSWORD", PASSWORD)
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:canary%2Fdatabase@127.0.0.1/emailhub")
    stream = written(monkeypatch)
    structlog.get_logger().warning(
        f"535 {PASSWORD} was refused", settings={"password": PASSWORD}, tried=["canary/database"]
    )
    entry = json.loads(stream.getvalue())
    assert entry["event"] == "535 [hidden] was refused"
    assert entry["settings"] == {"password": "[hidden]"}
    assert entry["tried"] == ["[hidden]"]


def test_what_opens_an_account_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = written(monkeypatch)
    path = "/account/password/reset/key/3-canary0abc-1234567890/"
    logging.getLogger("django.request").error("Internal Server Error: %s", path)
    assert json.loads(stream.getvalue())["event"] == (
        "Internal Server Error: /account/password/reset/key/[hidden]/"
    )
