"""Mails as the people of the cast write them."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from django.utils import timezone

CARLA = "Carla Ruiz <carla@customer.example>"
JON = "Jon Tahko <jon@workshop.example>"
NORA = "Nora Lind <nora@fields.example>"
BEA = "Bea Sanz <bea@auditor.example>"
MALLORY = "Mallory Stone <mallory@evil.example>"
SERVICE = "service.dealer@inbox.example"


def mail_with_everything(picture: bytes, paper: bytes) -> bytes:
    """HTML with a picture in the text, and a file, as phones and mail programs send them."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = MALLORY, SERVICE, "A pump, and a photo"
    message["Date"], message["Message-ID"] = (
        format_datetime(timezone.now()),
        make_msgid(domain="evil.example"),
    )
    message.set_content("Do you sell this pump?")
    message.add_alternative(
        '<p>Do you sell <b>this</b> pump?</p><img src="cid:photo@evil.example" alt="The pump">',
        subtype="html",
    )
    html = message.get_payload()[1]  # type: ignore[index]
    html.add_related(picture, "image", "png", cid="<photo@evil.example>")  # type: ignore[union-attr]
    message.add_attachment(paper, maintype="application", subtype="pdf", filename="offer.pdf")
    return message.as_bytes()


def bounce(return_path: str, address: str, original: bytes) -> bytes:
    """A delivery report as a server sends it to the reverse-path (RFC 3464)."""
    headers = original.split(b"\r\n\r\n")[0].decode()
    lines = f"""From: Mail Delivery System <MAILER-DAEMON@mx.customer.example>
To: {return_path}
Subject: Undelivered Mail Returned to Sender
Date: {format_datetime(timezone.now())}
Message-ID: {make_msgid(domain="mx.customer.example")}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.customer.example
Arrival-Date: {format_datetime(timezone.now())}

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: user unknown

--b1
Content-Type: text/rfc822-headers

""".replace("\n", "\r\n")
    return (lines + headers + "\r\n\r\n--b1--\r\n").encode()
