"""PURE. RFC 5322 and MIME bytes to values and back.

Lives here: parse, compose, threading ids, automatic mail, delivery reports, quoting, sanitising.
Not here: Django, queries, the clock, the network. Nothing in here raises on received input.
"""

from emailhub.mail.addresses import normal_address, parse_mailboxes
from emailhub.mail.automatic import is_robot_address, out_of_office
from emailhub.mail.filenames import clean_filename
from emailhub.mail.frame import frame_document
from emailhub.mail.message import Attachment, DeliveryReport, Mailbox, Message, ReportedRecipient
from emailhub.mail.parse import parse
from emailhub.mail.plain_text import plain_text, preview
from emailhub.mail.sanitise import Sanitised, TooComplexError, sanitise, sanitise_outgoing
from emailhub.mail.sendable import is_sendable
from emailhub.mail.senders import Sender, sender
from emailhub.mail.subjects import base_subject, is_forward, normalise_subject, reply_subject, ticket_number
from emailhub.mail.trim_html import new_text
from emailhub.mail.threading import message_key, reference_ids, thread_ids

__all__ = [
    "Attachment",
    "DeliveryReport",
    "Mailbox",
    "Message",
    "ReportedRecipient",
    "Sanitised",
    "Sender",
    "TooComplexError",
    "base_subject",
    "clean_filename",
    "frame_document",
    "is_forward",
    "is_robot_address",
    "is_sendable",
    "message_key",
    "new_text",
    "normal_address",
    "normalise_subject",
    "out_of_office",
    "parse",
    "parse_mailboxes",
    "plain_text",
    "preview",
    "reference_ids",
    "reply_subject",
    "sanitise",
    "sanitise_outgoing",
    "sender",
    "thread_ids",
    "ticket_number",
]
