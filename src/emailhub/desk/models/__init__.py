"""Contacts, tickets and the one timeline. Flows over several of them are the modules beside this one."""

from .chat import ChatKind, ChatMessage, ClosedNumber
from .contact import Contact, ContactEmail, ContactPhone, Segment, SegmentMember
from .importing import ContactImport, ImportRow
from .merge import ContactMerge
from .message import Attachment, KnownId, Message, Participant
from .notification import Follower, Notification, NotificationChoice
from .ticket import Activity, Seen, Ticket, TicketCounter, search_words
from .writing import Draft, SentForm

__all__ = [
    "Activity",
    "Attachment",
    "Contact",
    "ChatKind",
    "ChatMessage",
    "ClosedNumber",
    "ContactEmail",
    "ContactImport",
    "ContactMerge",
    "ContactPhone",
    "Draft",
    "Follower",
    "ImportRow",
    "KnownId",
    "Message",
    "Notification",
    "NotificationChoice",
    "Participant",
    "Seen",
    "Segment",
    "SegmentMember",
    "SentForm",
    "Ticket",
    "TicketCounter",
    "search_words",
]
