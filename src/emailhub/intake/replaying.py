"""What was known of a delivery when it was decided on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from emailhub import store
from emailhub.desk.models import SegmentMember
from emailhub.rules import Facts, stored
from emailhub.rules.matching import BODY_LIMIT, Field, Letter

from .models import Consideration, ReceivedMessage
from .reading import UnreadableError, read_mail


@dataclass(frozen=True)
class Known:
    """The facts, and what inbound rules see."""

    facts: Facts
    letter: Letter


def replay(row: ReceivedMessage, fields: Collection[Field]) -> Known | None:
    """What was known then, as far as these fields need it; None: it is not remembered any more."""
    kept = Consideration.objects.filter(received=row).first()
    return known_of(kept, row, fields) if kept else None


def known_of(kept: Consideration, row: ReceivedMessage, fields: Collection[Field]) -> Known:
    """The same, of a row that is in hand. Body and segments are looked up only where a rule asks for them."""
    facts = stored.load_facts(kept.facts)
    letter = stored.load_letter(kept.letter, _body(row) if Field.BODY in fields else "")
    if Field.SEGMENT in fields and facts.sender.contact is not None:
        members = SegmentMember.objects.filter(contact_id=facts.sender.contact.id)
        segments = tuple(str(id) for id in members.values_list("segment_id", flat=True))
        letter = replace(letter, segments=segments, _folded={})
    return Known(facts, letter)


def _body(row: ReceivedMessage) -> str:
    """The text of a mail: it is kept with the message, else read anew. A purged or broken one has none."""
    if row.filed_as is not None:
        return row.filed_as.text[:BODY_LIMIT]
    try:
        raw = store.get(row.company_id, row.content_key)
        return read_mail(raw, failed_before=True).message.text[:BODY_LIMIT]
    except (store.MissingError, UnreadableError):
        return ""
