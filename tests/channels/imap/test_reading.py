"""Mail from an IMAP mailbox, by a real Dovecot, while other clients and the server do what they like."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.utils import timezone

from emailhub.channels.imap import reading
from emailhub.delivery.models import Connection
from tests.dovecot import PASSWORD
from tests.letters import letter

from .conftest import Box

State = Connection.State


def post(box: Box, *subjects: str) -> list[bytes]:
    letters = [letter("carla@customer.example", to=box.user, subject=subject) for subject in subjects]
    box.deliver(*letters)
    return letters


def test_mail_that_comes_after_the_connection_is_taken_in_once_and_stays_unread_there(box: Box) -> None:
    post(box, "From before")
    box.connect()
    post(box, "One", "Two")
    row = box.look()
    box.look()
    assert box.received() == [("One", "ticket"), ("Two", "ticket")]
    assert (row.state, row.problem) == (State.WORKING, "")
    assert row.last_in_at is not None
    with box.dovecot.another_client(box.user) as client:
        client.select("INBOX")
        assert client.search(None, "UNSEEN")[1] == [b"1 2 3"]


def test_mail_that_another_client_has_read_is_taken_in(box: Box) -> None:
    box.connect()
    post(box, "Read elsewhere")
    with box.dovecot.another_client(box.user) as client:
        client.select("INBOX")
        client.fetch("1", "(BODY[])")
        assert b"\\Seen" in client.fetch("1", "(FLAGS)")[1][0]
    box.look()
    assert box.subjects() == ["Read elsewhere"]


def test_mail_that_another_client_has_moved_away_is_found_where_it_is(box: Box) -> None:
    post(box, "Long before")
    box.connect()
    post(box, "Moved at once")
    with box.dovecot.another_client(box.user) as client:
        client.create("Done")
        client.select("INBOX")
        client._simple_command("MOVE", "2", "Done")
    box.look()
    assert box.subjects() == ["Moved at once"]


def test_mail_that_is_moved_to_and_fro_after_it_was_taken_in_is_no_second_mail(box: Box) -> None:
    box.connect()
    post(box, "Wanders")
    box.look()
    with box.dovecot.another_client(box.user) as client:
        client.create("Done")
        client.select("INBOX")
        client._simple_command("MOVE", "1", "Done")
        box.look()
        client.select("Done")
        client._simple_command("MOVE", "1", "INBOX")
    box.look()
    assert box.subjects() == ["Wanders"]


def test_a_worker_that_dies_between_two_mails_loses_none_and_doubles_none(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.connect()
    post(box, "One", "Two", "Three")
    accept, calls = reading.accept, []

    def die_at_the_second(**mail: object) -> list[int]:
        calls.append(mail)
        ids = accept(**mail)  # type: ignore[arg-type]
        if len(calls) == 2:
            raise KeyboardInterrupt  # after the mail's row, before the commit that has the position too
        return ids

    monkeypatch.setattr(reading, "accept", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        box.look()
    assert box.subjects() == ["One"]
    box.look()
    assert box.subjects() == ["One", "Two", "Three"]


def test_new_numbers_of_the_server_bring_what_was_missed_and_nothing_twice(box: Box) -> None:
    box.connect()
    post(box, "One")
    box.look()
    box.doorbell.drain()
    post(box, "While nobody looked")
    before = box.row().cursor["folders"][0]["uidvalidity"]
    box.dovecot.renumber(box.user)
    row = box.look()
    assert row.cursor["folders"][0]["uidvalidity"] != before
    post(box, "After")
    box.look()
    assert sorted(box.subjects()) == ["After", "One", "While nobody looked"]


def test_a_folder_under_a_new_name_goes_on_where_it_was(box: Box) -> None:
    with box.dovecot.another_client(box.user) as client:
        client.create("Support")
    box.connect(folder="Support")
    message = letter("carla@customer.example", subject="In the folder")
    with box.dovecot.another_client(box.user) as client:
        client.rename("Support", "Customers")
        client.append("Customers", None, None, message)
    box.look()
    assert box.subjects() == ["In the folder"]
    assert box.row().settings["folder"] == "Customers"


def test_a_folder_that_is_gone_is_said_and_needs_somebody(box: Box) -> None:
    box.connect(folder="Nowhere")
    row = box.row()
    assert (row.state, row.problem, row.problem_detail) == (State.STOPPED, "folder", "Nowhere")


def test_a_changed_password_is_said_and_all_comes_once_it_is_right_again(box: Box) -> None:
    box.connect()
    box.know_password("what it was before")
    post(box, "Waits in the mailbox")
    row = box.look()
    assert (row.state, row.problem) == (State.STOPPED, "login")
    assert row.failing_since is not None
    box.know_password(PASSWORD)
    assert box.look().state == State.WORKING
    assert box.subjects() == ["Waits in the mailbox"]


def test_settings_that_change_while_a_mailbox_is_read_are_tried_at_once(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.connect()
    post(box, "Meanwhile")
    accept = reading.accept

    def change_meanwhile(**mail: object) -> list[int]:
        box.know_password("another")
        return accept(**mail)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "accept", change_meanwhile)
    assert box.look().problem == "login"
    assert box.subjects() == ["Meanwhile"]


def test_a_server_that_was_down_delivers_everything_in_order_when_it_is_back(box: Box) -> None:
    box.connect()
    subjects = [f"Number {number}" for number in range(12)]
    post(box, *subjects)
    box.doorbell.drain()
    box.dovecot.stop()
    row = box.look()
    assert (row.state, row.problem) == (State.FAILING, "unreachable")
    box.dovecot.start()
    box.look()
    assert box.subjects() == subjects


def test_a_mail_over_the_limit_comes_as_its_header_and_a_word_about_the_rest(
    box: Box, settings: LazySettings
) -> None:
    settings.MAX_MESSAGE_SIZE = 20_000
    box.connect()
    big = letter(
        "carla@customer.example", subject="A film", files=(("film.bin", "video/mp4", b"x" * 30_000),)
    )
    box.deliver(big)
    box.look()
    assert box.received() == [("A film", "ticket")]


def test_news_of_the_server_have_the_mailbox_looked_at_again(box: Box) -> None:
    box.connect()
    assert box.row().due_at > timezone.now()
    post(box, "Rings")
    while not box.doorbell.ring():
        pass
    assert box.row().due_at <= timezone.now()
    box.look()
    assert box.subjects() == ["Rings"]


def test_the_history_since_a_day_is_counted_against_the_server_and_told_to_nobody(box: Box) -> None:
    post(box, "Old one", "Old two", "Old three")
    box.connect(since=timezone.now().date().isoformat())
    post(box, "New")
    row = box.look()
    history = row.cursor["folders"][0]["history"]
    assert (history["expected"], history["taken"], history["gone"], history["unreadable"]) == (3, 3, 0, 0)
    assert box.subjects() == ["New"]
