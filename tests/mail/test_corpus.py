"""The seeded corpus of realistic mails, read, against the manifest of what was put in."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from emailhub.mail import Message, parse

_MAKER = Path(__file__).parents[3] / "shared" / "corpus" / "make_corpus.py"


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[dict[str, Any], Message]]:
    if not _MAKER.exists():
        pytest.skip("the corpus generator is not beside this checkout")
    folder = tmp_path_factory.mktemp("corpus")
    subprocess.run(
        [sys.executable, _MAKER, "--n", "150", "--out", folder / "mails"], check=True, capture_output=True
    )
    truths = json.loads((folder / "manifest.json").read_text())
    return [(truth, parse((folder / "mails" / truth["file"]).read_bytes())) for truth in truths]


def _words(text: str) -> str:
    return " ".join(text.split())


def test_header_fields_are_what_was_written(corpus: list[tuple[dict[str, Any], Message]]) -> None:
    for truth, message in corpus:
        assert message.subject == _words(truth["subject"])
        assert message.sender is not None
        assert [message.sender.name, message.sender.address] == truth["sender"]
        assert [[box.name, box.address] for box in message.cc] == truth["cc"]
        assert f"<{message.message_id}>" == truth["mid"]


def test_every_reply_names_its_parent(corpus: list[tuple[dict[str, Any], Message]]) -> None:
    replies = [(truth, message) for truth, message in corpus if truth["reply"]]
    assert len(replies) > 30
    for truth, message in replies:
        parent = corpus[truth["parent"]][1].message_id
        assert message.in_reply_to == (() if truth["hdr"] == "refs" else (parent,))
        assert message.references[-1:] == (() if truth["hdr"] == "irt" else (parent,))


def test_text_in_every_charset_is_readable(corpus: list[tuple[dict[str, Any], Message]]) -> None:
    assert len({truth["charset"] for truth, _ in corpus}) > 4
    for truth, message in corpus:
        assert truth["probe"] in _words(message.text), truth["charset"]
        assert truth["tok"] in message.text
        assert truth["kind"] == "plain" or truth["tok"] in message.html


def test_attachments_are_byte_for_byte(corpus: list[tuple[dict[str, Any], Message]]) -> None:
    for truth, message in corpus:
        read = [
            {"name": a.filename, "size": a.size, "sha256": a.sha256, "inline": a.inline}
            for a in message.attachments
        ]
        assert read == truth["att"]


def test_nothing_ordinary_is_a_defect_or_automatic(corpus: list[tuple[dict[str, Any], Message]]) -> None:
    assert {(message.defects, message.automatic, message.answerable) for _, message in corpus} == {
        ((), "", True)
    }
