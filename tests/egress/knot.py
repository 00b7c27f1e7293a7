"""A Knot DNS server of one's own on a free port of loopback: records come and go while a test looks."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from dns import exception, message, query, rdatatype
from dns.update import UpdateMessage

from tests.channels.smtp.postfix import free_port

_ZONE = """
@ 60 IN SOA ns.{domain}. admin.{domain}. 1 3600 600 86400 60
@ 60 IN NS ns.{domain}.
ns 60 IN A 127.0.0.1
"""
_CONFIGURATION = """
server:
    listen: 127.0.0.1@{port}
    rundir: {folder}
    user: "{user}"
database:
    storage: {folder}/db
acl:
  - id: anybody
    address: 127.0.0.1
    action: [update, transfer]
zone:
  - domain: {domain}
    file: {folder}/zone
    acl: anybody
    zonefile-sync: -1
    journal-content: all
    semantic-checks: off
"""


class Knot:
    """The one server of `domain`."""

    def __init__(self, domain: str) -> None:
        self.domain, self.port = domain, free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="emailhub-knot-"))
        (self._folder / "db").mkdir()
        (self._folder / "zone").write_text(_ZONE.format(domain=domain))
        user = pwd.getpwuid(os.getuid()).pw_name  # root would become somebody who may not write here
        written = _CONFIGURATION.format(port=self.port, folder=self._folder, domain=domain, user=user)
        (self._folder / "knot.conf").write_text(written)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        command = ["knotd", "-c", str(self._folder / "knot.conf")]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def publish(self, host: str, *texts: str) -> None:
        """Put these TXT records at a name, each in strings of at most 255 octets, in place of what was."""
        update = UpdateMessage(self.domain)
        parts = [" ".join(f'"{text[i : i + 250]}"' for i in range(0, len(text), 250)) for text in texts]
        update.replace(host, 60, "TXT", *parts)
        self._send(update)

    def alias(self, host: str, target: str) -> None:
        update = UpdateMessage(self.domain)
        update.delete(host)
        update.add(host, 60, "CNAME", target)
        self._send(update)

    def withdraw(self, host: str) -> None:
        update = UpdateMessage(self.domain)
        update.delete(host)
        self._send(update)

    def _send(self, update: UpdateMessage) -> None:
        answer = query.tcp(update, "127.0.0.1", timeout=10, port=self.port)
        assert answer.rcode() == 0, answer

    def _wait(self) -> None:
        asked = message.make_query(self.domain, rdatatype.SOA)
        for _ in range(200):
            try:
                if query.udp(asked, "127.0.0.1", timeout=1, port=self.port).answer:
                    return
            except (exception.DNSException, OSError):
                assert self._process.poll() is None, "Knot has ended"
            time.sleep(0.05)
        raise AssertionError("Knot does not answer")
