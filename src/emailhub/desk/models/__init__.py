"""Contacts, tickets and the one timeline. Flows over several of them are the modules beside this one."""

from .chat import ChatKind, ChatMessage, ClosedNumber
from .contact import Contact, ContactEmail, ContactPhone, Segment, SegmentMember
from .importing import ContactImport, ImportRow
from .merge import ContactMerge
from .message import Attachment, KnownId, Message, Participant
from .notification import Follower, Notification, NotificationChoice, PushSubscription
from .organising import BulkAct, SavedView, Tag, TicketLink, TicketTag
from .picture import RemotePicture, ShownSender
from .regrouping import Regrouping
from .saved_reply import SavedReply
from .ticket import Activity, Seen, Ticket, TicketCounter, search_words
from .writing import Draft, SentForm

__all__ = [
    "Activity",
    "Attachment",
    "BulkAct",
    "ChatKind",
    "ChatMessage",
    "ClosedNumber",
    "Contact",
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
    "PushSubscription",
    "Regrouping",
    "RemotePicture",
    "SavedReply",
    "SavedView",
    "Seen",
    "Segment",
    "SegmentMember",
    "SentForm",
    "ShownSender",
    "Tag",
    "Ticket",
    "TicketCounter",
    "TicketLink",
    "TicketTag",
    "search_words",
]
