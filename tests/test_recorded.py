"""The cast that is put back is the one that was gathered."""

from __future__ import annotations

import json

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Contact
from tests.conftest import as_owner, empty
from tests.recorded import put_cast


def _everything() -> dict[str, list[object]]:
    with as_owner() as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {
            str(name): sorted(
                (
                    json.dumps(row, sort_keys=True)
                    for (row,) in owner.execute(f'SELECT to_jsonb(t) FROM "{name}" t')
                ),
            )
            for (name,) in tables
        }


def test_the_rows_are_the_same(committed_db: None) -> None:
    first = put_cast()
    before = _everything()
    empty()
    assert not any(_everything()[name] for name in ("accounts_user", "desk_contact"))
    again = put_cast()
    assert _everything() == before
    with company(again.dealer.id):
        assert Contact.objects.get() == again.carla
    assert again.carla is not first.carla
