"""Which tag a form means: one of the company's, or a new one by its name."""

from __future__ import annotations

from django.shortcuts import get_object_or_404

from emailhub.accounts.models import Company
from emailhub.desk.models import Tag
from emailhub.desk.tags import tag_named


def wanted_tag(company: Company, chosen: str, name: str) -> Tag:
    """The tag with the id `chosen`, else the one that is named. Raises NoNameError, Http404."""
    if chosen.isdecimal() and len(chosen) < 19:
        return get_object_or_404(Tag, company=company, pk=int(chosen))
    return tag_named(company, name)
