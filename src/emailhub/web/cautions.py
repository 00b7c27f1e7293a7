"""What the composer asks before a mail leaves, in words."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emailhub.desk.guard import Caution, Kind
from emailhub.desk.models import Ticket


def sentence(caution: Caution, ticket: Ticket) -> str:
    """One caution as a sentence that names whom it is about."""
    people = ", ".join(box.name or box.address for box in caution.people)
    if caution.kind in (Kind.OUTSIDE, Kind.NEW, Kind.OTHER_TEAM):
        people = ", ".join(box.address for box in caution.people)
    return _SENTENCES[caution.kind](len(caution.people)) % {
        "people": people,
        "customer": ticket.contact.name,
    }


_SENTENCES: dict[Kind, Callable[[int], str]] = {
    Kind.CUSTOMER_LEFT_OUT: lambda n: _("%(customer)s, the customer of this ticket, does not get it."),
    Kind.HIDDEN_SHOWN: lambda n: ngettext(
        "%(people)s was in BCC. The others will see that they take part.",
        "%(people)s were in BCC. The others will see that they take part.",
        n,
    ),
    Kind.HIDDEN_WROTE: lambda n: _(
        "%(people)s was in BCC and wrote last. The others do not know of them: do not answer for all to see."
    ),
    Kind.OUTSIDE: lambda n: ngettext(
        "%(people)s is new here, at a domain that nobody in this ticket has.",
        "%(people)s are new here, at domains that nobody in this ticket has.",
        n,
    ),
    Kind.NEW: lambda n: ngettext(
        "%(people)s has not taken part in this ticket so far.",
        "%(people)s have not taken part in this ticket so far.",
        n,
    ),
    Kind.LINK: lambda n: _("A link reads %(people)s and leads to another place."),
    Kind.OTHER_TEAM: lambda n: _(
        "%(people)s is another team's address. Reassigning the ticket or mentioning somebody in a note"
        " reaches them without an email."
    ),
}
