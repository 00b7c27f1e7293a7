"""/contacts/imports/: hand in a file, say what it holds, watch it being imported, undo it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from emailhub.desk.contact_export import as_csv
from emailhub.desk.errors import DeskError, UnreadableFileError
from emailhub.desk.importing import imports
from emailhub.desk.importing.imports import LARGEST, Choices
from emailhub.desk.importing.tables import DELIMITERS, ENCODINGS
from emailhub.desk.models import ContactImport, ImportRow, Segment
from emailhub.desk.permissions import may_manage_contacts
from emailhub.desk.segments import find_or_create_segment, segments_of

from ..contact_forms import managed_import, require, segment_named
from ..import_words import COLUMN_WORDS, DELIMITER_WORDS, ENCODING_WORDS, column_choices, explain
from ..requests import AdvisorRequest, intended_method

_SHOWN_ROWS = 200


@require_http_methods(["GET", "POST"])
def contact_imports(request: AdvisorRequest) -> HttpResponse:
    """What was imported so far; POST hands in another file."""
    require(may_manage_contacts(request.advisor))
    error = None
    if request.method == "POST":
        try:
            return redirect("contact_import", import_id=_begin(request).pk)
        except DeskError as refused:
            error = refused
    found = imports.imports_of(request.advisor).select_related("by__user")[:50]
    context = {"imports": found, "error": error, "now": timezone.now()}
    return render(request, "emailhub/contacts/imports.html", context, status=_status(error))


@require_http_methods(["GET", "POST", "DELETE"])
def contact_import(request: AdvisorRequest, import_id: int) -> HttpResponse:
    """/contacts/imports/3/: its columns and a preview, or how far it is. POST settles or starts it."""
    source = managed_import(request, import_id)
    if intended_method(request) == "DELETE":
        return _do(request, source, lambda: imports.forget(source, by=request.advisor), to="contact_imports")
    if request.method != "POST":
        return _show(request, source, None)
    try:
        _settle(request, source)
        if "start" in request.POST:
            imports.start(source, by=request.advisor, now=timezone.now())
    except DeskError as error:
        return _show(request, managed_import(request, import_id), error)
    return redirect("contact_import", import_id=source.pk)


@require_safe
def progress(request: AdvisorRequest, import_id: int) -> HttpResponse:
    """/contacts/imports/3/progress/: the part of the page that changes while workers work."""
    context = _outcome(managed_import(request, import_id))
    return render(request, "emailhub/contacts/_progress.html", context)


@require_POST
def undoing(request: AdvisorRequest, import_id: int) -> HttpResponse:
    """/contacts/imports/3/undoing/: POST has the import taken back."""
    source = managed_import(request, import_id)
    return _do(request, source, lambda: imports.start_undoing(source, by=request.advisor, now=timezone.now()))


@require_POST
def another_try(request: AdvisorRequest, import_id: int) -> HttpResponse:
    """/contacts/imports/3/tries/: POST goes on with an import that an error stopped."""
    source = managed_import(request, import_id)
    return _do(request, source, lambda: imports.try_again(source, by=request.advisor, now=timezone.now()))


@require_safe
def rows(request: AdvisorRequest, import_id: int) -> HttpResponse:
    """/contacts/imports/3/rows.csv: the rows that were not imported, each with its number and reason."""
    source = managed_import(request, import_id)
    lines = [(_("Row"), _("Reason"), *source.header)]
    lines += [(str(row.number), explain(row.reason, row.detail), *row.cells) for row in _rows(source)]
    answer = HttpResponse("\ufeff".encode() + as_csv(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="import-{source.pk}-rows.csv"'
    return answer


def _do(
    request: AdvisorRequest, source: ContactImport, verb: Callable[[], None], *, to: str = "contact_import"
) -> HttpResponse:
    """Do it, or say why not; then show the page."""
    try:
        verb()
    except DeskError as error:
        messages.error(request, str(error))
        to = "contact_import"
    return redirect(to) if to == "contact_imports" else redirect(to, import_id=source.pk)


def _begin(request: AdvisorRequest) -> ContactImport:
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > LARGEST:
        raise UnreadableFileError
    return imports.begin(file.read(), file.name or "", by=request.advisor, now=timezone.now())


def _settle(request: AdvisorRequest, source: ContactImport) -> None:
    """Take the form's word for what the file is and holds. Read in another way, it is guessed anew."""
    form = request.POST
    encoding, delimiter = form.get("encoding", ""), form.get("delimiter", "")
    if (encoding, delimiter) != (source.encoding, source.delimiter):
        imports.reread(source, encoding=encoding, delimiter=delimiter, by=request.advisor)
        return
    choices = Choices(
        mapping=[form.get(f"column-{place}", "") for place in range(len(source.header))],
        policy=form.get("policy", ""),
        segment=_segment(request),
        has_header=form.get("has_header") == "1",
    )
    imports.choose(source, choices, by=request.advisor)


def _segment(request: AdvisorRequest) -> Segment | None:
    name, chosen = request.POST.get("new_segment", "").strip(), request.POST.get("segment", "")
    if name:
        return find_or_create_segment(request.advisor.company_id, name)
    return segment_named(request, chosen) if chosen else None


def _show(request: AdvisorRequest, source: ContactImport, error: DeskError | None) -> HttpResponse:
    if source.state != ContactImport.State.DRAFT:
        context = {**_outcome(source), "error": error}
        return render(request, "emailhub/contacts/import.html", context, status=_status(error))
    context = {
        "import": source,
        "error": error,
        "preview": imports.preview(source),
        "columns": _columns(source),
        "fields": column_choices(),
        "policies": ContactImport.Policy.choices,
        "encodings": [(name, ENCODING_WORDS[name]) for name in ENCODINGS],
        "delimiters": [(sign, DELIMITER_WORDS[sign]) for sign in DELIMITERS],
        "segments": segments_of(request.advisor.company),
    }
    return render(request, "emailhub/contacts/import_columns.html", context, status=_status(error))


def _columns(source: ContactImport) -> list[tuple[str, str, str]]:
    """Of each column its name, what it is taken for, and that in words."""
    return [
        (name or str(place), field, str(COLUMN_WORDS.get(field, "")))
        for place, (name, field) in enumerate(zip(source.header, source.mapping, strict=True), 1)
    ]


def _outcome(source: ContactImport) -> dict[str, object]:
    found = _rows(source)
    shown = list(found[: _SHOWN_ROWS + 1])
    return {
        "import": source,
        "rows": [(row, explain(row.reason, row.detail)) for row in shown[:_SHOWN_ROWS]],
        "has_more_rows": len(shown) > _SHOWN_ROWS,
    }


def _rows(source: ContactImport) -> QuerySet[ImportRow]:
    return imports.rows_with_reasons(source).select_related("contact")


def _status(error: DeskError | None) -> int:
    return HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
