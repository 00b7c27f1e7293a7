"""The same bytes in a bucket, of moto's server on loopback."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from emailhub import store
from emailhub.configuration import ConfigurationError, files_storage
from emailhub.intake.faults import is_the_machines
from emailhub.store import Collected, Fault, name_of
from emailhub.web.downloads import SHELL, send_stored
from tests.s3 import Service


def keys(bucket: Any) -> list[str]:
    return sorted(found.key for found in bucket.objects.all())


def test_what_was_put_is_got_by_its_key(bucket: Any) -> None:
    key = store.put(1, b"the pump leaks")
    assert store.get(1, key) == b"the pump leaks"
    assert keys(bucket) == [name_of(1, key)]
    with pytest.raises(store.MissingError):
        store.get(2, key)


def test_large_content_comes_back_as_it_was_put(bucket: Any) -> None:
    content = os.urandom(20_000_000)
    assert store.get(None, store.put(None, content)) == content


def test_the_same_bytes_are_sent_once(bucket: Any) -> None:
    first = store.put(1, b"the pump leaks")
    before = bucket.Object(name_of(1, first)).last_modified
    assert store.put(1, b"the pump leaks") == first
    assert bucket.Object(name_of(1, first)).last_modified == before


def test_faults_are_found(bucket: Any) -> None:
    whole, gone, spoilt = (store.put(1, content) for content in (b"whole", b"gone", b"spoilt"))
    bucket.Object(name_of(1, gone)).delete()
    bucket.Object(name_of(1, spoilt)).put(Body=b"spoiled")
    assert list(store.verify(name_of(1, key) for key in (whole, gone, spoilt))) == [
        Fault(name_of(1, gone), "missing"),
        Fault(name_of(1, spoilt), "damaged"),
    ]


def test_an_orphan_is_set_aside_and_later_deleted_or_brought_back(bucket: Any) -> None:
    orphan, kept, late = (store.put(1, content) for content in (b"nobody's", b"somebody's", b"late"))
    tomorrow = datetime.now(UTC) + timedelta(days=1, minutes=1)
    assert store.collect([name_of(1, kept)], [name_of(1, kept)], now=tomorrow) == Collected(set_aside=2)
    assert store.get(1, late) == b"late"  # a row had come to name it
    names = sorted([name_of(1, kept), name_of(1, late)])
    assert store.collect(names, names, now=tomorrow) == Collected(deleted=1)
    assert keys(bucket) == names
    with pytest.raises(store.MissingError):
        store.get(1, orphan)


def test_a_download_is_sent_though_there_is_no_file_for_the_shell(bucket: Any) -> None:
    key = store.put(7, b"a manual")
    request = RequestFactory().get("/", **{SHELL: True})
    answer = send_stored(request, 7, key, "manual.pdf", "application/pdf")
    assert b"".join(answer.streaming_content) == b"a manual"  # type: ignore[attr-defined]


def test_a_store_that_is_away_is_the_machines_fault_and_not_the_mails(
    bucket: Any, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    key = store.put(1, b"the pump leaks")
    service.server.stop()
    for attempt in (lambda: store.get(1, key), lambda: store.put(1, b"another")):
        with pytest.raises(OSError) as caught:
            attempt()
        assert is_the_machines(caught.value)
        assert not isinstance(caught.value, FileNotFoundError)


def test_a_bucket_without_its_library_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAILHUB_S3_BUCKET", "mails")
    monkeypatch.setattr("emailhub.configuration.importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'emailhub\[s3\]'"):
        files_storage()


def test_without_a_bucket_its_library_is_not_loaded() -> None:
    code = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'emailhub.settings'; import django;"
        " django.setup(); from emailhub import store; store.place();"
        " print([name for name in sys.modules if name.split('.')[0] in ('boto3', 'botocore', 'storages')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
