"""Read the environment once: names, defaults, *_FILE, and clear errors. Knows no Django.

docs/configuration.md has a row for each variable; a test holds the two together.
"""

from __future__ import annotations

import importlib.util
import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from emailhub import postgres


class ConfigurationError(Exception):
    """A setting is missing or cannot be used. The message says which and what to do."""


class Kind(Enum):
    """What a value must look like, and how that is said."""

    TEXT = (r".*", "text")
    NUMBER = (r"[0-9]{1,12}", "a whole number")
    PORT = (r"[0-9]{1,5}", "a port number")
    SWITCH = (r"(?i)on|off|1|0|true|false", "on or off")
    URL = (r"https?://[^/\s]+", "an address like https://desk.example.com, without a path")
    DOMAIN = (r"(?i)[a-z0-9-]+(\.[a-z0-9-]+)+", "a domain like mail.example.com")
    FIELD = (r"[A-Za-z0-9-]{0,60}", "the name of a header field")
    ISSUER = (
        r"https://[^/\s]+\S*|http://(localhost|127\.0\.0\.1)(:\d+)?(/\S*)?",
        "an address like https://login.example.com/realms/main",
    )
    TENANT = (
        r"(?i)(?!(common|organizations|consumers)$)[a-z0-9-]+(\.[a-z0-9-]+)*",
        "the id or the domain of one tenant; common, organizations and consumers let strangers in",
    )
    SECURITY = (r"(?i)starttls|tls|none", "starttls, tls or none")
    NETWORKS = (r"[0-9a-fA-F.:/]+([ ,]+[0-9a-fA-F.:/]+)*", "addresses or networks like 192.0.2.7, 10.0.0.0/8")
    SERVERS = (
        r"(?i)off|[0-9a-fA-F.:\[\]]+([ ,]+[0-9a-fA-F.:\[\]]+)*",
        "off, or addresses with or without a port",
    )
    LOGS = (r"(?i)json|text", "json or text")

    def __init__(self, pattern: str, words: str) -> None:
        self.pattern = re.compile(pattern, re.DOTALL)
        self.words = words


@dataclass(frozen=True)
class Variable:
    """One environment variable, its default, its meaning and what its values look like."""

    name: str
    default: str
    meaning: str
    kind: Kind = Kind.TEXT


