"""The demo's way out for text messages, which leads nowhere: they are on its customers' phones at once."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.outcomes import BeforeFinalDot, Fate, FinishedMail, Outcome
from emailhub.desk.chat_states import report_state
from emailhub.texting import TextState


class DemoTextSender:
    """A delivery.outcomes.Sender. What it takes has arrived, at the clock's time."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now) -> None:
        self._clock = clock

    def send(self, mail: FinishedMail, before_final_dot: BeforeFinalDot) -> Outcome:
        """Make one attempt, and report as a gateway does."""
        before_final_dot(mail.recipients)
        key = UUID(json.loads(mail.content)["key"])
        sid = f"SM{secrets.token_hex(16)}"
        with company(mail.company_id or 0):
            report_state(key, gateway_id=sid, state=TextState.DELIVERED, now=self._clock())
        return Outcome.of_all(mail.recipients, Fate.ACCEPTED)

    def close(self) -> None:
        """Nothing is kept open."""
