"""Open a ticket: an advisor for a contact, or intake for a mail."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from emailhub import mail
from emailhub.accounts.models import Advisor, Team

from .errors import NotAllowedError
from .models import Activity, Contact, Ticket


def open_ticket(*, team: Team, contact: Contact, subject: str, by: Advisor, now: datetime) -> Ticket:
    """Start a ticket by hand, assigned to the one who opens it. Raises NotAllowedError."""
    if team.id not in by.writable_team_ids():
        raise NotAllowedError
    return create_ticket(
        team=team, contact=contact, subject=" ".join(subject.split()), by=by, assignee=by, now=now
    )


def create_ticket(
    *,
    team: Team,
    contact: Contact,
    subject: str,
    now: datetime,
    by: Advisor | None = None,
    assignee: Advisor | None = None,
    received_by: Team | None = None,
    follow_up_of: int | None = None,
    related_to: int | None = None,
) -> Ticket:
    """Insert a ticket with the company's next number, and the first entry of its timeline."""
    subject = mail.base_subject(subject)[:998]
    ticket = Ticket.objects.create(
        company_id=team.company_id,
        number=_next_number(team.company_id),
        team=team,
        received_by=received_by,
        contact=contact,
        assignee=assignee,
        follow_up_of_id=follow_up_of,
        related_to_id=related_to,
        subject=subject,
        normal_subject=mail.normalise_subject(subject),
        created_at=now,
        last_activity_at=now,
    )
    ticket.record(Activity.Kind.CREATED, by=by, at=now)
    return ticket


def _next_number(company_id: int) -> int:
    """The next ticket number. Its row is locked until commit, so numbers have no gaps and no twins."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO desk_ticketcounter (company_id, last) VALUES (%s, 1)"
            " ON CONFLICT (company_id) DO UPDATE SET last = desk_ticketcounter.last + 1 RETURNING last",
            [company_id],
        )
        number: int = cursor.fetchone()[0]
        return number
