"""Who may work on tickets and contacts. Reading is `visible_to`; this is the rest.

Contacts belong to the whole company: everybody who may write adds, edits, labels and merges them. What
touches many people at once or cannot be taken back (import, export, erasing) is for who manages a team.
"""

from __future__ import annotations

from emailhub.accounts.models import Advisor

from .errors import ContactsNotAllowedError, NotAllowedError
from .models import Ticket


def may_work_on(advisor: Advisor, ticket: Ticket) -> bool:
    return ticket.team_id in advisor.writable_team_ids()


def require_work(advisor: Advisor, ticket: Ticket) -> None:
    """Raise NotAllowedError unless the advisor may answer, note and assign on this ticket."""
    if not may_work_on(advisor, ticket):
        raise NotAllowedError


def may_edit_contacts(advisor: Advisor) -> bool:
    return advisor.may_write


def may_manage_contacts(advisor: Advisor) -> bool:
    """Import, export and erase contacts."""
    return advisor.may_write and (advisor.is_admin or advisor.manages_any())


def require_contacts(advisor: Advisor) -> None:
    """Raise ContactsNotAllowedError unless the advisor may change contacts."""
    if not may_edit_contacts(advisor):
        raise ContactsNotAllowedError


def require_contact_management(advisor: Advisor) -> None:
    """Raise ContactsNotAllowedError unless the advisor may import, export and erase contacts."""
    if not may_manage_contacts(advisor):
        raise ContactsNotAllowedError
