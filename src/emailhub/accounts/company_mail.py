"""Mail about accounts to somebody who has none yet: it must say whose outbox it goes through."""

from __future__ import annotations

from django.core.mail import EmailMessage


class CompanyMail(EmailMessage):
    """A mail that a company sends by Django's EMAIL_BACKEND."""

    def __init__(self, company_id: int, *, to: str, subject: str, body: str) -> None:
        super().__init__(subject=subject, body=body, to=[to])
        self.company_id = company_id
