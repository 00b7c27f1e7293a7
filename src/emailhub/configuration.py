"""Read the environment once: names, defaults, *_FILE, and clear errors. Knows no Django.

docs/configuration.md has a row for each variable; a test holds the two together.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from emailhub import postgres


class ConfigurationError(Exception):
    """A setting is missing or cannot be used. The message says which and what to do."""


@dataclass(frozen=True)
class Variable:
    """One environment variable, its default and its meaning."""

    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable(
        "EMAILHUB_DATA",
        "",
        "Folder of all data. Default: `data` in the checkout; as root a folder under /var/lib/emailhub.",
    ),
    Variable(
        "DATABASE_URL",
        "",
        "An existing PostgreSQL (15 or later) as postgresql://user:password@host/name. Empty: the embedded one.",
    ),
    Variable(
        "DATABASE_OWNER_URL",
        "",
        "The role that owns the tables, for migrations. Empty: the role of DATABASE_URL, which then switches to EMAILHUB_DATABASE_ROLE.",
    ),
    Variable("EMAILHUB_DATABASE_ROLE", "emailhub_app", "The role under which the application works."),
    Variable(
        "EMAILHUB_SECRET_KEY", "", "Signs sessions and tokens. Empty: made once and kept in the data folder."
    ),
    Variable("EMAILHUB_HOST", "127.0.0.1", "Address that the web server listens on."),
    Variable("EMAILHUB_PORT", "8000", "Port of the web server."),
    Variable(
        "EMAILHUB_URL",
        "",
        "Address under which people reach the pages, as https://desk.example.com. Empty: http://localhost:EMAILHUB_PORT.",
    ),
    Variable("EMAILHUB_SMTP_HOST", "127.0.0.1", "Address that the SMTP listener binds to."),
    Variable("EMAILHUB_SMTP_PORT", "2525", "Port of the SMTP listener. 0: none."),
    Variable("EMAILHUB_LMTP_PORT", "0", "Port of the LMTP listener. 0: none."),
    Variable(
        "EMAILHUB_SMTP_CERTIFICATE", "", "PEM file with certificate chain: the listener offers STARTTLS."
    ),
    Variable("EMAILHUB_SMTP_KEY", "", "PEM file with the key of that certificate."),
    Variable("EMAILHUB_MAIL_DOMAIN", "inbox.example", "Domain of the addresses that EmailHub generates."),
    Variable("EMAILHUB_MAX_MESSAGE_SIZE", "41943040", "Largest mail that is taken in, in bytes."),
    Variable(
        "EMAILHUB_MAX_ATTACHMENTS_SIZE",
        "26214400",
        "Largest sum of attachments of one outgoing mail, in bytes.",
    ),
    Variable(
        "EMAILHUB_RELAY_HOST", "", "SMTP server that takes outgoing mail. Empty: mail waits in the outbox."
    ),
    Variable("EMAILHUB_RELAY_PORT", "587", "Its port."),
    Variable("EMAILHUB_RELAY_SECURITY", "starttls", "starttls, tls or none."),
    Variable("EMAILHUB_RELAY_USER", "", "Log-in at the relay. Empty: none."),
    Variable("EMAILHUB_RELAY_PASSWORD", "", "Password at the relay."),
    Variable("EMAILHUB_UNDO_SECONDS", "10", "How long a sent mail can be taken back before it leaves."),
    Variable("EMAILHUB_WORKERS", "2", "Worker processes that `emailhub up` starts."),
    Variable(
        "EMAILHUB_DEMO", "", "on: `emailhub up` fills new data with a demo and keeps everything on loopback."
    ),
    Variable("EMAILHUB_DEBUG", "", "on: Django's debug pages. Never with real mail."),
)


def read(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """The value of a variable, from NAME or from the file that NAME_FILE names, or its default."""
    variable = next(v for v in VARIABLES if v.name == name)
    if file := environment.get(f"{name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConfigurationError(f"{name}_FILE: cannot read {file}: {error.strerror}") from error
    return environment.get(name) or variable.default


def read_number(name: str) -> int:
    value = read(name)
    if not value.isdigit():
        raise ConfigurationError(f"{name} must be a whole number, not {value!r}")
    return int(value)


def read_switch(name: str) -> bool:
    value = read(name).lower()
    if value not in ("", "on", "off", "1", "0", "true", "false"):
        raise ConfigurationError(f"{name} must be on or off, not {value!r}")
    return value in ("on", "1", "true")


def checkout() -> Path:
    """The folder of the checkout, or the working directory where the program was installed from a wheel."""
    source = Path(__file__).resolve().parents[2]
    return source if (source / "pyproject.toml").exists() else Path.cwd()


def data_root() -> Path:
    named = read("EMAILHUB_DATA")
    return Path(named).expanduser().absolute() if named else postgres.default_root(checkout())


def secret_key() -> str:
    """The key that signs sessions and tokens; made once and kept beside the data."""
    if given := read("EMAILHUB_SECRET_KEY"):
        if len(given) < 32:
            raise ConfigurationError(
                "EMAILHUB_SECRET_KEY needs at least 32 characters; `openssl rand -base64 48` makes one"
            )
        return given
    path = data_root() / "secret_key"
    if not path.exists():
        _create_private(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _create_private(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(content)
    try:
        os.link(temporary, path)  # the first of several processes wins
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


@dataclass(frozen=True)
class Databases:
    """Django's connection settings of the application's role and of the owner's."""

    default: dict[str, object]
    owner: dict[str, object]


def databases() -> Databases:
    url = read("DATABASE_URL")
    if not url:
        root = data_root()
        return Databases(_embedded(root, "app"), _embedded(root, "owner"))
    role = read("EMAILHUB_DATABASE_ROLE")
    owner_url = read("DATABASE_OWNER_URL")
    application = _from_url(url)
    if not owner_url:  # one log-in: every connection of the application takes the lesser role
        application["OPTIONS"] = {**_options(application), "options": f"-c role={role}"}
    return Databases(application, _from_url(owner_url or url))


def _options(settings: dict[str, object]) -> dict[str, object]:
    options = settings.get("OPTIONS", {})
    assert isinstance(options, dict)
    return options


def _embedded(root: Path, role: postgres.Role) -> dict[str, object]:
    parameters = postgres.parameters(root, role=role)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parameters["dbname"],
        "USER": parameters["user"],
        "HOST": parameters["host"],
    }


def _from_url(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise ConfigurationError("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {key: unquote(value) for key, value in query.items()},
    }
