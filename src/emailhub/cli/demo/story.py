"""What the demo's conversations are written in: people, and what they do one after another.

A turn's `at` is "18:59" on the story's first day, "+2 8:15" two working days later, or "-40 min" before
the demo is filled. Days are working days, counted back from today, so that nobody writes on a Sunday.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from emailhub.mail import Attachment
from emailhub.web.demo_mail.letters import Program

if TYPE_CHECKING:
    from .settings import TeamSettings


@dataclass(frozen=True)
class Customer:
    """Somebody outside. Known ones are contacts from the start; the others write first."""

    name: str
    address: str
    organisation: str = ""
    phone: str = ""
    program: Program = Program.GMAIL
    known: bool = True


@dataclass(frozen=True)
class Colleague:
    """An advisor with a log-in."""

    name: str
    address: str
    teams: tuple[str, ...]
    title: str
    phone: str = ""
    manages: tuple[str, ...] = ()
    role: str = "advisor"


@dataclass(frozen=True)
class Mail:
    """A customer writes: an answer to our last mail where there is one, unless it is `fresh`."""

    at: str
    text: str
    by: Customer | None = None  # None: the story's customer
    cc: tuple[Customer, ...] = ()
    photos: tuple[Attachment, ...] = ()
    files: tuple[Attachment, ...] = ()
    subject: str = ""  # of a fresh mail that is not the first
    fresh: bool = False
    automatic: bool = False  # by their mail program, while they are away


@dataclass(frozen=True)
class Answer:
    """An advisor answers all, and the ticket is open, waiting or closed afterwards."""

    at: str
    by: Colleague
    text: str
    then: str = "open"
    cc: tuple[Customer, ...] = ()
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class Text:
    """The story's customer writes by SMS, or by WhatsApp."""

    at: str
    text: str
    kind: str = "sms"


@dataclass(frozen=True)
class Chat:
    """An advisor answers by the same way."""

    at: str
    by: Colleague
    text: str
    kind: str = "sms"
    then: str = "open"


@dataclass(frozen=True)
class Note:
    at: str
    by: Colleague
    text: str


@dataclass(frozen=True)
class Assign:
    at: str
    by: Colleague
    to: Colleague


@dataclass(frozen=True)
class Move:
    at: str
    by: Colleague
    team: str


@dataclass(frozen=True)
class Summary:
    at: str
    by: Colleague
    text: str


@dataclass(frozen=True)
class Wait:
    at: str
    by: Colleague


@dataclass(frozen=True)
class Close:
    at: str
    by: Colleague


@dataclass(frozen=True)
class Bounce:
    """The mail system of the customer cannot deliver our last answer."""

    at: str
    diagnostic: str


Turn = Mail | Answer | Text | Chat | Note | Assign | Move | Summary | Wait | Close | Bounce


@dataclass(frozen=True)
class Story:
    """One conversation. It begins with a mail, or with an answer: then an advisor opened the ticket."""

    ago: int  # working days before today
    team: str
    customer: Customer
    subject: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True)
class House:
    """A company of the demo."""

    name: str
    slug: str
    language: str
    time_zone: str
    teams: tuple[str, ...]
    colleagues: tuple[Colleague, ...]
    stories: tuple[Story, ...] = field(repr=False)
    settings: tuple[TeamSettings, ...] = field(repr=False, default=())
    sms: str = ""  # the company's numbers
    whatsapp: str = ""


def moment(at: str, ago: int, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant that a turn's `at` names, in a story that began `ago` working days before `now`."""
    if at.startswith("-"):
        number, unit = at[1:].split()
        return now - timedelta(**{{"min": "minutes", "h": "hours"}[unit]: int(number)})
    later, _, clock = at.rpartition(" ")
    day = working_day(now.astimezone(zone).date(), ago - int(later or 0))
    hour, minute = map(int, clock.split(":"))
    return datetime.combine(day, time(hour, minute), zone)


def working_day(today: date, ago: int) -> date:
    """The day that lies so many working days before today."""
    while ago > 0:
        today -= timedelta(days=1)
        ago -= today.weekday() < 5
    return today
