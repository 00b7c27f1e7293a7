"""Rows of another table as one value of a query, made into models again.

`prefetch_related` asks the database once more for each relation. A page that shows one ticket with five
relations waits for five answers; with this it waits for none: `as_rows` is the value, `keep_rows` fills the
relation with it, so that whoever reads the relation need not know which way its rows came.
"""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Expression, JSONField, Model, QuerySet


class _WholeRow(Expression):
    """to_jsonb(row): the row of the query's own table, under the names of its columns."""

    output_field = JSONField()

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return f"to_jsonb({compiler.quote_name_unless_alias(compiler.query.get_initial_alias())})", []


def as_rows(rows: QuerySet[Any]) -> ArraySubquery:
    """The annotation: these rows as an array of JSON objects. They need an order, and an OuterRef."""
    return ArraySubquery(rows.values(embedded=_WholeRow()))


def keep_rows(owner: Model, relation: str, found: list[dict[str, Any]]) -> None:
    """Fill a relation of `owner` with rows that came by `as_rows`, as prefetch_related would."""
    rows: Any = getattr(owner, relation).all()
    link = owner._meta.get_field(relation).field.name  # type: ignore[union-attr]
    rows._result_cache = [_made(rows.model, row, link, owner) for row in found]
    rows._prefetch_done = True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[relation] = rows


def _made(model: type[Model], row: dict[str, Any], link: str, owner: Model) -> Model:
    fields = model._meta.concrete_fields
    values = [field.to_python(row[str(field.column)]) for field in fields]
    made = model.from_db(owner._state.db, [field.attname for field in fields], values)
    setattr(made, link, owner)
    return made
