"""Tell the managers when a connection stands still, and when it goes again: by the installation's relay."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from emailhub.accounts.models import Team
from emailhub.accounts.tenancy import company
from emailhub.delivery.connection_work import to_tell
from emailhub.delivery.models import Connection

from .connection_words import problem_of
from .notices import Words, tell_managers


def tell_due() -> int:
    """tell_of_connections() now: what the worker's loop calls."""
    return tell_of_connections(timezone.now())


def tell_of_connections(now: datetime) -> int:
    """Write where somebody has to know of it, and return how many connections that were."""
    rows = to_tell(now)
    for connection_id, company_id in rows:
        with company(company_id):
            _tell(connection_id, now)
    return len(rows)


def _tell(connection_id: int, now: datetime) -> None:
    """Once for each standstill, whatever number of workers find it."""
    rows = Connection.objects.select_for_update(of=("self",)).select_related("team__company")
    connection = rows.get(pk=connection_id)
    goes_again = connection.told_at is not None
    if connection.team is not None:
        words = _recovery(connection) if goes_again else _standstill(connection, connection.team)
        tell_managers(connection.team, words, now=now)
    connection.told_at = None if goes_again else now
    connection.save(update_fields=["told_at"])


def _standstill(connection: Connection, team: Team) -> Words:
    def words() -> tuple[str, str]:
        problem = problem_of(connection)
        since = connection.failing_since or connection.due_at
        subject = _("Email of %(team)s stands still: %(name)s") % {"team": team.name, "name": connection.name}
        text = _(
            "Nothing has come or gone by %(name)s since %(since)s.\n\n%(title)s\n%(remedy)s\n\nEmailHub goes"
            " on trying; nothing gets lost meanwhile.\n\n%(link)s\n"
        ) % {
            "name": connection.name,
            "since": f"{timezone.localtime(since):%Y-%m-%d %H:%M %Z}" if since else "?",
            "title": problem.title,
            "remedy": problem.remedy,
            "link": f"{settings.URL}/manage/teams/{team.pk}/emailhub/#connections",
        }
        return subject, text

    return words


def _recovery(connection: Connection) -> Words:
    def words() -> tuple[str, str]:
        subject = _("%(name)s works again") % {"name": connection.name}
        return subject, _("What had to wait comes and goes now. There is nothing to do.") + "\n"

    return words
