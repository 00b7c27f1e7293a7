"""Automatic mail: recognised by its fields, never by guess where a person may have written it."""

from __future__ import annotations

import pytest

from emailhub.mail import is_robot_address, out_of_office
from tests.mail.messages import NAMES, mail, read


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("away_")])
def test_absence_is_recognised_in_eight_languages(name: str) -> None:
    message = read(name)
    assert out_of_office(message)
    assert message.automatic == "out-of-office"
    assert not message.answerable


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"Auto_Submitted": "auto-generated"}, "auto-submitted"),
        ({"Auto_Submitted": "Auto-Replied; owner=x"}, "auto-submitted"),
        ({"Auto_Submitted": "auto-notified (sieve)"}, "auto-submitted"),
        ({"Auto_Submitted": "yes"}, "auto-submitted"),
        ({"X_Autoreply": "yes"}, "auto-reply"),
        ({"X_Autorespond": "pump"}, "auto-reply"),
        ({"Precedence": "auto_reply"}, "auto-reply"),
        ({"Precedence": "Bulk"}, "bulk"),
        ({"Precedence": "junk"}, "junk"),
        ({"Precedence": "list"}, "list"),
        ({"List_Id": "<farmers.example>"}, "list"),
        ({"From": "no-reply@machines.example"}, "robot"),
        ({"From": "MAILER-DAEMON@mx.example"}, "robot"),
        ({"Content_Type": "multipart/report; report-type=feedback-report"}, "report"),
    ],
)
def test_automatic_mail_says_why_and_is_not_answered(fields: dict[str, str], reason: str) -> None:
    message = mail(**fields)
    assert message.automatic == reason
    assert not message.answerable
    assert not out_of_office(message)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"Auto_Submitted": "no"},
        {"Auto_Submitted": "No (typed by hand)"},
        {"Precedence": "first-class"},
        {"X_Autoreply": "no"},
        {"X_Auto_Response_Suppress": "DR, RN, NRN"},
        {"Subject": "Re: Automatic reply: Pump"},
        {"Subject": "Out of office printer is broken"},
        {"Subject": "Abwesenheiten im Sommer"},
        {"Return_Path": "<carla@farm.example>"},
        {"From": "reply@farm.example"},
    ],
)
def test_a_person_s_mail_is_answered(fields: dict[str, str]) -> None:
    message = mail("I am on vacation next week, can you come before?", **fields)
    assert message.automatic == ""
    assert message.answerable


@pytest.mark.parametrize(
    "fields",
    [
        {"X_Auto_Response_Suppress": "All"},
        {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"},
        {"X_Auto_Response_Suppress": "oof"},
        {"List_Unsubscribe": "<https://news.example/u>"},
        {"Return_Path": "<>"},
    ],
)
def test_what_asks_for_no_automatic_answer_is_a_person_s_mail_all_the_same(fields: dict[str, str]) -> None:
    message = mail(**fields)
    assert message.automatic == ""
    assert not message.answerable


def test_a_mail_whose_sender_cannot_be_read_is_not_answered() -> None:
    assert not read("two_from_fields").answerable


def test_a_web_form_that_names_the_customer_is_a_person_s_mail() -> None:
    message = read("web_form_with_reply_to")
    assert message.automatic == ""
    assert message.answerable


def test_a_machine_s_notification_is_no_absence() -> None:
    message = read("notification_of_a_machine")
    assert message.automatic == "auto-submitted"
    assert not out_of_office(message)


def test_a_read_receipt_is_told_from_a_delivery_report() -> None:
    assert read("read_receipt").automatic == "receipt"
    assert read("read_receipt").report is None
    assert read("report_with_the_original").automatic == "report"


ROBOTS = """noreply no-reply no_reply No.Reply noreply+abc donotreply do-not-reply billing-noreply
    facturas.no-reply mailer-daemon MAILER-DAEMON postmaster bounce bounces bounces+123=x bounce-77-x
    noresponder nao-responda ne-pas-repondre nicht-antworten non-rispondere owner-farmers"""


@pytest.mark.parametrize("local_part", ROBOTS.split())
def test_nobody_reads_these_addresses(local_part: str) -> None:
    assert is_robot_address(f"{local_part}@site.example")


@pytest.mark.parametrize(
    "local_part",
    ["carla", "reply", "norbert", "postmaster.jones", "info", "support", "nora.reply", "bouncer"],
)
def test_somebody_may_read_these_addresses(local_part: str) -> None:
    assert not is_robot_address(f"{local_part}@site.example")
