"""What can be refused at the desk. A docstring is the meaning; str() is the sentence for the user."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from .models import Activity, Contact, Draft


class DeskError(Exception):
    """Something that an advisor asked for cannot be done. Nothing was changed."""


class NotAllowedError(DeskError):
    """The advisor may not do this on this team's tickets."""

    def __str__(self) -> str:
        return _("You may read this team's tickets, but not work on them.")


class CannotSendError(DeskError):
    """A mail cannot be sent as it is. The draft is kept."""


class NoRecipientError(CannotSendError):
    """Nobody stands in To, CC or BCC."""

    def __str__(self) -> str:
        return _("Name at least one recipient.")


class NoAddressError(CannotSendError):
    """The ticket's customer has no e-mail address: there is nobody to write to from this ticket."""

    def __str__(self) -> str:
        return _("This contact has no email address saved. Add one to write to them.")


class BadAddressError(CannotSendError):
    """An address is not one (RFC 5322 3.4.1), or has a local part that we cannot send to."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address

    def __str__(self) -> str:
        return _("“%(address)s” is not an email address that can be written to.") % {"address": self.address}


class OwnAddressError(CannotSendError):
    """A recipient is one of the sending team's own addresses: the mail would come back as a loop."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address

    def __str__(self) -> str:
        return _("%(address)s is this team's own address. Write a note to your team instead.") % {
            "address": self.address
        }


class TooManyRecipientsError(CannotSendError):
    """More than the 50 recipients that one mail may have."""

    def __str__(self) -> str:
        return _("One email can have at most 50 recipients.")


class TooLargeError(CannotSendError):
    """The attachments together are larger than one mail may be."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(size, limit)
        self.size, self.limit = size, limit

    def __str__(self) -> str:
        return _("The attachments have %(size)s MB together; one email takes at most %(limit)s MB.") % {
            "size": -(-self.size // 1_000_000),
            "limit": self.limit // 1_000_000,
        }


class EmptyMessageError(CannotSendError):
    """There is neither text nor a file."""

    def __str__(self) -> str:
        return _("Write something or attach a file first.")


class TooComplexTextError(CannotSendError):
    """The HTML is longer or deeper than mail programs, and our own sanitiser, can cope with."""

    def __str__(self) -> str:
        return _("The formatting of this text is too complex. Clear the formatting, or attach it as a file.")


class HubOffError(CannotSendError):
    """The team's EmailHub is switched off, or it has no sender address."""

    def __str__(self) -> str:
        return _("Email is switched off for this team. Its manager can switch it on.")


class NoSuchSenderError(CannotSendError):
    """The advisor cannot, or can no longer, write for the team that was chosen."""

    def __str__(self) -> str:
        return _("You cannot write for this team any more. Choose another one.")


class ChatNotSetUpError(CannotSendError):
    """Neither the team nor its company has a number by which it can send such messages."""

    def __str__(self) -> str:
        return _("Chat is not set up for this team.")


class NoPhoneError(CannotSendError):
    """The ticket's customer has no phone number that can be written to: there is only e-mail."""

    def __str__(self) -> str:
        return _("This contact has no phone number.")


class ClosedNumberError(CannotSendError):
    """The owner of the number asked for no more messages."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number

    def __str__(self) -> str:
        return _("The customer asked for no more messages on %(number)s (STOP).") % {"number": self.number}


class WindowClosedError(CannotSendError):
    """WhatsApp lets a business write only within 24 hours of the customer's last message."""

    def __str__(self) -> str:
        return _("WhatsApp lets you answer within 24 hours of the customer's last message; they are over.")


class TooLongTextError(CannotSendError):
    """The text is longer than one message may be."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    def __str__(self) -> str:
        return _("One message takes at most %(limit)s characters.") % {"limit": self.limit}


class TooManyFilesError(CannotSendError):
    """There are more files than one message may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    def __str__(self) -> str:
        return _("One message takes at most %(limit)s files.") % {"limit": self.limit}


