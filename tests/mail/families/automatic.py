"""Answers in absence and reports of delivery, as the programs that send them write them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.mail.families.write import Made, encoded, header, multipart, part

SENT = "d2f1c7aa90b34e0fa1@dealer.example"  # the Message-ID of the mail that they answer


@dataclass(frozen=True)
class Away:
    code: str
    exchange: str  # what Exchange puts before the subject
    gmail: str  # what people write there themselves
    text: str


_AWAY = (
    Away("en", "Automatic reply:", "Out of office", "I am out of the office until 30 November."),
    Away(
        "es", "Respuesta automática:", "Fuera de la oficina", "Estoy de vacaciones hasta el 30 de noviembre."
    ),
    Away("pt", "Resposta automática:", "Fora do escritório", "Estou de férias até 30 de novembro."),
    Away(
        "fr", "Réponse automatique :", "Absence du bureau", "Je suis absente du bureau jusqu'au 30 novembre."
    ),
    Away("de", "Automatische Antwort:", "Abwesenheitsnotiz", "Ich bin bis zum 30. November nicht im Büro."),
    Away("it", "Risposta automatica:", "Fuori ufficio", "Sono assente fino al 30 novembre."),
    Away("pl", "Odpowiedź automatyczna:", "Poza biurem", "Jestem na urlopie do 30 listopada."),
    Away("nl", "Automatisch antwoord:", "Afwezig", "Ik ben afwezig tot 30 november."),
)


def made() -> Iterator[Made]:
    for away in _AWAY:
        yield from _away(away)
    yield from _reports()


def _away(away: Away) -> Iterator[Made]:
    answer = {"In_Reply_To": f"<{SENT}>"}
    expected = {"automatic": "out-of-office", "answerable": False, "text": away.text}
    body = part(away.text, "text/plain")
    subject = f"{away.exchange} Seal for the pump"
    name = f"away_exchange_headers_{away.code}"
    marks = {"Auto_Submitted": "auto-generated", "X_Auto_Response_Suppress": "All"}
    yield Made(name, header(subject=subject, name=name, **answer, **marks) + body, expected)
    name = f"away_gmail_{away.code}"
    marks = {"Auto_Submitted": "auto-replied", "Precedence": "bulk", "X_Autoreply": "yes"}
    yield Made(name, header(subject=f"{away.gmail} Re: Seal", name=name, **answer, **marks) + body, expected)
    name = f"away_no_header_but_the_subject_{away.code}"
    yield Made(name, header(subject=subject, name=name, **answer) + body, expected)
    name = f"away_sieve_vacation_{away.code}"
    marks = {"Auto_Submitted": "auto-replied (vacation)"}
    yield Made(name, header(subject="Auto: Seal for the pump", name=name, **answer, **marks) + body, expected)


_RETURNED = (
    f"Message-ID: <{SENT}>\r\nFrom: Service <service@dealer.example>\r\nTo: carla@farm.example\r\n"
    "Subject: Seal for the pump\r\n\r\nWe have sent you the seal.\r\n"
)


@dataclass(frozen=True)
class Report:
    """A report by RFC 3464; `fields` is the block of the recipient."""

    name: str
    sender: str
    subject: str
    words: str
    fields: str
    action: str
    status: str
    recipient: str = "carla@farm.example"
    returned: str = "message/rfc822"


_STANDARD = (
    Report(
        "postfix_user_unknown",
        "MAILER-DAEMON@mx.farm.example (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        "This is the mail system at host mx.farm.example.\r\n\r\n<carla@farm.example>: host mail.farm.example[192.0.2.7] said: 550 5.1.1 <carla@farm.example>: Recipient address rejected",
        "Final-Recipient: rfc822; carla@farm.example\r\nOriginal-Recipient: rfc822;carla@farm.example\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mail.farm.example\r\nDiagnostic-Code: smtp; 550 5.1.1 <carla@farm.example>: Recipient address rejected",
        "failed",
        "5.1.1",
    ),
    Report(
        "postfix_delayed",
        "MAILER-DAEMON@mx.farm.example (Mail Delivery System)",
        "Delayed Mail (still being retried)",
        "THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
        "Final-Recipient: rfc822; carla@farm.example\r\nAction: delayed\r\nStatus: 4.4.1\r\nDiagnostic-Code: X-Postfix; connect to mail.farm.example[192.0.2.7]:25: Connection timed out\r\nWill-Retry-Until: Sat, 28 Nov 2026 10:04:00 +0100",
        "delayed",
        "4.4.1",
        returned="text/rfc822-headers",
    ),
    Report(
        "gmail_mailbox_full",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Failure)",
        "** Message not delivered **",
        "Final-Recipient: rfc822; carla@farm.example\r\nAction: failed\r\nStatus: 5.2.2\r\nRemote-MTA: dns; gmail-smtp-in.l.google.com. (2a00:1450::1b, the server for the domain.)\r\nDiagnostic-Code: smtp; 552-5.2.2 The recipient's inbox is out of storage space\r\nLast-Attempt-Date: Mon, 23 Nov 2026 01:05:00 -0800 (PST)",
        "failed",
        "5.2.2",
    ),
    Report(
        "gmail_delay",
        "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
        "Delivery Status Notification (Delay)",
        "** Delivery incomplete **",
        "Final-Recipient: rfc822; carla@farm.example\r\nAction: delayed\r\nStatus: 4.4.1\r\nDiagnostic-Code: smtp; The recipient server did not accept our requests to connect.\r\nWill-Retry-Until: Wed, 25 Nov 2026 01:05:00 -0800 (PST)",
        "delayed",
        "4.4.1",
    ),
    Report(
        "exchange_online_blocked",
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@farm.example>",
        "Undeliverable: Seal for the pump",
        "Your message to carla@farm.example couldn't be delivered.",
        "Final-Recipient: rfc822;carla@farm.example\r\nAction: failed\r\nStatus: 5.7.520\r\nDiagnostic-Code: smtp;550 5.7.520 Access denied, Your organization does not allow external forwarding. AS(7555)",
        "failed",
        "5.7.520",
    ),
    Report(
        "exchange_lower_case_action_and_comment",
        "postmaster@farm.example",
        "Unzustellbar: Seal for the pump",
        "Fehler bei der Nachrichtenzustellung an folgende Empfänger",
        "Final-Recipient: rfc822;carla@farm.example\r\nAction: Failed (final)\r\nStatus: 5.1.10 (address unknown)\r\nDiagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound",
        "failed",
        "5.1.10",
    ),
    Report(
        "status_only_in_the_diagnostic",
        "MAILER-DAEMON@relay.example",
        "failure notice",
        "Sorry.",
        "Final-Recipient: rfc822;carla@farm.example\r\nAction: failed\r\nStatus: unknown\r\nDiagnostic-Code: smtp; 554 5.7.1 Message refused by policy",
        "failed",
        "5.7.1",
    ),
    Report(
        "no_action_but_a_status",
        "MAILER-DAEMON@relay.example",
        "Warning",
        "Still trying.",
        "Final-Recipient: rfc822; carla@farm.example\r\nStatus: 4.2.0",
        "delayed",
        "4.2.0",
    ),
    Report(
        "delivered_to_the_mailbox",
        "MAILER-DAEMON@relay.example",
        "Successful Mail Delivery Report",
        "It arrived.",
        "Final-Recipient: rfc822; carla@farm.example\r\nAction: relayed\r\nStatus: 2.0.0",
        "relayed",
        "2.0.0",
    ),
    Report(
        "final_recipient_behind_an_alias",
        "MAILER-DAEMON@relay.example",
        "Undeliverable",
        "Unknown.",
        "Original-Recipient: rfc822; carla@farm.example\r\nFinal-Recipient: rfc822; inbox-17@farm.example\r\nAction: failed\r\nStatus: 5.1.1",
        "failed",
        "5.1.1",
        recipient="inbox-17@farm.example",
    ),
)


def _reports() -> Iterator[Made]:
    for report in _STANDARD:
        yield _standard(report)
    yield from _old_forms()


def _standard(report: Report) -> Made:
    name = f"report_{report.name}"
    returned = (
        _RETURNED if report.returned == "message/rfc822" else _RETURNED.partition("\r\n\r\n")[0] + "\r\n"
    )
    body = multipart(
        "report",
        part(report.words, "text/plain"),
        f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.farm.example\r\n\r\n{report.fields}\r\n".encode(),
        f"Content-Type: {report.returned}\r\n\r\n{returned}".encode(),
        parameters="; report-type=delivery-status",
    )
    expected = {"automatic": "report", "report": f"{report.recipient} {report.action} {report.status} {SENT}"}
    raw = header(subject=report.subject, sender=report.sender, name=name, Auto_Submitted="auto-replied")
    return Made(name, raw + body, expected)


def _old_forms() -> Iterator[Made]:
    """Forms without a message/delivery-status part."""
    failed = f"carla@farm.example failed 5.1.1 {SENT}"
    forms = (
        (
            "qmail_without_a_code",
            "MAILER-DAEMON@mail.relay.example",
            "failure notice",
            f"carla@farm.example failed 5.0.0 {SENT}",
            f"Hi. This is the qmail-send program at mail.relay.example.\r\nI'm afraid I wasn't able to deliver your message to the following addresses.\r\nThis is a permanent error; I've given up. Sorry it didn't work out.\r\n\r\n<carla@farm.example>:\r\nSorry, no mailbox here by that name.\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n{_RETURNED}",
        ),
        (
            "exim_text_only",
            "Mail Delivery System <Mailer-Daemon@relay.example>",
            "Mail delivery failed: returning message to sender",
            failed,
            f"This message was created automatically by mail delivery software.\r\n\r\nA message that you sent could not be delivered to one or more of its\r\nrecipients. This is a permanent error. The following address(es) failed:\r\n\r\n  carla@farm.example\r\n    host mail.farm.example [192.0.2.7]\r\n    SMTP error from remote mail server after RCPT TO:<carla@farm.example>:\r\n    550 5.1.1 <carla@farm.example>: no such user\r\n\r\n------ This is a copy of the message, including all the headers. ------\r\n\r\n{_RETURNED}",
        ),
        (
            "exim_delay_text_only",
            "Mail Delivery System <Mailer-Daemon@relay.example>",
            "Warning: message 1abcde-000001-AB delayed 24 hours",
            f"carla@farm.example delayed 4.0.0 {SENT}",
            f"This message was created automatically by mail delivery software.\r\nA message that you sent has not yet been delivered to one or more of its\r\nrecipients after more than 24 hours on the queue on relay.example.\r\n\r\nThe address to which the message has not yet been delivered is:\r\n\r\n  carla@farm.example\r\n\r\nNo action is required on your part.\r\n\r\n{_RETURNED}",
        ),
        (
            "sendmail_transcript",
            "Mail Delivery Subsystem <MAILER-DAEMON@relay.example>",
            "Returned mail: see transcript for details",
            failed,
            f"The original message was received at Mon, 23 Nov 2026 10:04:00 +0100\r\nfrom mx.dealer.example [192.0.2.1]\r\n\r\n   ----- The following addresses had permanent fatal errors -----\r\n<carla@farm.example>\r\n    (reason: 550 5.1.1 <carla@farm.example>... User unknown)\r\n\r\n   ----- Transcript of session follows -----\r\n... while talking to mail.farm.example.:\r\n>>> DATA\r\n<<< 550 5.1.1 <carla@farm.example>... User unknown\r\n550 5.1.1 <carla@farm.example>... User unknown\r\n\r\n{_RETURNED}",
        ),
        (
            "postfix_text_only",
            "MAILER-DAEMON@mx.farm.example (Mail Delivery System)",
            "Undelivered Mail Returned to Sender",
            failed,
            f"This is the mail system at host mx.farm.example.\r\n\r\nI'm sorry to have to inform you that your message could not\r\nbe delivered to one or more recipients. It's attached below.\r\n\r\n                   The mail system\r\n\r\n<carla@farm.example>: host mail.farm.example[192.0.2.7] said: 550 5.1.1\r\n    <carla@farm.example>: Recipient address rejected (in reply to RCPT TO command)\r\n\r\n{_RETURNED}",
        ),
        (
            "yahoo_text_only",
            "MAILER-DAEMON@yahoo.com",
            "Failure Notice",
            f"carla@farm.example failed 5.5.0 {SENT}",
            f"Sorry, we were unable to deliver your message to the following address.\r\n\r\n<carla@farm.example>:\r\n550: 5.5.0 Requested action not taken: mailbox unavailable\r\n\r\n--- Below this line is a copy of the message.\r\n\r\n{_RETURNED}",
        ),
        (
            "gmx_text_only",
            "GMX Mailer Daemon <mailer-daemon@gmx.net>",
            "Mail delivery failed: returning message to sender",
            failed,
            f'This message was created automatically by mail delivery software.\r\n\r\nA message that you sent could not be delivered to\r\none or more of its recipients. This is a permanent error.\r\n\r\nThe following address failed:\r\n\r\n"carla@farm.example":\r\nSMTP error from remote server for RCPT TO command, host: mail.farm.example\r\n(192.0.2.7) reason: 550 5.1.1 <carla@farm.example> user unknown\r\n\r\n--- The header of the original message is following. ---\r\n\r\n{_RETURNED}',
        ),
    )
    for kind, sender, subject, told, text in forms:
        name = f"report_{kind}"
        head = header(subject=subject, sender=sender, name=name)
        yield Made(
            name, head + part(text, "text/plain", encoding="8bit"), {"automatic": "report", "report": told}
        )
    name = "answer_that_only_quotes_a_report"
    text = "Hello, I got this:\r\n\r\n> This is the mail system at host mx.farm.example.\r\n> <carla@farm.example>: 550 5.1.1 unknown\r\n"
    yield Made(
        name,
        header(subject=encoded("Re: Undelivered"), name=name) + part(text, "text/plain"),
        {"automatic": "", "report": ""},
    )
