"""A delivery report marks the very recipient of the very mail; a forged one marks nothing."""

from __future__ import annotations

import pytest
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.delivery.outbox import company_of_return_path, is_return_path
from emailhub.delivery.reports import Recorded, record_report
from emailhub.mail import DeliveryReport, ReportedRecipient
from tests.cast import CARLA, JON, Cast
from tests.delivery.scripted import again, make_due, post, recipients

State = OutgoingMessage.State
FAILED = ReportedRecipient(CARLA, action="failed", status="5.1.1", diagnostic_code="550 5.1.1 unknown")


@pytest.fixture
def sent(cast: Cast) -> OutgoingMessage:
    return _sent(cast, CARLA, JON)


def _sent(
    cast: Cast, *addresses: str, recipient_state: str = "sent", state: str = State.SENT
) -> OutgoingMessage:
    message = post(cast, *addresses)
    make_due(message, state=state, attempts=1)
    with company(cast.dealer.id):
        message.recipients.update(state=recipient_state)
    return again(message)


def _record(
    message: OutgoingMessage, *reported: ReportedRecipient, path: str | None = None, id: str = ""
) -> OutgoingMessage | None:
    recorded = _recorded(message, *reported, path=path, id=id)
    return recorded.message if recorded else None


def _recorded(
    message: OutgoingMessage, *reported: ReportedRecipient, path: str | None = None, id: str = ""
) -> Recorded | None:
    with company(message.company_id):
        return record_report(
            company_id=message.company_id,
            return_paths=[message.mail_from if path is None else path],
            report=DeliveryReport(reported, id),
            now=timezone.now(),
        )


def test_a_failure_marks_its_recipient_with_the_code_and_nobody_else(sent: OutgoingMessage) -> None:
    assert _record(sent, FAILED) == sent
    assert recipients(sent) == {CARLA: "bounced", JON: "sent"}
    with company(sent.company_id):
        bounced = sent.recipients.get(address=CARLA)
    assert (bounced.status, bounced.diagnostic) == ("5.1.1", "550 5.1.1 unknown")
    assert bounced.changed_at


def test_a_report_that_came_by_another_way_is_matched_by_the_message_id(sent: OutgoingMessage) -> None:
    assert _record(sent, FAILED, path="service.dealer@inbox.example", id=sent.message_id) == sent
    assert recipients(sent)[CARLA] == "bounced"


def test_the_return_path_counts_more_than_the_message_id(cast: Cast, sent: OutgoingMessage) -> None:
    other = _sent(cast, CARLA)
    assert _record(sent, FAILED, id=other.message_id) == sent
    assert recipients(other) == {CARLA: "sent"}


@pytest.mark.parametrize("path", ["", "bounces+00000000000000000000000000000000@inbox.example"])
@pytest.mark.parametrize("id", ["", "guess@inbox.example"])
def test_a_forged_report_changes_nothing(sent: OutgoingMessage, path: str, id: str) -> None:
    assert _record(sent, FAILED, path=path, id=id) is None
    assert recipients(sent) == {CARLA: "sent", JON: "sent"}


def test_a_report_within_another_company_changes_nothing(cast: Cast, sent: OutgoingMessage) -> None:
    with company(cast.farm.id):
        report = DeliveryReport((FAILED,), sent.message_id)
        found = record_report(
            company_id=cast.farm.id,
            return_paths=[sent.mail_from],
            report=report,
            now=timezone.now(),
        )
    assert found is None
    assert recipients(sent)[CARLA] == "sent"


def test_a_report_on_somebody_who_was_not_written_to_changes_nothing(sent: OutgoingMessage) -> None:
    stranger = ReportedRecipient("mallory@evil.example", action="failed", status="5.0.0")
    assert _record(sent, stranger) == sent
    assert recipients(sent) == {CARLA: "sent", JON: "sent"}


def test_a_failure_where_somebodys_mail_was_forwarded_is_told_and_marks_nobody(sent: OutgoingMessage) -> None:
    home = ReportedRecipient("carla@home.example", action="failed", status="5.2.2")
    late = ReportedRecipient("jon@home.example", action="delayed", status="4.4.1")
    assert _recorded(sent, home, late, FAILED) == Recorded(sent, (home,))
    assert recipients(sent) == {CARLA: "bounced", JON: "sent"}


def test_the_only_recipient_is_meant_although_the_mail_was_forwarded(cast: Cast) -> None:
    message = _sent(cast, CARLA)
    _record(message, ReportedRecipient("carla@home.example", action="failed", status="5.2.2"))
    assert recipients(message) == {CARLA: "bounced"}


def test_the_original_recipient_is_looked_for_as_well(sent: OutgoingMessage) -> None:
    _record(sent, ReportedRecipient("j@elsewhere.example", JON, "failed", "5.2.2"))
    assert recipients(sent) == {CARLA: "sent", JON: "bounced"}


def test_a_delay_is_not_a_failure_and_a_later_failure_is(sent: OutgoingMessage) -> None:
    _record(sent, ReportedRecipient(CARLA, action="delayed", status="4.4.1"))
    assert recipients(sent)[CARLA] == "delayed"
    _record(sent, FAILED)
    assert recipients(sent)[CARLA] == "bounced"
    _record(sent, ReportedRecipient(CARLA, action="delayed", status="4.4.1"))  # overtaken on its way
    assert recipients(sent)[CARLA] == "bounced"


def test_what_is_not_clear_changes_nothing(sent: OutgoingMessage) -> None:
    _record(sent, ReportedRecipient(CARLA))
    assert recipients(sent)[CARLA] == "sent"


@pytest.mark.parametrize(
    ("action", "recipient_state"),
    [("delivered", "sent"), ("relayed", "sent"), ("failed", "bounced"), ("delayed", "delayed")],
)
def test_a_report_settles_what_was_uncertain(cast: Cast, action: str, recipient_state: str) -> None:
    message = _sent(cast, CARLA, recipient_state="uncertain", state=State.UNCERTAIN)
    _record(message, ReportedRecipient(CARLA, action=action, status="4.0.0"))
    assert recipients(message) == {CARLA: recipient_state}
    assert again(message).state == State.SENT


def test_a_mail_that_never_left_cannot_come_back(cast: Cast) -> None:
    message = post(cast, CARLA)
    assert _record(message, FAILED) is None
    assert recipients(message) == {CARLA: "queued"}


def test_a_return_path_is_unique_recognised_and_leads_to_its_company(
    cast: Cast, sent: OutgoingMessage
) -> None:
    assert is_return_path(sent.mail_from)
    assert company_of_return_path(sent.mail_from) == cast.dealer.id
    assert post(cast).mail_from != sent.mail_from
    assert company_of_return_path("bounces+0@inbox.example") is None
