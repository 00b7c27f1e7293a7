"""Whatever a verb keeps in the audit has a word there for those who read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import emailhub
from emailhub.accounts.audit import Kind
from emailhub.web.audit_words import FIELDS, kind_word

SOURCES = Path(emailhub.__file__).parent
OF_THE_ENTRY = {"by", "at", "action", "team"}


def kept_fields() -> Iterator[tuple[str, str]]:
    """Each field that a call of `record()` or `audit.record()` names, and in which file."""
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _is_record(node):
                yield from ((word.arg, path.name) for word in node.keywords if word.arg)


def _is_record(call: ast.Call) -> bool:
    return ast.unparse(call.func) in ("record", "audit.record")


def test_every_field_that_is_kept_has_a_word() -> None:
    fields = [(field, file) for field, file in kept_fields() if field not in OF_THE_ENTRY]
    assert len({field for field, _ in fields}) > 20
    assert [(field, file) for field, file in fields if field not in FIELDS] == []


def test_every_kind_has_a_word() -> None:
    assert [kind for kind in Kind if kind_word(kind) == kind.value] == []
