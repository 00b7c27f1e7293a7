"""Which inbound rule of the receiving team a mail matches: what the rules see of it, and the first match."""

from __future__ import annotations

from emailhub import rules
from emailhub.desk import models as desk
from emailhub.hub.addresses import without_tag
from emailhub.hub.broken_rules import is_broken
from emailhub.hub.policy import Policy
from emailhub.rules import matching
from emailhub.rules.matching import Letter

from .examined import Reading


def letter_of(
    reading: Reading, contact: desk.Contact | None, *, automatic: bool, with_segments: bool
) -> Letter:
    """What inbound rules see of the delivery."""
    message, sender = reading.message, reading.sender
    came_to = reading.row.rcpt_to
    return Letter(
        sender_address=reading.address,
        sender_name=sender.mailbox.name if sender else "",
        subject=message.subject,
        body=message.text[: matching.BODY_LIMIT],
        received_at=tuple(dict.fromkeys([*came_to, *map(without_tag, came_to)])),
        recipients=tuple(dict.fromkeys(box.address for box in (*message.to, *message.cc))),
        has_attachment=any(not attachment.inline for attachment in message.attachments),
        automatic=automatic,
        segments=_segments(contact) if contact and with_segments else (),
        organisation=contact.organisation if contact else "",
        account_number=contact.account_number if contact else "",
    )


def _segments(contact: desk.Contact) -> tuple[str, ...]:
    members = desk.SegmentMember.objects.filter(contact=contact)
    return tuple(str(id) for id in members.values_list("segment_id", flat=True))


def first_match(policy: Policy, letter: Letter, team_id: int) -> rules.RuleMatch | None:
    """The uppermost rule that matches. Whether it is broken is asked of it alone."""
    rule = matching.first_match(policy.rules, letter)
    return rule.as_match(broken=is_broken(rule, team_id)) if rule else None
