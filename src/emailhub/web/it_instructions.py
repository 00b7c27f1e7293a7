"""What a company's IT department is asked to do, in its own words: to print, to copy, or to send."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

from django.utils.translation import gettext as _

from emailhub.accounts.models import Team
from emailhub.hub.models import OwnAddress

from .domain_words import RecordLine
from .provider_steps import FORWARDING, provider_label
from .set_up_page import SetUpPage


@dataclass(frozen=True)
class Section:
    """A part of it: sentences, and values that have to be copied exactly."""

    title: str
    steps: list[str]
    values: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Instructions:
    subject: str
    lead: str
    sections: list[Section]

    def as_text(self) -> str:
        parts = [self.lead]
        for section in self.sections:
            values = [f"{label}: {value}" for label, value in section.values]
            steps = [f"{number}. {step}" for number, step in enumerate(section.steps, 1)]
            parts.append("\n".join([section.title, "-" * len(section.title), *values, *steps]))
        return "\n\n".join(parts) + "\n"

    def as_mail(self) -> str:
        """A link that opens the mail program with all of it written."""
        return f"mailto:?{urlencode({'subject': self.subject, 'body': self.as_text()}, quote_via=quote)}"


def instructions_for(page: SetUpPage, team: Team) -> Instructions:
    """In the language that is active. What is not decided yet is left out."""
    assert page.generated is not None, "a team with EmailHub has an address"
    sections = [_mailbox(page), *_forward(page)]
    if page.by_dns:
        sections.append(_records(page.records))
    elif page.own is not None:
        sections.append(_server(page.own))
    values = {"team": team.name, "company": team.company.name}
    return Instructions(
        subject=_("EmailHub for the team %(team)s: what IT has to set up") % values,
        lead=_(
            "The team %(team)s of %(company)s answers its email in EmailHub. Please set up the following."
            " Nothing is deleted, and mail stays in the mailbox as well."
        )
        % values,
        sections=sections,
    )


def _mailbox(page: SetUpPage) -> Section:
    if page.own is not None:
        return Section(
            _("The mailbox"),
            [_("It has to exist and to receive mail from outside.")],
            [(_("Address"), page.own.address)],
        )
    return Section(
        _("The mailbox"),
        [_("Please create a mailbox or a shared mailbox for the team, like support@ and your domain.")],
    )


def _forward(page: SetUpPage) -> list[Section]:
    assert page.generated is not None
    values = [(_("Forward to"), page.generated.address)]
    chosen = page.own.provider if page.own and page.own.provider else ""
    providers = [chosen] if chosen else list(OwnAddress.Provider.values)
    return [
        Section(
            _("The forward (%(provider)s)") % {"provider": provider_label(provider)},
            [str(step) for step in FORWARDING[provider]],
            values,
        )
        for provider in providers
    ]


def _records(records: list[RecordLine]) -> Section:
    values = []
    for line in records:
        if line.record.required or line.shows_expected:
            values.append((f"{line.title}, {_('Name')}", line.record.name))
            values.append((f"{line.title}, TXT", line.record.expected))
    return Section(
        _("The DNS"),
        [
            _("Add these TXT records. A long value may be split into strings of at most 255 characters."),
            _("Leave a DMARC policy that is there, and SPF, as they are."),
        ],
        values,
    )


def _server(own: OwnAddress) -> Section:
    return Section(
        _("Sending"),
        [
            _(
                "Tell the team's manager your mail server (SMTP), its port (587 or 465) and a log-in that may"
                " send with %(address)s. They enter it in EmailHub; the password is stored encrypted."
            )
            % {"address": own.address},
            _("Or choose “Our server and your DNS” in EmailHub: then two TXT records are enough."),
        ],
    )
