"""A Postfix of one's own, with the shipped configuration, on free ports of loopback."""

from __future__ import annotations

import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

SHIPPED = Path(__file__).parents[3] / "deploy" / "postfix"
STOCK_MASTER = Path("/usr/share/postfix/master.cf.dist")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


class Postfix:
    """Started on construction. `port` faces the world, `submission_port` is EmailHub's way out."""

    def __init__(self, *, hub: str, relay_port: int, **changes: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="emailhub-postfix-"))
        self.folder.chmod(0o755)
        self.port, self.submission_port = free_port(), free_port()
        self._configure(hub, relay_port, changes)
        self._run("postfix", "-c", str(self.conf), "start")
        self._wait()

    @property
    def conf(self) -> Path:
        return self.folder / "conf"

    @property
    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def stop(self) -> None:
        subprocess.run(["postfix", "-c", str(self.conf), "stop"], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def queue_is_empty(self) -> bool:
        folders = ("incoming", "active", "deferred", "maildrop")
        return not any(p.is_file() for name in folders for p in (self.folder / "queue" / name).rglob("*"))

    def flush(self) -> None:
        self._run("postfix", "-c", str(self.conf), "flush")

    def _configure(self, hub: str, relay_port: int, changes: dict[str, str]) -> None:
        user = pwd.getpwnam("postfix")
        for name in ("conf", "queue", "data"):
            (self.folder / name).mkdir(mode=0o755)
        shutil.chown(self.folder / "data", user.pw_uid, user.pw_gid)
        shutil.copy(SHIPPED / "main.cf", self.conf)
        master = STOCK_MASTER.read_text().replace("\nsmtp      inet", f"\n127.0.0.1:{self.port} inet", 1)
        additions = (SHIPPED / "master.cf.additions").read_text()
        additions = additions.replace("127.0.0.1:10025", f"127.0.0.1:{self.submission_port}")
        (self.conf / "master.cf").write_text(master + additions)
        self._run("postconf", "-c", str(self.conf), "-F", "*/*/chroot=n")
        here = {
            "queue_directory": str(self.folder / "queue"),
            "data_directory": str(self.folder / "data"),
            "maillog_file": str(self.folder / "log"),
            "maillog_file_prefixes": str(self.folder),
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "relay_transport": hub,
            "relayhost": f"[127.0.0.1]:{relay_port}",
            "smtp_dns_support_level": "disabled",
            "smtp_host_lookup": "native",
            "smtp_tls_security_level": "none",
            "queue_run_delay": "2s",
            "minimal_backoff_time": "2s",
            "maximal_backoff_time": "2s",
        }
        settings = [f"{name}={value}" for name, value in {**here, **changes}.items()]
        self._run("postconf", "-c", str(self.conf), "-e", *settings)

    def _run(self, *command: str) -> None:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}\n{self.log}"

    def _wait(self) -> None:
        for _ in range(100):
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    if connection.recv(3) == b"220":
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"Postfix does not answer:\n{self.log}")
