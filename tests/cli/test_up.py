"""The life of `emailhub up`: first start, second start, its ends, and what it does when something dies."""

from __future__ import annotations

import os
import signal
import socket
import time
from http.client import HTTPConnection

import pytest

from tests.channels.smtp.wire import Wire
from tests.cli.installation import Installation, is_alive, wait_until

pytestmark = pytest.mark.slow


def answers(installation: Installation, path: str = "/account/login/") -> int:
    """The status of a page, 0 if nobody listens. Without a company the door leads to the first run."""
    connection = HTTPConnection("127.0.0.1", installation.port, timeout=30)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        if answer.status == 302 and (there := answer.headers["Location"]) != path:
            return answers(installation, there)
    except OSError:
        return 0
    finally:
        connection.close()
    return answer.status


def greets(installation: Installation) -> bool:
    """Whether the SMTP listener does."""
    try:
        with Wire(installation.smtp_port) as wire:
            return wire.greeting.startswith("220")
    except (OSError, EOFError):
        return False


def takes_mail(installation: Installation) -> bool:
    with Wire(installation.smtp_port, timeout=30) as wire:
        wire.say("EHLO client.example")
        wire.say("MAIL FROM:<carla@customer.example>")
        return wire.say("RCPT TO:<service.dealer@inbox.example>").startswith("250")


def test_once_it_says_so_every_port_answers(installation: Installation) -> None:
    with installation.up():
        assert greets(installation)
        assert answers(installation) == 200


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everything_and_the_database_cleanly(
    installation: Installation, number: signal.Signals
) -> None:
    with installation.up() as up:
        children = list(up.children())
        began = time.monotonic()
        assert up.end(number) == 0
        assert time.monotonic() - began < 10
    assert len(children) >= 3
    assert not [pid for pid in children if is_alive(pid)]
    assert installation.server_pid() is None
    assert "database system is shut down" in (installation.data / "postgres.log").read_text()[-300:]
    assert "Traceback" not in up.output


def test_after_a_kill_of_the_supervisor_its_processes_end_and_the_next_start_works(
    installation: Installation,
) -> None:
    with installation.up() as up:
        children = [
            pid for pid, line in up.children().items() if "emailhub" in line and "postgres" not in line
        ]
        up.process.kill()
        wait_until(lambda: not [pid for pid in children if is_alive(pid)])
    assert len(children) == 3
    with installation.up() as up:
        assert answers(installation) == 200
        assert up.end() == 0
    assert installation.server_pid() is None  # also the database that the killed one had left behind


def test_a_process_that_dies_is_started_again(installation: Installation) -> None:
    with installation.up() as up:
        died = [up.child(command) for command in ("web", "worker", "smtpd")]
        for pid in died:
            _kill(pid)
        wait_until(lambda: up.output.count("ended with -9; again in 0.5 s") == 3)
        wait_until(lambda: answers(installation) == 200 and greets(installation))
        assert not set(died) & set(up.children())


def test_a_database_that_dies_is_started_again(installation: Installation) -> None:
    installation.create_company()
    with installation.up() as up:
        server = installation.server_pid()
        assert server
        _kill(server)
        up.wait_for("the database has ended; starting it again")
        wait_until(lambda: takes_mail(installation))
        assert up.end() == 0
    assert installation.server_pid() is None


def test_commands_speak_to_the_same_data_whether_it_runs_or_not(installation: Installation) -> None:
    address, _ = installation.create_company()
    with installation.up(), Wire(installation.smtp_port, timeout=30) as wire:
        done = installation.command("createcompany", "Farm", "--admin", "frank@farm.example")
        assert done.returncode == 0, done.stderr
        assert wire.send(address, "support.farm@inbox.example").startswith("250")
        assert installation.server_pid()  # the command has not taken the database along
        assert answers(installation) == 200
    assert installation.server_pid() is None
    again = installation.command("createcompany", "Farm", "--admin", "anna@farm.example")
    assert again.returncode == 1
    assert "another company has the slug farm" in again.stderr


def test_a_command_that_started_the_database_leaves_it_to_an_up_that_came_later(
    installation: Installation,
) -> None:
    with installation.running("worker") as worker:
        wait_until(installation.server_pid)
        with installation.up():
            worker.end(signal.SIGTERM)
            assert installation.server_pid()
            assert answers(installation) == 200
        assert installation.server_pid() is None


def test_a_single_process_ends_the_database_that_it_started(installation: Installation) -> None:
    with installation.running("web") as alone:
        wait_until(lambda: answers(installation) == 200)
        alone.end(signal.SIGTERM)
    wait_until(lambda: installation.server_pid() is None, within=5)


def test_a_second_up_on_the_same_data_is_refused(installation: Installation) -> None:
    with installation.up():
        second = Installation(installation.data).command("up")
        assert second.returncode == 1
        assert f"EmailHub runs on {installation.data} already." in second.stderr
        assert second.stderr.count("\n") == 1
        assert answers(installation) == 200


@pytest.mark.parametrize("name", ["EMAILHUB_PORT", "EMAILHUB_SMTP_PORT", "EMAILHUB_LMTP_PORT"])
def test_a_taken_port_is_named(installation: Installation, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        refused = installation.command("up", settings={name: taken})
    assert refused.returncode == 1
    assert f"cannot listen on 127.0.0.1 port {taken}: Address already in use. Choose another with {name}" in (
        refused.stderr
    )
    assert installation.server_pid() is None


def test_a_certificate_that_cannot_be_used_ends_the_start(installation: Installation) -> None:
    refused = installation.command("up", settings={"EMAILHUB_SMTP_CERTIFICATE": "/nowhere.pem"})
    assert refused.returncode == 78
    assert "EMAILHUB_SMTP_CERTIFICATE and EMAILHUB_SMTP_KEY cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert installation.server_pid() is None


def _kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
