"""Mails on a disk are found in every form, the oldest first."""

from __future__ import annotations

from pathlib import Path

import pytest

from emailhub.cli.errors import CommandError
from emailhub.cli.mailboxes import Place, find_places


def mail(day: int) -> bytes:
    return f"Date: Mon, {day:02} Jan 2024 09:00:00 +0000\nSubject: {day}\n\nText.\n".encode()


def days(places: list[Place]) -> list[int]:
    return [place.date.day for place in places]


def test_a_folder_of_files_mailboxes_and_maildirs_is_sorted_by_date(tmp_path: Path) -> None:
    separator = b"From x@y.example Mon Jan  1 09:00:00 2024\n"
    (tmp_path / "old.mbox").write_bytes(b"".join(separator + mail(day) + b"\n" for day in (9, 3, 5)))
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "one.EML").write_bytes(mail(4))
    (tmp_path / "Maildir" / "cur").mkdir(parents=True)
    (tmp_path / "Maildir" / "cur" / "1700000000.M1P1.host:2,S").write_bytes(mail(1))
    (tmp_path / "notes.txt").write_bytes(mail(2))
    places = find_places([str(tmp_path)])
    assert days(places) == [1, 3, 4, 5, 9]
    assert [place.number for place in places if place.in_mbox] == [2, 3, 1]
    assert places[1].content() == mail(3).replace(b"\n", b"\r\n")


def test_a_file_that_is_named_needs_no_suffix(tmp_path: Path) -> None:
    (tmp_path / "Inbox").write_bytes(b"From x@y.example Mon Jan  1 09:00:00 2024\n" + mail(7) + b"\n")
    assert days(find_places([str(tmp_path / "Inbox")])) == [7]


def test_a_mail_without_a_date_comes_last(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"Subject: when?\n\nText.\n")
    (tmp_path / "b.eml").write_bytes(mail(1))
    assert [place.path.name for place in find_places([str(tmp_path)])] == ["b.eml", "a.eml"]


def test_nothing_to_take_in_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="there are no mails"):
        find_places([str(tmp_path)])
    with pytest.raises(FileNotFoundError):
        find_places([str(tmp_path / "missing.mbox")])
