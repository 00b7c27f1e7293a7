"""What may be asked before the company is known. Ids come out, never content."""

from __future__ import annotations

from django.db import connection


def companies_of(user_id: int) -> list[int]:
    """The companies in which a user is an active advisor, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT company_id FROM companies_of(%s)", [user_id])
        return [row[0] for row in cursor.fetchall()]
