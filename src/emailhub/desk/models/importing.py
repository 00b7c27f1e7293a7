"""An import of contacts, and each row of its file: what is to be done, and what was done."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import Advisor, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany

from .contact import Contact, Segment


class ContactImport(Tenant):
    """A file of contacts. One that is reading, running or undoing *is* the work of the workers."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Not started")  # its columns are being named
        READING = "reading", _("Reading the file")
        RUNNING = "running", _("Importing")
        DONE = "done", _("Imported")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")
        STOPPED = "stopped", _("Stopped by an error")

    class Policy(models.TextChoices):
        """What becomes of a contact that is there already."""

        SKIP = "skip", _("Leave them as they are")
        FILL = "fill", _("Add what they lack")
        OVERWRITE = "overwrite", _("Replace what the file says differently")

    AT_WORK = (State.READING, State.RUNNING, State.UNDOING)

    filename = models.CharField(max_length=255)
    content_key = models.CharField(max_length=64, blank=True)  # empty: its rows have been taken out of it
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    has_header = models.BooleanField(default=True)
    header = ArrayField(models.TextField(), default=list)
    mapping = ArrayField(models.CharField(max_length=20, blank=True), default=list)  # a field each column
    policy = models.CharField(max_length=10, choices=Policy, default=Policy.SKIP)
    segment = models.ForeignKey(  # everybody in the file is put into it
        Segment, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    total = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)  # rows whose undoing is finished, also where kept
    kept = models.PositiveIntegerField(default=0)  # of them: contacts that are in use by now
    by = models.ForeignKey(
        Advisor, on_delete=models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    stopped_in = models.CharField(max_length=10, choices=State, blank=True)  # where a stopped one goes on
    attempts = models.PositiveSmallIntegerField(default=0)  # that ended in an error, one after the other
    last_error = models.TextField(blank=True)

    class Meta:
        constraints = [OWN_COMPANY, SameCompany("segment"), SameCompany("by")]
        indexes = [
            models.Index(fields=["company", "-id"], name="desk_contactimport_newest"),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state__in=["reading", "running", "undoing"]),
                name="desk_contactimport_due",
            ),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def is_at_work(self) -> bool:
        return self.state in self.AT_WORK

    @property
    def done_rows(self) -> int:
        """How far it is: of the file, or of what is being undone."""
        if self.state in (self.State.UNDOING, self.State.UNDONE):
            return self.undone
        return self.created + self.updated + self.skipped + self.failed

    @property
    def all_rows(self) -> int:
        if self.state in (self.State.UNDOING, self.State.UNDONE):
            return self.created + self.updated
        return self.total


class ImportRow(Tenant):
    """A row of the file, by its number in a spreadsheet, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting"
        CREATED = "created", _("New contact")
        UPDATED = "updated", _("Completed")
        SKIPPED = "skipped", _("Already there")
        FAILED = "failed", _("Not imported")
        UNDONE = "undone", _("Undone")
        KEPT = "kept", _("Not undone")

    contact_import = models.ForeignKey(
        ContactImport, on_delete=models.CASCADE, related_name="rows", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField()
    cells = ArrayField(models.TextField(), default=list)  # emptied when it is in the contact
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=30, blank=True)  # importing.reasons
    detail = models.TextField(blank=True)
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, null=True, related_name="import_rows", db_constraint=False
    )
    changes = models.JSONField(default=dict, blank=True)  # what undoing takes back

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("contact_import"),
            SameCompany("contact"),
            models.UniqueConstraint(
                fields=["company", "contact_import", "number"], name="desk_importrow_number"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "contact_import", "state", "number"], name="desk_importrow_state")
        ]
