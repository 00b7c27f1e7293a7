"""What the workers do for imports: a batch of rows, all of it or nothing, and the next one after that."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import connection
from django.utils import timezone

from emailhub import store
from emailhub.accounts.models import Company
from emailhub.accounts.tenancy import company

from ..models import ContactImport, ImportRow
from ..phones import region_of
from .tables import Form, read_records
from .taking import Run, take_batch
from .undoing import undo

WAKE = "emailhub_import"  # the NOTIFY channel that wakes the workers
BATCH = 100
TRIES = 5  # of one batch that end in an error
_RESTS = timedelta(seconds=10)
_LOCK = 30  # the class of the session's advisory locks, as in due_imports()
log = structlog.get_logger()
State = ContactImport.State
RowState = ImportRow.State


def import_due() -> int:
    """Do the next batch of an import that is at work, and return how many were found: 1 or 0.

    The claim is an advisory lock of this session and a batch is one transaction. A worker that dies in it
    leaves the rows as they were, and the next worker goes on with them.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, company_id FROM due_imports()")
        claimed: tuple[int, int] | None = cursor.fetchone()
    if claimed is None:
        return 0
    try:
        _advance(*claimed)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, (%s %% 2147483647)::integer)", [_LOCK, claimed[0]])
    return 1


def wake() -> None:
    """Tell the workers at commit that there is an import to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, '')", [WAKE])


def _advance(import_id: int, company_id: int) -> None:
    try:
        with company(company_id):
            source = _lock(import_id)
            _STEPS[State(source.state)](source, timezone.now())
    except Exception as error:
        log.exception("a batch of an import failed", contact_import=import_id, company=company_id)
        with company(company_id):
            _put_off(_lock(import_id), error, now=timezone.now())


def _lock(import_id: int) -> ContactImport:
    imports = ContactImport.objects.select_for_update(of=("self",))
    source: ContactImport = imports.select_related("company", "segment").get(pk=import_id)
    return source


def _read(source: ContactImport, now: datetime) -> None:
    """Make a row of each row of the file, in one go: either all are there or none."""
    content = store.get(source.company_id, source.content_key)
    records = read_records(content, Form(source.encoding, source.delimiter))
    people = records[1:] if source.has_header else records
    ImportRow.objects.bulk_create(
        (
            ImportRow(
                company_id=source.company_id,
                contact_import=source,
                number=record.number,
                cells=record.cells,
            )
            for record in people
        ),
        batch_size=2000,
    )
    source.total, source.content_key = len(people), ""
    _go_on(source, State.RUNNING, now)


def _run(source: ContactImport, now: datetime) -> None:
    rows = _next_rows(source, [RowState.WAITING])
    run = Run(source, region_of(Company.objects.get(pk=source.company_id)), now)
    take_batch(rows, run)
    _store(rows)
    for state, counter in _COUNTERS.items():
        done = sum(row.state == state for row in rows)
        setattr(source, counter, getattr(source, counter) + done)
    _go_on(source, State.RUNNING if rows else State.DONE, now)


def _undo(source: ContactImport, now: datetime) -> None:
    rows = _next_rows(source, [RowState.CREATED, RowState.UPDATED])
    for row in rows:
        undo(row)
    _store(rows)
    source.undone += len(rows)
    source.kept += sum(row.state == RowState.KEPT for row in rows)
    _go_on(source, State.UNDOING if rows else State.UNDONE, now)


_STEPS = {State.READING: _read, State.RUNNING: _run, State.UNDOING: _undo}
_COUNTERS = {
    RowState.CREATED: "created",
    RowState.UPDATED: "updated",
    RowState.SKIPPED: "skipped",
    RowState.FAILED: "failed",
}


def _store(rows: list[ImportRow]) -> None:
    ImportRow.objects.bulk_update(rows, ["cells", "state", "reason", "detail", "contact", "changes"])


def _next_rows(source: ContactImport, states: list[RowState]) -> list[ImportRow]:
    rows = ImportRow.objects.filter(company_id=source.company_id, contact_import=source, state__in=states)
    return list(rows.order_by("number")[:BATCH])


def _go_on(source: ContactImport, state: ContactImport.State, now: datetime) -> None:
    """A batch is done: the import stands behind the others that wait."""
    source.state, source.attempts, source.last_error, source.due_at = state, 0, "", now
    if not source.is_at_work:
        source.finished_at = now
    source.save()


def _put_off(source: ContactImport, error: Exception, *, now: datetime) -> None:
    """Try the batch again later; after some tries the import stops, and says why."""
    source.attempts += 1
    source.last_error = f"{type(error).__name__}: {error}"[:2000].replace("\0", "")
    source.due_at = now + _RESTS
    if source.attempts >= TRIES:
        source.stopped_in, source.state = source.state, State.STOPPED
    source.save()
