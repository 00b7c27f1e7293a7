"""What an administrator decides for the whole company."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import IntegrityError, transaction

from .audit import Change, Kind, record
from .errors import BadSlugError, NoNameError, RetentionError, SlugTakenError
from .models import Advisor, Company
from .permissions import may_manage_company, require

RETENTION = range(1, 241)  # months: a closed ticket may be wanted again within a month
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class CompanySettings:
    """The company as its page shows it."""

    name: str
    slug: str
    language: str
    time_zone: str
    managers_read_all: bool

    @classmethod
    def of(cls, company: Company) -> CompanySettings:
        return cls(*(getattr(company, field.name) for field in fields(cls)))


def parse_slug(typed: str) -> str:
    """The company's part of its teams' addresses: a label of a domain. Raises BadSlugError."""
    slug = typed.strip().lower()
    if not _SLUG.fullmatch(slug):
        raise BadSlugError
    return slug


def change_company(settings: CompanySettings, *, by: Advisor, now: datetime) -> Company:
    """Make this the company's settings. Raises NoNameError, BadSlugError, SlugTakenError.

    Addresses that were generated under a former slug stay as they are and keep receiving.
    """
    require(may_manage_company(by))
    name, slug = " ".join(settings.name.split())[:200], parse_slug(settings.slug)
    if not name:
        raise NoNameError
    with transaction.atomic():
        company = Company.objects.select_for_update().get(pk=by.company_id)
        before = CompanySettings.of(company)
        company.name, company.slug = name, slug
        company.language, company.time_zone = settings.language, settings.time_zone
        company.managers_read_all = settings.managers_read_all
        _save(company)
        _record(company, before, by=by, now=now)
    return company


def set_retention(months: int | None, *, by: Advisor, now: datetime) -> None:
    """Delete closed tickets after so many months, or never. Raises RetentionError."""
    require(may_manage_company(by))
    if months is not None and months not in RETENTION:
        raise RetentionError(RETENTION)
    with transaction.atomic():
        company = Company.objects.select_for_update().get(pk=by.company_id)
        change = Change(company.retention_months, months)
        company.retention_months = months
        company.save(update_fields=["retention_months"])
        record(Kind.COMPANY, company.name, by=by, at=now, retention_months=change)


def set_logo(key: str, *, by: Advisor, now: datetime) -> None:
    """Show the stored picture of this key as the company's; empty: our own mark."""
    require(may_manage_company(by))
    with transaction.atomic():
        company = Company.objects.select_for_update().get(pk=by.company_id)
        change = Change(bool(company.logo_key) and company.logo_key[:12], bool(key) and key[:12])
        company.logo_key = key
        company.save(update_fields=["logo_key"])
        record(Kind.COMPANY, company.name, by=by, at=now, logo=change)


def _save(company: Company) -> None:
    try:
        with transaction.atomic():
            company.save(update_fields=[field.name for field in fields(CompanySettings)])
    except IntegrityError as error:  # the slug is the only unique one of them
        raise SlugTakenError(company.slug) from error


def _record(company: Company, before: CompanySettings, *, by: Advisor, now: datetime) -> None:
    record(
        Kind.COMPANY,
        company.name,
        by=by,
        at=now,
        name=Change(before.name, company.name),
        slug=Change(before.slug, company.slug),
        language=Change(before.language, company.language),
        time_zone=Change(before.time_zone, company.time_zone),
        managers_read_all=Change(before.managers_read_all, company.managers_read_all),
    )
