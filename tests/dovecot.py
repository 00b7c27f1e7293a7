"""A Dovecot of one's own on loopback: mailboxes with passwords and XOAUTH2, mail put in as a server does."""

from __future__ import annotations

import imaplib
import pwd
import shutil
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.channels.smtp.postfix import free_port

DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
PASSWORD = "the mailbox's password"
_CONFIGURATION = """
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
mail_location = maildir:~/Maildir
default_internal_user = {user}
default_login_user = {user}
auth_failure_delay = 0
auth_mechanisms = plain login xoauth2
first_valid_uid = 1
mail_max_userip_connections = 100
import_environment = TZ
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf.ext
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u {folder}/passwords/%u
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
{more}
"""


class Dovecot:
    """Started on construction. `port` speaks IMAP, the LMTP port takes mail for anybody."""

    def __init__(self, *, introspection_url: str = "", more: str = "") -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="emailhub-dovecot-"))
        self.folder.chmod(0o755)
        self.port, self.lmtp_port = free_port(), free_port()
        self._more, self._introspection_url = more, introspection_url
        self._configure()
        self.set_password("desk@contoso.example", PASSWORD)
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        conf = self.folder / "dovecot.conf"
        self._process = subprocess.Popen([DOVECOT, "-F", "-c", str(conf)], stdin=subprocess.DEVNULL)
        for _ in range(200):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    if connection.recv(4) == b"* OK":
                        return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(f"Dovecot does not answer:\n{self.log}")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=30)
            self._process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def set_password(self, user: str, password: str) -> None:
        (self.folder / "passwords" / user).write_text(f"{user}:{{PLAIN}}{password}\n")

    def deliver(self, *letters: bytes, to: str = "desk@contoso.example") -> None:
        """Put mails into the mailbox, as the company's server does."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as client:
            for raw in letters:
                client.sendmail("carla@customer.example", [to], raw)

    @contextmanager
    def another_client(self, user: str = "desk@contoso.example") -> Iterator[imaplib.IMAP4]:
        """Somebody's mail program."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=30)
        client.login(f'"{user}"', PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def renumber(self, user: str = "desk@contoso.example") -> None:
        """Lose what the server knows of the mailbox: it gets a new UIDVALIDITY, as after a restore."""
        self.stop()
        for path in (self.folder / "mail" / user / "Maildir").glob("dovecot*"):
            path.unlink()
        self.start()

    def _configure(self) -> None:
        user = pwd.getpwnam("nobody")
        group = "nogroup"
        for name in ("run", "state", "mail", "passwords"):
            (self.folder / name).mkdir(mode=0o755)
        shutil.chown(self.folder / "mail", user.pw_uid, user.pw_gid)
        (self.folder / "oauth2.conf.ext").write_text(
            "introspection_mode = post\n"
            f"introspection_url = {self._introspection_url or 'http://127.0.0.1:9/'}\n"
            "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
        )
        (self.folder / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                folder=self.folder,
                user=user.pw_name,
                group=group,
                imap=self.port,
                lmtp=self.lmtp_port,
                more=self._more,
            )
        )
