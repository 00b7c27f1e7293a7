"""What advisors say about themselves."""

from __future__ import annotations

from emailhub import mail

from .models import Advisor

SIGNATURE_LIMIT = 20_000  # characters of HTML


def set_signature(advisor: Advisor, html: str) -> None:
    """Store the e-mail signature, made safe to send. Mails that were sent keep the one they had."""
    clean = mail.sanitise_outgoing(html[:SIGNATURE_LIMIT])
    advisor.signature = clean if mail.plain_text(clean).strip() else ""
    advisor.save(update_fields=["signature"])
