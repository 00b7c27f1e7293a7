"""What may be configured, how wrong values are answered, and that docs/configuration.md says the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from emailhub import configuration
from emailhub.configuration import VARIABLES, ConfigurationError, read, read_switch
from tests.cli.installation import Installation

CHECKOUT = Path(__file__).parents[1]
DOCUMENT = (CHECKOUT / "docs" / "configuration.md").read_text()


def documented() -> dict[str, tuple[str, str]]:
    """Default and meaning, by name."""
    rows = re.findall(r"^\| `(\w+)` \| (?:`(.*?)`|—) \| (.+) \|$", DOCUMENT, re.MULTILINE)
    return {name: (default, meaning) for name, default, meaning in rows}


def test_each_variable_has_a_row_and_each_row_a_variable() -> None:
    assert documented() == {variable.name: (variable.default, variable.meaning) for variable in VARIABLES}


def test_each_variable_that_the_code_reads_is_one_of_them() -> None:
    names = {variable.name for variable in VARIABLES}
    ours = {"EMAILHUB_POSTGRES", "EMAILHUB_TEST_ROOT"}  # of the embedded server and of the tests
    for path in (CHECKOUT / "src").rglob("*.py"):
        found = set(re.findall(r"\b(?:EMAILHUB_|DATABASE_)[A-Z_]*[A-Z]\b", path.read_text()))
        found -= {"DATABASE_ROLE", "DATABASE_LOST", "EMAILHUB_PORT_FILE"}
        assert found <= names | ours, path


def test_each_default_can_be_used() -> None:
    for variable in VARIABLES:
        assert read(variable.name, {}) == variable.default
        assert not variable.default or variable.kind.pattern.fullmatch(variable.default)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("EMAILHUB_PORT", "http", "EMAILHUB_PORT must be a port number, not 'http'"),
        ("EMAILHUB_PORT", "65536", "EMAILHUB_PORT must be a port number, not '65536'"),
        ("EMAILHUB_PORT", "-1", "EMAILHUB_PORT must be a port number, not '-1'"),
        ("EMAILHUB_PORT", "0", "EMAILHUB_PORT cannot be 0: people need an address that stays"),
        ("EMAILHUB_SMTP_PORT", "²", "EMAILHUB_SMTP_PORT must be a port number, not '²'"),
        ("EMAILHUB_WORKERS", "two", "EMAILHUB_WORKERS must be a whole number, not 'two'"),
        ("EMAILHUB_DEMO", "maybe", "EMAILHUB_DEMO must be on or off, not 'maybe'"),
        (
            "EMAILHUB_RELAY_SECURITY",
            "ssl",
            "EMAILHUB_RELAY_SECURITY must be starttls, tls or none, not 'ssl'",
        ),
        (
            "EMAILHUB_MAIL_DOMAIN",
            "@a.b",
            "EMAILHUB_MAIL_DOMAIN must be a domain like mail.example.com, not '@a.b'",
        ),
        (
            "EMAILHUB_URL",
            "desk.example.com/",
            "EMAILHUB_URL must be an address like https://desk.example.com, without a path,"
            " not 'desk.example.com/'",
        ),
        (
            "EMAILHUB_MICROSOFT_TENANT",
            "common",
            "EMAILHUB_MICROSOFT_TENANT must be the id or the domain of one tenant; common, organizations and"
            " consumers let strangers in, not 'common'",
        ),
        (
            "EMAILHUB_OIDC_URL",
            "http://login.example.com",
            "EMAILHUB_OIDC_URL must be an address like https://login.example.com/realms/main,"
            " not 'http://login.example.com'",
        ),
        (
            "EMAILHUB_OIDC_URL",
            "https://login.example.com/realms/main",
            "EMAILHUB_OIDC_URL is set, so EMAILHUB_OIDC_CLIENT_ID must be too",
        ),
        (
            "EMAILHUB_SECRET_KEY",
            "short",
            "EMAILHUB_SECRET_KEY needs at least 32 characters; `openssl rand -base64 48` makes one",
        ),
        (
            "DATABASE_URL",
            "mysql://u:p@h/n",
            "DATABASE_URL must look like postgresql://user:password@host:5432/name",
        ),
        (
            "DATABASE_URL",
            "postgresql://u:p@h:port/n",
            "DATABASE_URL must look like postgresql://user:password@host:5432/name",
        ),
        (
            "DATABASE_URL",
            "postgresql://h",
            "DATABASE_URL must look like postgresql://user:password@host:5432/name",
        ),
    ],
)
def test_a_wrong_value_is_a_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError) as refused:
        configuration.refuse_bad_values()
    assert str(refused.value) == sentence


def test_a_password_in_a_wrong_address_of_the_database_is_not_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner:hunter2@host:x/name")
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:hunter2@host/name")
    with pytest.raises(ConfigurationError, match=r"^DATABASE_OWNER_URL must look like") as refused:
        configuration.refuse_bad_values()
    assert "hunter2" not in str(refused.value)


def test_a_value_may_lie_in_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from the file\n")
    both = {"EMAILHUB_RELAY_PASSWORD": "direct", "EMAILHUB_RELAY_PASSWORD_FILE": str(secret)}
    assert read("EMAILHUB_RELAY_PASSWORD", both) == "from the file"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^EMAILHUB_PORT_FILE: cannot read /no/where: No such file"):
        read("EMAILHUB_PORT", {"EMAILHUB_PORT_FILE": "/no/where"})
    (tmp_path / "key").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match=r"is not a text file in UTF-8$"):
        read("EMAILHUB_SECRET_KEY", {"EMAILHUB_SECRET_KEY_FILE": str(tmp_path / "key")})


def test_a_value_in_a_file_is_looked_at_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("many")
    with pytest.raises(ConfigurationError, match=r"^EMAILHUB_PORT must be a port number, not 'many'$"):
        read("EMAILHUB_PORT", {"EMAILHUB_PORT_FILE": str(tmp_path / "port")})


@pytest.mark.parametrize(
    ("value", "on"), [("on", True), ("ON", True), ("1", True), ("off", False), ("", False)]
)
def test_a_switch_is_on_or_off(monkeypatch: pytest.MonkeyPatch, value: str, on: bool) -> None:
    monkeypatch.setenv("EMAILHUB_DEMO", value)
    assert read_switch("EMAILHUB_DEMO") is on


def test_an_address_of_the_database_may_have_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "DATABASE_URL",
        "postgres://us%40er:p%2Fw@db.example.com:6432/na%20me?sslmode=require&sslrootcert=/a%20b",
    )
    monkeypatch.setenv("EMAILHUB_DATABASE_ROLE", "lesser")
    both = configuration.databases()
    assert both.owner == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "na me",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db.example.com",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require", "sslrootcert": "/a b"},
    }
    assert both.default["OPTIONS"] == {
        "sslmode": "require",
        "sslrootcert": "/a b",
        "options": "-c role=lesser",
    }


def test_the_key_is_made_once_and_nobody_else_may_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMAILHUB_DATA", str(tmp_path))
    made = configuration.secret_key()
    assert len(made) >= 48
    assert configuration.secret_key() == made
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def test_the_help_names_each_option_with_its_variable(tmp_path: Path) -> None:
    shown = " ".join(Installation(tmp_path).command("up", "--help").stdout.split())
    options = ("data", "host", "port", "smtp-host", "smtp-port", "mail-domain", "relay-host", "relay-port")
    for option in (*options, "relay-security", "relay-user"):
        assert f"--{option} VALUE" in shown
        assert f"(or EMAILHUB_{option.replace('-', '_').upper()})" in shown
    assert "--demo, --no-demo" in shown
    assert "docs/configuration.md" in shown
