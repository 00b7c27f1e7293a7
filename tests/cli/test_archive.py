"""A back-up as a file: what is in it, and that no damage to it goes unnoticed."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import tarfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.conf import LazySettings
from django.db.models import CharField
from django.utils import timezone

from emailhub import configuration, postgres, store
from emailhub.accounts.database import direct_parameters
from emailhub.accounts.models import Company
from emailhub.accounts.tenancy import company
from emailhub.cli import stored_files, tidying
from emailhub.cli.archive import (
    BadArchiveError,
    End,
    Manifest,
    check_archive,
    destination,
    key_mark,
    restore_files,
    write_archive,
)
from emailhub.cli.errors import CommandError
from emailhub.desk.models import Attachment
from emailhub.store.named import NO_KEYS
from tests import post
from tests.cast import CARLA, Cast
from tests.conftest import as_owner
from tests.letters import letter
from tests.web import desk


@pytest.fixture
def filled(committed_cast: Cast, tmp_path: Path, settings: LazySettings) -> Cast:
    """Mails and files of two companies, and the operator's."""
    settings.DATA_ROOT = tmp_path
    cast = committed_cast
    post.deliver(letter(CARLA, files=(("manual.pdf", "application/pdf", b"%PDF"),)), Cast.service_address)
    post.deliver(letter(CARLA), ("postmaster@inbox.example", Cast.office_address))
    post.drain()
    with company(cast.dealer.id):
        ticket = desk.open_ticket(cast.service, cast.carla)
        desk.attach(desk.send(ticket, cast.ana), "photo.png", desk.PNG, "image/png")
    return cast


def archive() -> io.BytesIO:
    output = io.BytesIO()
    write_archive(output, None)
    return output


def members(file: io.BytesIO) -> dict[str, bytes]:
    file.seek(0)
    with tarfile.open(fileobj=file) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]


def packed(parts: dict[str, bytes]) -> io.BytesIO:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as tar:
        for name, content in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return output


def named() -> list[str]:
    with as_owner() as owner, owner.transaction():
        return list(store.named_files(owner))


def test_a_back_up_holds_exactly_the_files_that_rows_name(filled: Cast) -> None:
    orphan = store.put(filled.dealer.id, b"nobody's")
    found = [name.removeprefix("files/") for name in members(archive()) if name.startswith("files/")]
    assert found == named()
    assert {name.split("/")[0] for name in found} == {str(filled.dealer.id), str(filled.farm.id), "operator"}
    assert not any(orphan in name for name in found)


def test_every_column_that_holds_a_key_is_found(filled: Cast) -> None:
    """A model that stores bytes has a column of 64 characters called ..._key, in a row of a company."""
    fields = [field for model in apps.get_models() for field in model._meta.local_concrete_fields]
    keys = {
        (field.model._meta.db_table, field.column)
        for field in fields
        if isinstance(field, CharField) and field.max_length == 64 and field.column.endswith("_key")
    }
    assert {table for table, column in keys if column == "content_key"} >= {"desk_message", "desk_attachment"}
    with_company = {field.model._meta.db_table for field in fields if field.column == "company_id"}
    assert {table for table, column in keys if column not in NO_KEYS} <= {*with_company, "accounts_company"}


def test_a_companys_picture_is_in_it(filled: Cast) -> None:
    key = store.put(filled.farm.id, b"a logo")
    Company.objects.filter(pk=filled.farm.pk).update(logo_key=key)
    assert members(archive())[f"files/{store.name_of(filled.farm.id, key)}"] == b"a logo"


def test_a_whole_back_up_is_accepted_and_says_what_it_is(filled: Cast) -> None:
    before = timezone.now()
    contents = check_archive(archive())
    assert before <= contents.manifest.instant <= timezone.now()
    assert contents.end.files == len(named())
    assert contents.end.faults == []
    assert "desk.0001_first" in contents.manifest.migrations


def test_the_key_is_not_in_it_and_another_one_is_noticed(filled: Cast, settings: LazySettings) -> None:
    file = archive()
    script = gzip.decompress(members(file)["database.sql.gz"])
    assert settings.SECRET_KEY.encode() not in file.getvalue() + script
    mark = check_archive(file).manifest.key_mark
    assert mark == key_mark()
    settings.SECRET_KEY = "another key of at least thirty-two characters"
    assert mark != key_mark()


def test_nobody_stays_signed_in_by_a_back_up(filled: Cast, client: object) -> None:
    script = members(archive())["database.sql.gz"]
    lines = gzip.decompress(script).decode().splitlines()
    tables = [line.split()[1] for line in lines if line.startswith("COPY ")]
    assert "public.desk_message" in tables
    assert not [name for name in tables if "session" in name or name == "public.cache"]


