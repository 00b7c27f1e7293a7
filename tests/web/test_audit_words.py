"""Whatever a verb keeps in the audit has a word there for those who read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone, translation

import emailhub
from emailhub.accounts.audit import Kind
from emailhub.accounts.models import AuditEntry
from emailhub.desk.segments import create_segment
from emailhub.hub.rules import RuleForm, create_rule
from emailhub.rules import Action
from emailhub.rules.matching import Condition, Field, Operator
from emailhub.web.audit_words import FIELDS, kind_word, show
from tests.cast import Cast

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


def test_a_rule_is_told_in_the_words_of_its_editor(inside: Cast) -> None:
    dairy = create_segment(inside.dealer, "Dairy", by=inside.ana)
    conditions = (
        Condition(Field.SENDER_DOMAIN, Operator.IS_OR_SUBDOMAIN, ("spam.example", "junk.example")),
        Condition(Field.AUTOMATIC, Operator.IS, ("yes",)),
        Condition(Field.SEGMENT, Operator.IS, (str(dairy.pk),)),
    )
    form = RuleForm("Herds", conditions, Action.ROUTE_TO_ADVISOR, to_advisor_id=inside.ben.pk)
    create_rule(inside.service, form, by=inside.ana, now=timezone.now())
    with translation.override("es"):
        shown = show(AuditEntry.objects.filter(kind=Kind.RULE).get())
    told = {line.label: line.after for line in shown.lines}
    assert told["Acción"] == "Ruta al asesor"
    assert told["Va a"] == "Ben"
    assert told["Condiciones"] == (
        "Dominio del remitente es, o está dentro de “spam.example”, “junk.example” y "
        "Es automático: sí y Segmento es igual a “Dairy”"
    )
