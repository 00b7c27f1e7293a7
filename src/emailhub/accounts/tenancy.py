"""The two walls between companies that the database keeps: row policies, and links that cannot cross.

A tenant row is visible only inside `with company(id)`. Outside it every query sees nothing, also in
`on_commit` hooks and in querysets that are evaluated later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, migrations, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement

_VARIABLE = "emailhub.company"


class OtherCompanyError(RuntimeError):
    """Code that works for one company tried to work for another one in the same transaction."""


@contextmanager
def company(company_id: int) -> Iterator[None]:
    """Open a transaction in which the rows of this company, and no others, exist.

    Nests for the same company and refuses another. A rollback restores the value by itself.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        before = _enter(company_id)
        if before not in ("", str(company_id)):
            raise OtherCompanyError(f"company {before} is set; {company_id} cannot be set inside it")
        yield
        if before == "" and not outermost:  # the end of the transaction takes it away by itself
            _execute("SELECT set_config(%s, '', true)", _VARIABLE)


def current_company() -> int | None:
    """The company whose rows are visible now, or None."""
    value = _execute("SELECT current_setting(%s, true)", _VARIABLE)
    return int(value) if value else None


def _enter(company_id: int) -> str:
    before = _execute(
        "SELECT before FROM (SELECT current_setting(%s, true) AS before OFFSET 0) was,"
        " LATERAL set_config(%s, %s, true)",
        _VARIABLE,
        _VARIABLE,
        str(company_id),
    )
    return before or ""


def _execute(sql: str, *parameters: str) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row: tuple[str | None] = cursor.fetchone()
        return row[0]


class SameCompany(models.BaseConstraint):
    """FOREIGN KEY (company_id, link_id) REFERENCES its table (company_id, id).

    With it a link to another company's row cannot be stored, whatever the code does. The field has
    `db_constraint=False`; the table that it points at needs `OWN_COMPANY`.
    """

    def __init__(self, link: str, *, name: str = "") -> None:
        super().__init__(name=name or f"%(app_label)s_%(class)s_{link}_company")
        self.link = link

    def _sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        field: Any = model._meta.get_field(self.link)
        target: type[models.Model] = field.remote_field.model
        quote = schema_editor.quote_name
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({quote('company_id')}, {quote(field.column)})"
            f" REFERENCES {quote(target._meta.db_table)} ({quote('company_id')}, {quote('id')})"
            " DEFERRABLE INITIALLY DEFERRED"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        return self._sql(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        table = schema_editor.quote_name(model._meta.db_table)
        return Statement(f"ALTER TABLE {table} ADD {self._sql(model, schema_editor)}")

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        table, name = schema_editor.quote_name(model._meta.db_table), schema_editor.quote_name(self.name)
        return Statement(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the database checks at commit."""

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path, _, _ = super().deconstruct()
        return path, (self.link,), {"name": self.name}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameCompany) and (self.link, self.name) == (other.link, other.name)

    __hash__ = models.BaseConstraint.__hash__


OWN_COMPANY = models.UniqueConstraint(fields=["company", "id"], name="%(app_label)s_%(class)s_company_id")


def wall(table: str) -> migrations.RunSQL:
    """The migration step that hides a table's rows from every company but the one that is set."""
    own = f"company_id = NULLIF(current_setting('{_VARIABLE}', true), '')::bigint"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f" CREATE POLICY own_company ON {table} USING ({own}) WITH CHECK ({own});",
        f"DROP POLICY own_company ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )
