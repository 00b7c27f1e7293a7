"""Delivery reports by RFC 3464 and older."""

from __future__ import annotations

import pytest

from emailhub.mail import parse
from tests.mail.messages import NAMES, mail, raw, read


def test_a_report_tells_of_each_recipient() -> None:
    report = read("report_with_the_original").report
    assert report is not None
    failed, delayed = report.recipients
    assert (failed.final_recipient, failed.original_recipient) == ("carla@farm.example", "carla@farm.example")
    assert (failed.action, failed.status, failed.status_class) == ("failed", "5.1.1", "5")
    assert (
        failed.diagnostic_code == "550 5.1.1 <carla@farm.example>: Recipient address rejected: User unknown"
    )
    assert failed.remote_mta == "inner.farm.example"
    assert (delayed.final_recipient, delayed.action, delayed.status) == (
        "jon@farm.example",
        "delayed",
        "4.2.2",
    )
    assert report.reporting_mta == "mx.farm.example"


@pytest.mark.parametrize(
    ("name", "original"),
    [
        ("report_with_the_original", "sent.1@dealer.example"),
        ("report_with_headers_only", "sent.2@dealer.example"),
        ("report_of_exchange_names_it_in_reply_to", "sent.3@dealer.example"),
        ("report_by_qmail", "sent.4@dealer.example"),
        ("report_by_old_exim", "sent.5@dealer.example"),
    ],
)
def test_the_mail_reported_on_is_found(name: str, original: str) -> None:
    report = read(name).report
    assert report is not None
    assert report.original_message_id == original


def test_qmail_s_words_are_read() -> None:
    report = read("report_by_qmail").report
    assert report is not None
    [failed] = report.recipients
    assert (failed.final_recipient, failed.action, failed.status) == ("carla@farm.example", "failed", "5.7.1")
    assert "Unable to relay" in failed.diagnostic_code


def test_exim_s_field_is_read() -> None:
    report = read("report_by_old_exim").report
    assert report is not None
    assert [(r.final_recipient, r.action) for r in report.recipients] == [
        ("carla@farm.example", "failed"),
        ("jon@farm.example", "failed"),
    ]


def test_only_reports_are_reports() -> None:
    reports = [name for name in NAMES if read(name).report]
    assert reports == [name for name in NAMES if name.startswith("report_")]


def test_a_customer_cannot_report_in_the_old_form() -> None:
    assert mail(X_Failed_Recipients="jon@farm.example").report is None
    assert mail("Hi. This is the qmail-send program\n\n<jon@farm.example>:\n550 no\n").report is None


def test_a_report_that_a_customer_attaches_is_a_file() -> None:
    inner = raw("report_with_the_original")
    message = parse(
        b"From: carla@farm.example\r\nContent-Type: multipart/mixed; boundary=out\r\n\r\n"
        b"--out\r\n\r\nWhy this?\r\n"
        b"--out\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--out--\r\n"
    )
    assert message.report is None and message.automatic == ""
    assert [attachment.content for attachment in message.attachments] == [inner]


def status(fields: str) -> bytes:
    head = "From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; boundary=b\n\n--b\n"
    return f"{head}Content-Type: message/delivery-status\n\n{fields}\n--b--\n".encode()


@pytest.mark.parametrize(
    ("fields", "action", "code"),
    [
        ("Action: FAILED\nStatus: 5.0.0", "failed", "5.0.0"),
        ("Action: delivered\nStatus: 2.0.0", "delivered", "2.0.0"),
        ("Action: relayed\nStatus: 2.0.0", "relayed", "2.0.0"),
        ("Action: expanded\nStatus: 2.0.0", "expanded", "2.0.0"),
        ("Status: 5.2.2", "failed", "5.2.2"),
        ("Action: bounced\nStatus: 4.4.7", "delayed", "4.4.7"),
        ("Diagnostic-Code: smtp;550 5.7.26 not authenticated", "failed", "5.7.26"),
        ("Diagnostic-Code: smtp; 452 mailbox full at 192.0.2.7", "delayed", "4.0.0"),
        ("Action: what", "", ""),
    ],
)
def test_an_unclear_action_is_told_from_the_code(fields: str, action: str, code: str) -> None:
    report = parse(status(f"Reporting-MTA: dns;x\n\nFinal-Recipient: rfc822;A@x.example\n{fields}\n")).report
    assert report is not None
    assert [(r.final_recipient, r.action, r.status) for r in report.recipients] == [
        ("a@x.example", action, code)
    ]


def test_a_report_without_recipients_is_one_all_the_same() -> None:
    report = parse(status("Reporting-MTA: dns; x.example\n")).report
    assert report is not None
    assert (report.recipients, report.original_message_id) == ((), "")


def test_a_report_on_thousands_is_cut() -> None:
    many = "".join(f"Final-Recipient: rfc822; u{n}@x.example\nAction: failed\n\n" for n in range(3_000))
    report = parse(status(many)).report
    assert report is not None
    assert len(report.recipients) == 501