VARIABLES = (
    Variable(
        "EMAILHUB_DATA",
        "",
        "Folder of all data. Default: `data` in the checkout; as root a folder under /var/lib/emailhub.",
    ),
    Variable(
        "DATABASE_URL",
        "",
        "An existing PostgreSQL (15 or newer): postgresql://user:password@host/name. Empty: our own.",
    ),
    Variable(
        "DATABASE_OWNER_URL",
        "",
        "The role that owns the tables, for migrations. Empty: that of DATABASE_URL, which then works as"
        " EMAILHUB_DATABASE_ROLE.",
    ),
    Variable("EMAILHUB_DATABASE_ROLE", "emailhub_app", "The role under which the application works."),
    Variable(
        "EMAILHUB_SECRET_KEY", "", "Signs sessions and tokens. Empty: made once and kept in the data folder."
    ),
    Variable(
        "EMAILHUB_OLD_SECRET_KEYS",
        "",
        "Earlier values of EMAILHUB_SECRET_KEY, with commas: what they signed or sealed stays good.",
    ),
    Variable(
        "EMAILHUB_S3_BUCKET",
        "",
        "Bucket of an S3 store for raw mails and attachments. Empty: the folder `files` of the data.",
    ),
    Variable(
        "EMAILHUB_S3_ENDPOINT",
        "",
        "Address of an S3 store that is not Amazon's, like https://s3.example.com.",
        Kind.URL,
    ),
    Variable("EMAILHUB_S3_REGION", "", "Region of the bucket."),
    Variable(
        "EMAILHUB_S3_ACCESS_KEY", "", "Key of the S3 store. Empty: what the machine's own AWS settings say."
    ),
    Variable("EMAILHUB_S3_SECRET_KEY", "", "Its secret."),
    Variable("EMAILHUB_HOST", "127.0.0.1", "Address that the web server listens on."),
    Variable("EMAILHUB_PORT", "8000", "Port of the web server.", Kind.PORT),
    Variable(
        "EMAILHUB_URL",
        "",
        "Where people reach the pages, like https://desk.example.com. Empty: http://localhost:EMAILHUB_PORT.",
        Kind.URL,
    ),
    Variable(
        "EMAILHUB_TRUSTED_PROXIES",
        "127.0.0.1",
        "Addresses or networks of reverse proxies, with commas. Only their X-Forwarded-For and -Proto count.",
    ),
    Variable(
        "EMAILHUB_OIDC_URL",
        "",
        "Issuer of an OpenID Connect provider to sign in with, https://… Empty: none. See docs/sign-in.md.",
        Kind.ISSUER,
    ),
    Variable("EMAILHUB_OIDC_CLIENT_ID", "", "The id that it gave to EmailHub."),
    Variable("EMAILHUB_OIDC_CLIENT_SECRET", "", "The secret that belongs to the id."),
    Variable("EMAILHUB_OIDC_NAME", "Single sign-on", "What stands on its button: *Continue with …*."),
    Variable(
        "EMAILHUB_MICROSOFT_TENANT",
        "",
        "Id or domain of the Microsoft Entra tenant to sign in with. Empty: none. See docs/sign-in.md.",
        Kind.TENANT,
    ),
    Variable("EMAILHUB_MICROSOFT_CLIENT_ID", "", "Id of the application registered in it for sign-in."),
    Variable("EMAILHUB_MICROSOFT_CLIENT_SECRET", "", "A secret of that application."),
    Variable(
        "EMAILHUB_GRAPH_CLIENT_ID",
        "",
        "Id of the application registered at Microsoft through which teams connect their Microsoft 365"
        " mailboxes. Empty: they cannot. See docs/microsoft-365.md.",
    ),
    Variable("EMAILHUB_GRAPH_CLIENT_SECRET", "", "A secret of that application."),
    Variable(
        "EMAILHUB_GRAPH_URL",
        "https://graph.microsoft.com",
        "Microsoft Graph. National clouds have their own, like https://graph.microsoft.us.",
        Kind.URL,
    ),
    Variable(
        "EMAILHUB_GRAPH_LOGIN_URL",
        "https://login.microsoftonline.com",
        "The sign-in that belongs to it, like https://login.microsoftonline.us.",
        Kind.URL,
    ),
    Variable("EMAILHUB_SMTP_HOST", "127.0.0.1", "Address that the SMTP listener binds to."),
    Variable("EMAILHUB_SMTP_PORT", "2525", "Port of the SMTP listener. 0: none.", Kind.PORT),
    Variable("EMAILHUB_LMTP_PORT", "0", "Port of the LMTP listener. 0: none.", Kind.PORT),
    Variable(
        "EMAILHUB_SMTP_CERTIFICATE", "", "PEM file with certificate chain: the listener offers STARTTLS."
    ),
    Variable("EMAILHUB_SMTP_KEY", "", "PEM file with the key of that certificate."),
    Variable(
        "EMAILHUB_MAIL_DOMAIN",
        "inbox.example",
        "Domain of the addresses that EmailHub generates.",
        Kind.DOMAIN,
    ),
    Variable(
        "EMAILHUB_MAX_MESSAGE_SIZE", "41943040", "Largest mail that is taken in, in bytes.", Kind.NUMBER
    ),
    Variable(
        "EMAILHUB_MAX_ATTACHMENTS_SIZE",
        "26214400",
        "Largest sum of attachments of one outgoing mail, in bytes.",
        Kind.NUMBER,
    ),
    Variable(
        "EMAILHUB_MAX_LINKED_FILE_SIZE",
        "1073741824",
        "Largest file, in bytes, that leaves as a link because it does not fit into the mail. 0: none does,"
        " and larger mails are refused.",
        Kind.NUMBER,
    ),
    Variable(
        "EMAILHUB_LINKED_FILE_DAYS",
        "30",
        "How long such a link is good. Then the file is deleted.",
        Kind.NUMBER,
    ),
    Variable(
        "EMAILHUB_RELAY_HOST", "", "SMTP server that takes outgoing mail. Empty: mail waits in the outbox."
    ),
    Variable("EMAILHUB_RELAY_PORT", "587", "Its port.", Kind.PORT),
    Variable("EMAILHUB_RELAY_SECURITY", "starttls", "starttls, tls or none.", Kind.SECURITY),
    Variable("EMAILHUB_RELAY_USER", "", "Log-in at the relay. Empty: none."),
    Variable("EMAILHUB_RELAY_PASSWORD", "", "Password at the relay."),
    Variable(
        "EMAILHUB_UNDO_SECONDS", "10", "How long a sent mail can be taken back before it leaves.", Kind.NUMBER
    ),
    Variable(
        "EMAILHUB_JUNK_HEADER",
        "",
        "Header field by which your mail server says that a mail is junk, like X-Spam-Flag. It must remove"
        " the field from what comes in. Empty: none is believed.",
        Kind.FIELD,
    ),
    Variable(
        "EMAILHUB_DNS",
        "",
        "Name servers that are asked about senders (SPF, DKIM, DMARC): address or address:port. Empty: those"
        " of the machine. off: nobody is asked, senders are not verified.",
        Kind.SERVERS,
    ),
    Variable(
        "EMAILHUB_TRUSTED_PEERS",
        "",
        "Mail servers of yours that hand mail on to the SMTP listener: addresses or networks. They may say"
        " whose mail it is (XCLIENT, XFORWARD); without that SPF is not checked for what they bring.",
        Kind.NETWORKS,
    ),
    Variable(
        "EMAILHUB_AUTHSERV_ID",
        "",
        "Name under which a trusted peer writes Authentication-Results, like mx.example.com. What it found"
        " is then believed. It must remove such fields from what comes in. Empty: none is believed.",
        Kind.DOMAIN,
    ),
    Variable(
        "EMAILHUB_TRUSTED_SEALERS",
        "google.com, microsoft.com",
        "Domains of forwarders whose ARC seal excuses a mail that they changed on its way.",
    ),
    Variable(
        "EMAILHUB_ALLOWED_PRIVATE_HOSTS",
        "",
        "Hosts that managers may name as servers though their addresses are not public: names, addresses or"
        " networks, like mail.intern.example.com, 10.0.0.0/24. Empty: only public addresses are"
        " connected to.",
    ),
    Variable("EMAILHUB_WORKERS", "2", "Worker processes that `emailhub up` starts.", Kind.NUMBER),
    Variable(
        "EMAILHUB_DEMO",
        "",
        "on: `emailhub up` fills new data with a demo and keeps everything on loopback.",
        Kind.SWITCH,
    ),
    Variable(
        "EMAILHUB_METRICS_TOKEN",
        "",
        "Whoever sends it as a bearer token may read /metrics. Empty: only this machine may, directly.",
    ),
    Variable("EMAILHUB_LOGS", "", "json or text. Empty: text at a terminal, JSON elsewhere.", Kind.LOGS),
    Variable("EMAILHUB_DEBUG", "", "on: Django's debug pages. Never with real mail.", Kind.SWITCH),
)


