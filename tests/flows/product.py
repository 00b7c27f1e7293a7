"""The product as an operator starts it: pages, worker and SMTP listener in their processes, a relay."""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from django.conf import settings
from django.db import connections

from tests.channels.smtp.sink import Sink, Sunk
from tests.conftest import as_owner

T = TypeVar("T")
PATIENCE = 60.0  # seconds that anything may take on a busy machine
UNDO_SECONDS = 3


def eventually(look: Callable[[], T | None], *, within: float = PATIENCE, wanted: str = "it") -> T:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + within
    while not (found := look()):
        assert time.monotonic() < deadline, f"{wanted} did not come within {within} s"
        time.sleep(0.1)
    return found


@dataclass(frozen=True)
class Sent:
    """A mail that arrived at the relay."""

    mail_from: str
    rcpt_to: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        message = BytesParser(policy=policy.SMTP).parsebytes(self.raw)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"]).strip().strip("<>")

    def body(self, subtype: str) -> str:
        """The text of this mail as "plain" or "html"."""
        part = self.message.get_body((subtype,))
        assert part is not None
        return str(part.get_content())

    def parts(self) -> list[EmailMessage]:
        return [part for part in self.message.walk() if not part.is_multipart()]  # type: ignore[misc]


@dataclass
class Product:
    """The running product. `sent` is what has left it; `mail` brings something in."""

    url: str
    smtp_port: int
    sink: Sink
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def sent(self) -> list[Sent]:
        return [_sent(mail) for mail in list(self.sink.mails)]

    def mail(
        self,
        raw: bytes,
        to: str | tuple[str, ...] = "service.dealer@inbox.example",
        mail_from: str = "mailer@customer.example",
    ) -> None:
        """Hand a mail to the listener as another mail server does."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=PATIENCE) as client:
            refused = client.sendmail(mail_from, [to] if isinstance(to, str) else list(to), raw)
        assert not refused

    def wait_for_sent(self, count: int = 1) -> list[Sent]:
        """The mails at the relay, once there are so many."""
        return eventually(lambda: self.sent if len(self.sent) >= count else None, wanted=f"mail {count}")

    def wait_until_idle(self) -> None:
        """Until nothing waits to be processed or sent."""
        eventually(lambda: not _waiting(), wanted="an idle worker")


def _sent(mail: Sunk) -> Sent:
    raw = b"\r\n".join(line.removeprefix(b".") for line in mail.content.split(b"\r\n"))
    return Sent(mail.mail_from.split(">")[0].lstrip("<"), mail.rcpt_to, raw)


def _waiting() -> int:
    with as_owner() as owner:
        (count,) = owner.execute(
            "SELECT (SELECT count(*) FROM intake_receivedmessage WHERE state = 'waiting')"
            " + (SELECT count(*) FROM delivery_outgoingmessage WHERE state IN ('queued', 'sending'))"
        ).fetchone() or (0,)
    return int(str(count))


@contextmanager
def running(folder: Path) -> Iterator[Product]:
    """The product on free ports and on this run's database; its processes' words go to `folder`."""
    sink = Sink()
    port, smtp_port = _free_port(), _free_port()
    product = Product(f"http://127.0.0.1:{port}", smtp_port, sink)
    environment = _environment(port, smtp_port, sink.port)
    try:
        for name in ("web", "worker", "smtpd"):
            with (folder / f"{name}.log").open("wb") as log:
                product.processes[name] = subprocess.Popen(
                    [sys.executable, "-m", "emailhub", name], env=environment, stdout=log, stderr=log
                )
        for listening in (port, smtp_port):
            eventually(lambda number=listening: _answers(number), wanted=f"port {listening}")  # type: ignore[misc]
        yield product
    finally:
        for process in product.processes.values():
            process.terminate()
        for process in product.processes.values():
            process.wait(20)
        sink.close()


def _environment(port: int, smtp_port: int, relay_port: int) -> dict[str, str]:
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("EMAILHUB_", "DATABASE_"))
    }
    own.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    return own | {
        "DATABASE_URL": _database_url("default"),
        "DATABASE_OWNER_URL": _database_url("owner"),
        "EMAILHUB_DATA": str(settings.DATA_ROOT),
        "EMAILHUB_SECRET_KEY": settings.SECRET_KEY,
        "EMAILHUB_MAIL_DOMAIN": settings.MAIL_DOMAIN,
        "EMAILHUB_DNS": "off",
        "EMAILHUB_PORT": str(port),
        "EMAILHUB_SMTP_PORT": str(smtp_port),
        "EMAILHUB_RELAY_HOST": "127.0.0.1",
        "EMAILHUB_RELAY_PORT": str(relay_port),
        "EMAILHUB_RELAY_SECURITY": "none",
        "EMAILHUB_UNDO_SECONDS": str(UNDO_SECONDS),
    }


def _database_url(alias: str) -> str:
    parameters = connections[alias].settings_dict
    return f"postgresql://{quote(parameters['USER'])}@/{parameters['NAME']}?host={parameters['HOST']}"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
        return number


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