def test_a_missing_or_damaged_file_is_named_and_all_else_is_there(filled: Cast) -> None:
    gone, spoilt, *whole = [name for name in named() if name.startswith(f"{filled.dealer.id}/")]
    (store.place().path(gone)).unlink()  # type: ignore[attr-defined]
    (store.place().path(spoilt)).write_bytes(b"spoilt")  # type: ignore[attr-defined]
    file = archive()
    assert check_archive(file).end.faults == [[gone, "missing"], [spoilt, "damaged"]]
    assert {f"files/{name}" for name in whole} <= members(file).keys()


def test_what_is_written_while_the_back_up_goes_on_is_not_in_it(
    filled: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = b"late"
    dump = postgres.dump

    def dump_after_a_mail(*arguments: object, **options: object) -> None:
        with company(filled.dealer.id):
            Attachment.objects.create(
                company=filled.dealer,
                filename="late",
                content_type="text/plain",
                size=4,
                content_key=store.put(filled.dealer.id, late),
            )
        dump(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(postgres, "dump", dump_after_a_mail)
    file = archive()
    assert late not in members(file).values()
    assert len(named()) == check_archive(file).end.files + 1


def test_no_single_damaged_octet_is_accepted(filled: Cast) -> None:
    content = archive().getvalue()
    chance = random.Random(20261124)
    end = content.rindex(b"end.json")
    for _ in range(150):
        place = chance.randrange(end + 300)
        if content[place] == 0 and place % 512 > 345:
            continue  # the unused end of a tar header or the padding of a member: nobody reads it
        spoilt = bytearray(content)
        spoilt[place] ^= 1 << chance.randrange(8)
        try:
            read = check_archive(io.BytesIO(bytes(spoilt)))
        except BadArchiveError:
            continue
        assert read == check_archive(io.BytesIO(content)), place  # a header's date, for example


@pytest.mark.parametrize("part", [0.001, 0.3, 0.6, 0.99])
def test_a_back_up_that_was_cut_short_is_refused(filled: Cast, part: float) -> None:
    content = archive().getvalue()
    whole = content.rindex(b"end.json")
    with pytest.raises(BadArchiveError):
        check_archive(io.BytesIO(content[: int(whole * part)]))


def test_another_tar_file_is_refused(filled: Cast) -> None:
    with pytest.raises(BadArchiveError, match="no back-up of EmailHub"):
        check_archive(packed({"holiday.jpg": b"sun"}))
    with pytest.raises(BadArchiveError):
        check_archive(io.BytesIO(b"not even a tar"))


@pytest.mark.parametrize(
    "name", ["files/../../etc/passwd", "files/1/ab/../../../x", "/etc/passwd", "files/1/aa/" + "b" * 64]
)
def test_a_member_that_could_lie_elsewhere_is_refused(filled: Cast, name: str) -> None:
    parts = members(archive())
    end = parts.pop("end.json")
    with pytest.raises(BadArchiveError, match="does not belong there"):
        check_archive(packed({**parts, name: b"x", "end.json": end}))


def test_a_file_too_few_is_noticed(filled: Cast) -> None:
    parts = members(archive())
    del parts[next(name for name in parts if name.startswith("files/"))]
    with pytest.raises(BadArchiveError, match="files are there"):
        check_archive(packed(parts))


def test_a_form_of_the_future_is_refused_with_advice(filled: Cast) -> None:
    parts = members(archive())
    future = {"format": 2, "version": "9.1", "more": True}
    with pytest.raises(BadArchiveError, match=r"made by EmailHub 9\.1.*that version or a newer one"):
        check_archive(packed({**parts, "emailhub-backup.json": json.dumps(future).encode()}))


def test_a_back_up_of_a_newer_version_or_server_is_refused(
    filled: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = check_archive(archive()).manifest
    monkeypatch.setattr(destination, "_refuse_rows", lambda owner: None)
    newer = replace(manifest, version="9.1", migrations=[*manifest.migrations, "desk.9999_future"])
    with pytest.raises(BadArchiveError, match=r"EmailHub 9\.1, which is newer"):
        destination.check_destination(newer)
    with pytest.raises(BadArchiveError, match=r"PostgreSQL 99\.1, and here runs"):
        destination.check_destination(replace(manifest, server_version="99.1"))
    assert destination.check_destination(manifest).taken_at == manifest.instant


def test_data_is_never_restored_over(filled: Cast) -> None:
    for attempt in (lambda: destination.check_destination(check_archive(archive()).manifest),):
        with pytest.raises(CommandError, match="holds data already"):
            attempt()
    with pytest.raises(CommandError, match="Nothing was changed"):
        destination.make_room()
    with as_owner() as owner:
        assert owner.execute("SELECT count(*) FROM accounts_company").fetchone() == (2,)


def test_the_beginning_and_the_end_read_back_as_they_were_written() -> None:
    manifest = Manifest(
        1, "0.1.0", "2026-11-24T08:00:00+00:00", "18.6", "18.6", "0a1b2c3d", ["desk.0001_first"]
    )
    assert Manifest.from_json(manifest.to_json()) == manifest
    end = End("0" * 64, "1" * 64, 3, 17, [["1/ab/cd", "missing"]])
    assert End.from_json(end.to_json()) == end


def test_while_a_back_up_is_written_nothing_is_tidied_away(
    filled: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump, refused = postgres.dump, []

    def dump_beside_a_tidier(*arguments: object, **options: object) -> None:
        with pytest.raises(CommandError, match="a back-up is being written") as caught:
            stored_files._collect()
        refused.append(caught.value)
        dump(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(postgres, "dump", dump_beside_a_tidier)
    archive()
    assert refused
    assert stored_files._collect() == 0


def test_one_worker_tidies_once_a_day(filled: Cast) -> None:
    long_ago = (timezone.now() - timedelta(days=3)).timestamp()
    for content in (b"first", b"second"):
        orphan = store.path(filled.dealer.id, store.put(filled.dealer.id, content))
        os.utime(orphan, (long_ago, long_ago))
        tidying.tidy_once_a_day()
    assert orphan.exists()  # the second one, put after today's tidying
    assert len(list((orphan.parents[2] / "orphans").rglob("[0-9a-f]*[0-9a-f]/*"))) == 1
    assert list(stored_files.faults()) == []


def test_a_log_in_behind_the_walls_is_refused_since_all_would_look_like_orphans(filled: Cast) -> None:
    with (
        psycopg.connect(**direct_parameters("default"), autocommit=True) as application,
        application.transaction(),
        pytest.raises(store.BehindWallsError, match="DATABASE_OWNER_URL"),
    ):
        list(store.named_files(application))


def test_the_error_of_a_load_quotes_no_row(filled: Cast) -> None:
    with as_owner() as owner:
        major = int(owner.info.server_version / 10000)
    engine = postgres.client_programs(configuration.data_root(), major)
    script = io.BytesIO(
        b"COPY desk_ticketcounter (id, company_id, last) FROM stdin;\nsecret\tcarla\t1\n\\.\n"
    )
    with pytest.raises(postgres.DumpError) as caught:
        postgres.load(engine, direct_parameters("owner"), script, then="", server_major=major)
    assert "carla" not in str(caught.value)


def test_half_a_script_changes_nothing(filled: Cast) -> None:
    """Whoever feeds it is killed: psql meets the end of its input, and must not take it for the end."""

    class Killed(io.BytesIO):
        def readline(self, size: int | None = -1) -> bytes:  # type: ignore[override]
            line = super().readline(size)
            if not line:
                raise KeyboardInterrupt
            return line

    engine = postgres.client_programs(configuration.data_root(), 15)
    with pytest.raises(KeyboardInterrupt):
        postgres.load(
            engine, direct_parameters("owner"), Killed(b"CREATE TABLE half ();\n"), then="", server_major=18
        )
    with as_owner() as owner, pytest.raises(psycopg.errors.UndefinedTable):
        owner.execute("TABLE half")


def test_a_back_up_reads_from_a_bucket_and_is_restored_to_a_disk(
    committed_cast: Cast, bucket: object, tmp_path: Path, settings: LazySettings
) -> None:
    post.deliver(letter(CARLA), Cast.service_address)
    file = archive()
    assert check_archive(file).end.files == 1
    settings.S3_BUCKET, settings.DATA_ROOT = "", tmp_path
    restore_files(file)
    assert [str(path.relative_to(tmp_path / "files")) for path in tmp_path.rglob("*/??/*")] == named()
    assert list(stored_files.faults()) == []


def test_a_restore_puts_a_damaged_file_right(filled: Cast) -> None:
    file, spoilt = archive(), store.place().path(named()[0])  # type: ignore[attr-defined]
    spoilt.write_bytes(b"spoilt")
    restore_files(file)
    assert list(stored_files.faults()) == []


def test_the_command_finds_what_is_missing_or_damaged(
    filled: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stored_files._verify() == 0
    name = named()[0]
    store.place().remove(name)
    assert stored_files._verify() == 1
    assert json.loads(capsys.readouterr().out) == {"name": name, "what": "missing"}


def test_the_command_tidies_up_what_no_row_names(filled: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    before = named()
    orphan = store.path(filled.dealer.id, store.put(filled.dealer.id, b"nobody's"))
    long_ago = (timezone.now() - timedelta(days=3)).timestamp()
    for path in (store.place().path(name) for name in before):  # type: ignore[attr-defined]
        os.utime(path, (long_ago, long_ago))
    os.utime(orphan, (long_ago, long_ago))
    assert stored_files._collect() == 0
    assert json.loads(capsys.readouterr().out)["set_aside"] == 1
    assert list(stored_files.faults()) == []
    assert not orphan.exists()