def read(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """The value of a variable, from NAME or from the file that NAME_FILE names, or its default."""
    variable = next(v for v in VARIABLES if v.name == name)
    if file := environment.get(f"{name}_FILE"):
        value = _content_of(file, name)
    else:
        value = environment.get(name, "")
    if not value:
        return variable.default
    if not variable.kind.pattern.fullmatch(value) or (variable.kind is Kind.PORT and int(value) > 65535):
        raise ConfigurationError(f"{name} must be {variable.kind.words}, not {value!r}")
    return value


def read_number(name: str) -> int:
    return int(read(name))


def read_words(name: str) -> list[str]:
    """The words of a list, parted by commas or spaces."""
    return read(name).replace(",", " ").split()


def trusted_peers() -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The networks of EMAILHUB_TRUSTED_PEERS."""
    try:
        return [ipaddress.ip_network(word) for word in read_words("EMAILHUB_TRUSTED_PEERS")]
    except ValueError as error:
        raise ConfigurationError(f"EMAILHUB_TRUSTED_PEERS: {error}") from error


def name_servers() -> list[str] | None:
    """The servers of EMAILHUB_DNS: None for those of the machine, none at all for "off" and in the demo."""
    words = read_words("EMAILHUB_DNS")
    if words == ["off"] or (not words and read_switch("EMAILHUB_DEMO")):
        return []
    return words or None


def read_switch(name: str) -> bool:
    return read(name).lower() in ("on", "1", "true")


def refuse_bad_values() -> None:
    """Raise ConfigurationError for the first value that cannot be used, before anything is begun."""
    for variable in VARIABLES:
        read(variable.name)
    if read_number("EMAILHUB_PORT") == 0:
        raise ConfigurationError("EMAILHUB_PORT cannot be 0: people need an address that stays")
    for key in (read("EMAILHUB_SECRET_KEY"), *old_secret_keys()):
        _refuse_weak_key(key)
    _refuse_half_a_provider()
    databases()
    files_storage()
    trusted_peers()


def _refuse_half_a_provider() -> None:
    for name in ("OIDC_URL", "MICROSOFT_TENANT"):
        provider = name.split("_")[0]
        for part in ("CLIENT_ID", "CLIENT_SECRET"):
            if read(f"EMAILHUB_{name}") and not read(f"EMAILHUB_{provider}_{part}"):
                raise ConfigurationError(f"EMAILHUB_{name} is set, so EMAILHUB_{provider}_{part} must be too")


def _content_of(file: str, name: str) -> str:
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ConfigurationError(f"{name}_FILE: cannot read {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{name}_FILE: {file} is not a text file in UTF-8") from error


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
        _refuse_weak_key(given)
        return given
    path = data_root() / "secret_key"
    if not path.exists():
        _create_private(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def old_secret_keys() -> list[str]:
    """The keys before the present one, the newest first."""
    return read_words("EMAILHUB_OLD_SECRET_KEYS")


def _refuse_weak_key(given: str) -> None:
    if given and len(given) < 32:
        raise ConfigurationError(
            "EMAILHUB_SECRET_KEY needs at least 32 characters; `openssl rand -base64 48` makes one"
        )


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


def files_storage() -> dict[str, object]:
    """Django's storage of raw mails and attachments. Raises ConfigurationError if its library is missing."""
    bucket = read("EMAILHUB_S3_BUCKET")
    if not bucket:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(data_root() / "files")},
        }
    if importlib.util.find_spec("storages") is None:
        raise ConfigurationError(
            "EMAILHUB_S3_BUCKET needs django-storages: install it with `pip install 'emailhub[s3]'`"
        )
    options = {
        "bucket_name": bucket,
        "endpoint_url": read("EMAILHUB_S3_ENDPOINT"),
        "region_name": read("EMAILHUB_S3_REGION"),
        "access_key": read("EMAILHUB_S3_ACCESS_KEY"),
        "secret_key": read("EMAILHUB_S3_SECRET_KEY"),
    }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {name: value for name, value in options.items() if value},
    }


