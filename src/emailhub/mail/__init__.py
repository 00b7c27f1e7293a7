"""PURE. RFC 5322 and MIME bytes to values and back.

Lives here: parse, compose, threading ids, automatic mail, delivery reports, quoting, sanitising.
Not here: Django, queries, the clock, the network. Nothing in here raises on received input.
"""

from emailhub.mail.addresses import clean_name, normal_address, parse_mailboxes, read_mailboxes
from emailhub.mail.automatic import is_robot_address, out_of_office
from emailhub.mail.compose import (
    Draft,
    UnfinishedMessageError,
    UnusableContentIdError,
    UnusableHeaderError,
    check_finished,
    compose,
    new_message_id,
)
from emailhub.mail.filenames import clean_filename
from emailhub.mail.forwards import ForwardedBlock, forwarded_block, forwarded_original
from emailhub.mail.frame import frame_document
from emailhub.mail.invitation_replies import InvitationAnswer, reply_to_invitation
from emailhub.mail.invitations import Guest, Invitation, invitation
from emailhub.mail.junk import is_marked_junk
from emailhub.mail.linkify import linkify
from emailhub.mail.message import Attachment, DeliveryReport, Mailbox, Message, ReportedRecipient
from emailhub.mail.outgoing_headers import UnusableAddressError
from emailhub.mail.parse import parse
from emailhub.mail.plain_text import plain_text, preview
from emailhub.mail.protection import protection, protection_of
from emailhub.mail.quote import quote_html
from emailhub.mail.remote_images import RemoteImages, remote_images
from emailhub.mail.sanitise import (
    ImageUrl,
    Sanitised,
    TooComplexError,
    is_too_complex,
    sanitise,
    sanitise_outgoing,
)
from emailhub.mail.sendable import is_sendable
from emailhub.mail.senders import Sender, sender
from emailhub.mail.set_up import Confirmation, forwarding_confirmation, probe_subject, probe_token
from emailhub.mail.show import Shown, show
from emailhub.mail.subjects import (
    base_subject,
    forward_subject,
    is_forward,
    normalise_subject,
    reply_subject,
    ticket_number,
)
from emailhub.mail.threading import ReferencedId, body_digest, message_key, reference_ids, thread_ids
from emailhub.mail.trim_html import fold_html, new_text
from emailhub.mail.trim_text import Folded, fold_text
from emailhub.mail.winmail import may_be_packed, unpack

__all__ = [
    "Attachment",
    "Confirmation",
    "DeliveryReport",
    "Draft",
    "Folded",
    "ForwardedBlock",
    "Guest",
    "ImageUrl",
    "Invitation",
    "InvitationAnswer",
    "Mailbox",
    "Message",
    "ReferencedId",
    "RemoteImages",
    "ReportedRecipient",
    "Sanitised",
    "Sender",
    "Shown",
    "TooComplexError",
    "UnfinishedMessageError",
    "UnusableAddressError",
    "UnusableContentIdError",
    "UnusableHeaderError",
    "base_subject",
    "body_digest",
    "check_finished",
    "clean_filename",
    "clean_name",
    "compose",
    "fold_html",
    "fold_text",
    "forward_subject",
    "forwarded_block",
    "forwarded_original",
    "forwarding_confirmation",
    "frame_document",
    "invitation",
    "is_forward",
    "is_marked_junk",
    "is_robot_address",
    "is_sendable",
    "is_too_complex",
    "linkify",
    "may_be_packed",
    "message_key",
    "new_message_id",
    "new_text",
    "normal_address",
    "normalise_subject",
    "out_of_office",
    "parse",
    "parse_mailboxes",
    "plain_text",
    "preview",
    "probe_subject",
    "probe_token",
    "protection",
    "protection_of",
    "quote_html",
    "read_mailboxes",
    "reference_ids",
    "remote_images",
    "reply_subject",
    "reply_to_invitation",
    "sanitise",
    "sanitise_outgoing",
    "sender",
    "show",
    "thread_ids",
    "ticket_number",
    "unpack",
]