class NewerActivityError(CannotSendError):
    """Something was received or sent since the writer last looked. Ask, then send with the newer mark."""

    def __init__(self, activities: Sequence[Activity]) -> None:
        super().__init__(activities)
        self.activities = activities

    def __str__(self) -> str:
        return _("Something new arrived while you were writing. Read it, then send again.")


class WrittenElsewhereError(DeskError):
    """The same advisor has written another draft here in another window, or on another device."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self.draft = draft

    def __str__(self) -> str:
        return _("You have written something else here in another window. Both texts are kept.")


class SendTimeError(CannotSendError):
    """A mail is to leave at a time that is over, or in years."""

    def __str__(self) -> str:
        return _("Choose a time that is still to come, within a year.")


class NothingToMendError(DeskError):
    """Everybody has got the mail, or it is still on its way."""

    def __str__(self) -> str:
        return _("There is nobody who has not got this email.")


class TooLateError(DeskError):
    """The mail has left, or is leaving just now."""

    def __str__(self) -> str:
        return _("It is too late to take this email back: it has left.")


class NotSenderError(DeskError):
    """A mail is taken back by nobody but who sent it: its text returns to their draft."""

    def __str__(self) -> str:
        return _("Only the person who sent this email can take it back.")


class AddressTakenError(DeskError):
    """Another contact has this address or number."""

    def __init__(self, value: str, contact: Contact) -> None:
        super().__init__(value, contact)
        self.value, self.contact = value, contact

    def __str__(self) -> str:
        return _("%(value)s already belongs to %(contact)s.") % {
            "value": self.value,
            "contact": self.contact.name,
        }


class BadPhoneError(DeskError):
    """It is no whole telephone number, or of no country that is known here."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number

    def __str__(self) -> str:
        return _("“%(number)s” is not a phone number. Write it with its country code: +34 600 111 222.") % {
            "number": self.number
        }


class ContactsNotAllowedError(DeskError):
    """The advisor may look at contacts, or work on single ones, and no more."""

    def __str__(self) -> str:
        return _("You may not do this to your company's contacts.")


class NoNameError(DeskError):
    """What is made has no name."""

    def __str__(self) -> str:
        return _("Give it a name.")


class SegmentTakenError(DeskError):
    """The company has a segment of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return _("There is a segment “%(name)s” already.") % {"name": self.name}


class UnreadableFileError(DeskError):
    """A file is no table of comma-separated values, or it holds nothing, or too much."""

    def __str__(self) -> str:
        return _(
            "This file cannot be read as a table. Save it as CSV, with a header and at most 200,000 rows."
        )


class NoColumnError(DeskError):
    """None of an import's columns says who a person is or how to reach them."""

    def __str__(self) -> str:
        return _("Say which column holds the name, the email address or the phone number.")


class NotNowError(DeskError):
    """An import is no longer, or not yet, in a state in which this can be done."""

    def __str__(self) -> str:
        return _("This import has moved on in the meantime. Look at it again.")


class SameTicketError(DeskError):
    """Two tickets are to be regrouped that are one, or of which one was merged into another."""

    def __str__(self) -> str:
        return _("Choose two different tickets, neither of them merged into another one.")


class NoInvitationError(CannotSendError):
    """There is nothing to accept or decline: no event, nobody who invites, or somebody else is invited."""

    def __str__(self) -> str:
        return _("This invitation cannot be answered from here.")


class NothingToMoveError(DeskError):
    """Nothing of what was chosen can go: it is there already, or was moved in the meantime."""

    def __str__(self) -> str:
        return _("There is nothing to move: it is there already.")


class AlreadyUndoneError(DeskError):
    """A split, move or merge was taken back before."""

    def __str__(self) -> str:
        return _("It was taken back already.")


class MergedTicketError(CannotSendError):
    """The ticket is part of another one now: what is said on it would be lost from sight."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number

    def __str__(self) -> str:
        return _("This ticket was merged into #%(number)d. Write there: your draft went with it.") % {
            "number": self.number
        }


class SameContactError(DeskError):
    """Two contacts are to be merged that are one, or of which one is gone."""

    def __str__(self) -> str:
        return _("Choose two different contacts that both still exist.")
