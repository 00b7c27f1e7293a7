"""A customer and the ways to reach them."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from emailhub.accounts.models import Language, Tenant
from emailhub.accounts.tenancy import OWN_COMPANY, SameCompany

from ..queries import ContactQuerySet


class Segment(Tenant):
    """A label for contacts: lists are filtered by it, and rules can ask for it."""

    name = models.CharField(_("name"), max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            OWN_COMPANY,
            models.UniqueConstraint("company", Lower("name"), name="desk_segment_name_any_case"),
        ]

    def __str__(self) -> str:
        return self.name


class Contact(Tenant):
    """A customer."""

    name = models.CharField(_("name"), max_length=200)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    account_number = models.CharField(_("account number"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=Language, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)  # None: made from a stranger's mail
    shared_sender = models.BooleanField(default=False)  # many people write from it: always a new ticket
    erased_at = models.DateTimeField(null=True, blank=True)  # only its tickets are left of it
    created_at = models.DateTimeField(auto_now_add=True)
    # Without accents and capitals, for lists and look-ups; the database computes them.
    sort_name = models.GeneratedField(
        expression=Func("name", function="folded"), output_field=models.TextField(), db_persist=True
    )
    findable = models.GeneratedField(
        expression=Func("name", "organisation", "account_number", function="contact_words"),
        output_field=models.TextField(),
        db_persist=True,
    )
    segments: models.ManyToManyField[Segment, SegmentMember] = models.ManyToManyField(
        Segment, through="SegmentMember", related_name="contacts"
    )

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [OWN_COMPANY]
        indexes = [
            GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="desk_contact_name"),
            GinIndex(fields=["organisation"], opclasses=["gin_trgm_ops"], name="desk_contact_organisation"),
            GinIndex(fields=["findable"], opclasses=["gin_trgm_ops"], name="desk_contact_findable"),
            models.Index(fields=["company", "sort_name", "id"], name="desk_contact_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def primary_email(self) -> str:
        """The address that a new ticket is mailed to, or an empty string."""
        emails = sorted(self.emails.all(), key=lambda email: (not email.is_primary, email.id))
        return emails[0].address if emails else ""


class SegmentMember(Tenant):
    """A contact in a segment."""

    contact = models.ForeignKey(
        Contact,
        on_delete=models.CASCADE,
        related_name="segment_members",
        db_constraint=False,
        db_index=False,
    )
    segment = models.ForeignKey(
        Segment, on_delete=models.CASCADE, related_name="members", db_constraint=False, db_index=False
    )

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("contact"),
            SameCompany("segment"),
            models.UniqueConstraint(fields=["company", "contact", "segment"], name="desk_segmentmember_once"),
        ]
        indexes = [models.Index(fields=["company", "segment", "contact"], name="desk_segmentmember_of")]


class ContactEmail(Tenant):
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="emails", db_constraint=False)
    address = models.CharField(max_length=254)  # in normal form (mail.addresses)
    is_primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("contact"),
            models.UniqueConstraint(fields=["company", "address"], name="desk_contactemail_one_contact"),
            models.UniqueConstraint(
                fields=["company", "contact"],
                condition=Q(is_primary=True),
                name="desk_contactemail_one_primary",
            ),
        ]
        indexes = [GinIndex(fields=["address"], opclasses=["gin_trgm_ops"], name="desk_contactemail_part")]

    def __str__(self) -> str:
        return self.address


class ContactPhone(Tenant):
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="phones", db_constraint=False)
    number = models.CharField(max_length=40)  # E.164 (desk.phones)
    is_primary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            OWN_COMPANY,
            SameCompany("contact"),
            models.UniqueConstraint(fields=["company", "number"], name="desk_contactphone_one_contact"),
            models.UniqueConstraint(
                fields=["company", "contact"],
                condition=Q(is_primary=True),
                name="desk_contactphone_one_primary",
            ),
        ]
        indexes = [GinIndex(fields=["number"], opclasses=["gin_trgm_ops"], name="desk_contactphone_part")]

    def __str__(self) -> str:
        return self.number
