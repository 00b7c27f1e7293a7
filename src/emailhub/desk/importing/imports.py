"""The verbs of an import: begin with a file, say what its columns are, start, undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from emailhub import mail, store
from emailhub.accounts import audit
from emailhub.accounts.models import Advisor

from ..errors import NoColumnError, NotNowError, UnreadableFileError
from ..models import Contact, ContactImport, ImportRow, Segment
from ..permissions import require_contact_management
from ..phones import region_of
from .columns import Field, guess, guess_by_content, has_header
from .people import Person, read_person
from .reasons import RowError
from .tables import DELIMITERS, ENCODINGS, Form, Record, find_form, read_records
from .taking import find_existing
from .work import wake

State = ContactImport.State
Policy = ContactImport.Policy
LARGEST = 20_000_000  # bytes
_SHOWN = 10
_IDENTIFIES = {Field.NAME, Field.FIRST_NAME, Field.LAST_NAME, Field.EMAIL, Field.PHONE}


@dataclass(frozen=True)
class Choices:
    """What the person who imports says of the file."""

    mapping: Sequence[str]
    policy: str = Policy.SKIP
    segment: Segment | None = None
    has_header: bool = True


@dataclass(frozen=True)
class Glance:
    """What a row would do: who it is, whether they are there already, or why it cannot be taken."""

    number: int
    cells: Sequence[str]
    person: Person | None
    existing: Contact | None
    error: RowError | None


@dataclass(frozen=True)
class Preview:
    header: Sequence[str]
    rows: Sequence[Glance]
    total: int


def imports_of(advisor: Advisor) -> QuerySet[ContactImport]:
    """The company's imports, newest first. Raises ContactsNotAllowedError."""
    require_contact_management(advisor)
    return ContactImport.objects.filter(company_id=advisor.company_id).order_by("-id")


def begin(content: bytes, filename: str, *, by: Advisor, now: datetime) -> ContactImport:
    """Keep the file and guess how it is written and what its columns are. Nothing is imported yet.

    Raises ContactsNotAllowedError, UnreadableFileError.
    """
    require_contact_management(by)
    if not content.strip() or len(content) > LARGEST:
        raise UnreadableFileError(filename)
    source = ContactImport(
        company_id=by.company_id,
        filename=mail.clean_filename(filename),
        content_key=store.put(by.company_id, content),
        by=by,
        created_at=now,
        due_at=now,
    )
    _understand(source, content, find_form(content))
    source.save()
    return source


def reread(source: ContactImport, *, encoding: str, delimiter: str, by: Advisor) -> None:
    """Read the file in another way than was guessed. Raises NotNowError, UnreadableFileError."""
    require_contact_management(by)
    _require(source, State.DRAFT)
    if encoding not in ENCODINGS or delimiter not in DELIMITERS:
        raise UnreadableFileError(source.filename)
    _understand(source, _content(source), Form(encoding, delimiter))
    source.save()


def choose(source: ContactImport, choices: Choices, *, by: Advisor) -> None:
    """Say what the columns are and what becomes of contacts that are there. Raises NotNowError."""
    require_contact_management(by)
    _require(source, State.DRAFT)
    known = set(Field)
    width = len(source.header)
    fields = [field if field in known else "" for field in choices.mapping][:width]
    source.mapping = [*fields, *[""] * (width - len(fields))]
    source.policy = choices.policy if choices.policy in Policy.values else Policy.SKIP
    source.segment = choices.segment
    source.has_header = choices.has_header
    source.save()


def start(source: ContactImport, *, by: Advisor, now: datetime) -> None:
    """Hand the import to the workers. Raises NoColumnError, NotNowError."""
    require_contact_management(by)
    _require(source, State.DRAFT)
    if not _IDENTIFIES.intersection(source.mapping):
        raise NoColumnError
    _note(source, by=by, now=now, imported=audit.Change("", "CSV"))
    _hand_over(source, State.READING, now)


def start_undoing(source: ContactImport, *, by: Advisor, now: datetime) -> None:
    """Have the workers take back what the import did. Raises NotNowError."""
    require_contact_management(by)
    _require(source, State.DONE)
    _note(source, by=by, now=now, imported=audit.Change("CSV", ""))
    _hand_over(source, State.UNDOING, now)


def try_again(source: ContactImport, *, by: Advisor, now: datetime) -> None:
    """Go on with an import that an error stopped, where it stood. Raises NotNowError."""
    require_contact_management(by)
    _require(source, State.STOPPED)
    source.attempts = 0
    _hand_over(source, State(source.stopped_in), now)


def forget(source: ContactImport, *, by: Advisor) -> None:
    """Throw away an import that was never started. Raises NotNowError."""
    require_contact_management(by)
    _require(source, State.DRAFT)
    source.delete()


def preview(source: ContactImport) -> Preview:
    """The first rows of the file as they would be taken."""
    records = _records(source, _content(source))
    region = region_of(source.company)
    glances = [_glance(source, record, region) for record in records[:_SHOWN]]
    return Preview(source.header, glances, len(records))


def rows_with_reasons(source: ContactImport) -> QuerySet[ImportRow]:
    """The rows that somebody should look at: not imported, left out, or not undone."""
    states = [ImportRow.State.FAILED, ImportRow.State.SKIPPED, ImportRow.State.KEPT]
    return source.rows.filter(state__in=states).order_by("number")


def _glance(source: ContactImport, record: Record, region: str | None) -> Glance:
    person = existing = error = None
    try:
        person = read_person(record.cells, source.mapping, region=region)
        existing = find_existing(person, source.company_id)
    except RowError as refused:
        error = refused
    return Glance(record.number, record.cells, person, existing, error)


def _understand(source: ContactImport, content: bytes, form: Form) -> None:
    """Note how the file is written, and guess its columns."""
    records = read_records(content, form)
    if not records:
        raise UnreadableFileError(source.filename)
    first = records[0].cells
    source.encoding, source.delimiter = form.encoding, form.delimiter
    source.has_header = has_header(first)
    people = [record.cells for record in records[1 if source.has_header else 0 :][:50]]
    width = max(len(first), *(len(cells) for cells in people)) if not source.has_header else len(first)
    source.header = first if source.has_header else [""] * width
    source.mapping = guess(first) if source.has_header else guess_by_content(people, width)


def _records(source: ContactImport, content: bytes) -> list[Record]:
    records = read_records(content, Form(source.encoding, source.delimiter))
    return records[1:] if source.has_header else records


def _content(source: ContactImport) -> bytes:
    return store.get(source.company_id, source.content_key)


def _require(source: ContactImport, state: ContactImport.State) -> None:
    """Take the import for this change. Raises NotNowError where somebody else has moved it on."""
    locked = ContactImport.objects.select_for_update(of=("self",)).get(pk=source.pk)
    if locked.state != state:
        raise NotNowError
    source.state = locked.state


def _note(source: ContactImport, *, by: Advisor, now: datetime, imported: audit.Change) -> None:
    audit.record(audit.Kind.CONTACT, f"CSV #{source.pk}", by=by, at=now, imported=imported)


def _hand_over(source: ContactImport, state: ContactImport.State, now: datetime) -> None:
    source.state, source.due_at, source.finished_at = state, now, None
    source.save()
    wake()