def sign_in_providers() -> list[dict[str, object]]:
    """Who else may say who somebody is, as allauth has it. An e-mail counts only with `verified_claim`."""
    providers = []
    if url := read("EMAILHUB_OIDC_URL"):
        settings: dict[str, object] = {"server_url": url.rstrip("/"), "verified_claim": "email_verified"}
        providers.append(_provider("OIDC", read("EMAILHUB_OIDC_NAME"), settings))
    if tenant := read("EMAILHUB_MICROSOFT_TENANT"):
        settings = {
            "server_url": f"https://login.microsoftonline.com/{tenant}/v2.0",
            # Microsoft's `email` may be anything that its owner typed. This one says that the tenant owns it.
            "verified_claim": "xms_edov",
            "fetch_userinfo": False,  # which would not have the claim
        }
        providers.append(_provider("MICROSOFT", "Microsoft", settings))
    return providers


def _provider(prefix: str, name: str, settings: dict[str, object]) -> dict[str, object]:
    return {
        "provider_id": prefix.lower(),
        "name": name,
        "client_id": read(f"EMAILHUB_{prefix}_CLIENT_ID"),
        "secret": read(f"EMAILHUB_{prefix}_CLIENT_SECRET"),
        "settings": settings,
    }


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
    owner_url = read("DATABASE_OWNER_URL")
    if owner_url:
        return Databases(_from_url(url, "DATABASE_URL"), _from_url(owner_url, "DATABASE_OWNER_URL"))
    # One log-in: every connection of the application takes the lesser role.
    lesser = {"options": f"-c role={database_role()}"}
    return Databases(_from_url(url, "DATABASE_URL", lesser), _from_url(url, "DATABASE_URL"))


def database_role() -> str:
    """The role under which the application works: its own log-in, where it has one."""
    if read("DATABASE_URL") and not read("DATABASE_OWNER_URL"):
        return read("EMAILHUB_DATABASE_ROLE")
    return str(databases().default["USER"])


def _embedded(root: Path, role: postgres.Role) -> dict[str, object]:
    parameters = postgres.parameters(root, role=role)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parameters["dbname"],
        "USER": parameters["user"],
        "HOST": parameters["host"],
    }


def _from_url(url: str, name: str, options: Mapping[str, str] | None = None) -> dict[str, object]:
    try:
        parts = urlsplit(url)
        port = parts.port or ""
    except ValueError as error:
        raise _bad_url(name) from error
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise _bad_url(name)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(port),
        "OPTIONS": {**query, **(options or {})},
    }


def _bad_url(name: str) -> ConfigurationError:
    # The value is not repeated: it has a password in it, and this goes to a log.
    return ConfigurationError(f"{name} must look like postgresql://user:password@host:5432/name")
