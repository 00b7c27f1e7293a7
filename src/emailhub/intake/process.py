"""Turn accepted mail into activities. A row that waits is the work; losing a wake-up loses nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from django.db import connection
from django.utils import timezone

from emailhub import mail, store
from emailhub.accounts.tenancy import company
from emailhub.hub.addresses import note_received

from .accept import wake
from .carry_out import Work, carry_out, record_report, store_files
from .deciding import decide_on
from .examined import Reading
from .faults import is_the_machines
from .gather import is_our_mail, lock, own_addresses_of, sent_with_return_path
from .hand_forwards import recover_original
from .models import ReceivedMessage
from .reading import read_mail
from .team_removal import receiving_team
from .texts import CHANNEL as TEXTING
from .texts import TextReader, process_text
from .verdict import Verifier, copy_verdict, note_verdict

log = structlog.get_logger()
TRIES = 3  # that end in an error
_MACHINE_RESTS = timedelta(seconds=15)
CRASHES = 10  # that end with the worker; some are the machine's and not the mail's


class RepeatedCrashError(Exception):
    """The worker died again and again while it had this mail in hand."""


def process_due(*, at_most: int = 8, verify: Verifier | None = None, texts: TextReader | None = None) -> int:
    """Process what waits, and return how many rows were taken on. Several workers may call it at once.

    A row that fails stays due, later each time; after the third try it is quarantined. The claim is an
    advisory lock of this session, so a worker that dies lets go at once.
    """
    for done in range(at_most):
        row = _take_due()
        if row is None:
            return done
        try:
            _process_claimed(*row, verify, texts)
        finally:
            _release(row[0])
    return at_most


def _take_due() -> tuple[int, int | None] | None:
    """The (id, company_id) of a due row, its attempt counted and its lock held, or None.

    One at a time: a mail in hand keeps no others from an idle worker, and if the worker dies with it,
    that is counted against no other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, company_id FROM due_received(1)")
        row: tuple[int, int | None] | None = cursor.fetchone()
        return row


def _release(row_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(10, (%s %% 2147483647)::integer)", [row_id])


def _process_claimed(
    row_id: int, company_id: int | None, verify: Verifier | None, texts: TextReader | None
) -> None:
    if company_id is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT settle_operator_mail(%s)", [row_id])
        return
    try:
        process_one(row_id, company_id, now=timezone.now(), verify=verify, texts=texts)
    except Exception as error:
        log.exception("mail could not be processed", received=row_id, company=company_id)
        put_off(row_id, company_id, error, now=timezone.now())


def process_one(
    row_id: int,
    company_id: int,
    *,
    now: datetime,
    verify: Verifier | None = None,
    texts: TextReader | None = None,
) -> None:
    """Read, verify, decide and file one delivery. Only the filing is in a transaction.

    Without `verify` nothing is known of who sent it.
    """
    with company(company_id):
        row = ReceivedMessage.objects.select_related("team").get(pk=row_id)
        row.team = row.team and receiving_team(row.team)
        note_received(row.rcpt_to, at=row.received_at)
    if row.state != ReceivedMessage.State.WAITING:
        return
    if row.attempts > CRASHES:
        raise RepeatedCrashError(f"{row.attempts} attempts were begun and none was finished")
    if row.channel == TEXTING:
        assert texts is not None  # the worker that takes rows has a reader for each channel
        process_text(row, company_id, texts, now=now)
        return
    raw = store.get(company_id, row.content_key)
    reading, new_text = examine(row, company_id, raw, verify=verify)
    files = store_files(company_id, reading.message)
    with company(company_id):
        _file(Work(reading=reading, files=files, new_text=new_text, now=now))


def examine(
    row: ReceivedMessage,
    company_id: int,
    raw: bytes,
    *,
    apart: bool = False,
    verify: Verifier | None = None,
) -> tuple[Reading, str]:
    """Read a mail, and work out all that needs no lock: the reading, and what its sender wrote anew.

    `apart`: in a limited child whatever its size, since a page must neither hang nor end with it. Without
    `verify` the verdict is the one that the row has.
    """
    message, new_text = read_mail(raw, failed_before=apart or row.attempts > 1)
    if verify is not None:
        note_verdict(row, verify(row, raw, message))
    with company(company_id):
        own, ours = own_addresses_of(company_id), is_our_mail(message.message_id)
        reading = recover_original(read(row, company_id, message, raw, own, ours=ours), raw)
    return reading, reading.forwarded.block.text if reading.forwarded else new_text


def read(
    row: ReceivedMessage,
    company_id: int,
    message: mail.Message,
    raw: bytes,
    own: frozenset[str],
    *,
    ours: bool = False,
) -> Reading:
    """Work out what needs no database: who wrote it, and by which key it is known.

    One of our addresses in From hides who wrote a forwarded mail; in a mail of `ours` it is the sender.
    """
    sender = mail.sender(message, frozenset() if ours else own)
    address = sender.mailbox.address if sender else ""
    return Reading(
        row=row,
        company_id=company_id,
        team_id=row.team_id or 0,
        message=message,
        message_key=mail.message_key(message, raw, address),
        sender=sender,
        own_addresses=own,
    )


def _file(work: Work) -> None:
    reading = work.reading
    lock(reading)
    row = (
        ReceivedMessage.objects.select_for_update(of=("self",)).select_related("team").get(pk=reading.row.pk)
    )
    if row.state != ReceivedMessage.State.WAITING:
        return  # a worker that had lost its connection was overtaken
    copy_verdict(reading.row, row)
    work = replace(work, reading=replace(reading, row=row))
    if not find_team(work.reading):
        _file_report(work)
        return
    work = replace(work, reading=replace(work.reading, team_id=row.team_id or 0))
    carry_out(decide_on(work.reading, now=work.now), work)


def find_team(reading: Reading) -> bool:
    """Tell whether a team is to decide on it. What came to one of our return-paths gets that mail's team.

    An answer in absence is sent there (RFC 3834 4), and is read as any other. All else is a report.
    """
    row = reading.row
    if row.team_id is None and reading.message.report is None:
        answered = sent_with_return_path(row.rcpt_to)
        row.team = answered.team if answered else None
    row.team = row.team and receiving_team(row.team)
    return row.team_id is not None


def _file_report(work: Work) -> None:
    row, message = work.reading.row, work.reading.message
    record_report(work)
    row.state, row.outcome = ReceivedMessage.State.DONE, ReceivedMessage.Outcome.REPORT
    row.reason = "return_path"
    row.message_id, row.subject = message.message_id, message.subject
    row.save()


def put_off(row_id: int, company_id: int, error: Exception, *, now: datetime) -> None:
    """Try again later, or quarantine after the third try: shown with its error, raw bytes kept.

    A fault of the machine is not held against the mail: it waits for as long as that lasts.
    """
    with company(company_id):
        row = ReceivedMessage.objects.select_for_update(of=("self",)).get(pk=row_id)
        if row.state != ReceivedMessage.State.WAITING:
            return
        row.last_error = f"{type(error).__name__}: {error}"[:2000].replace("\0", "")
        if is_the_machines(error):
            row.attempts = max(0, row.attempts - 1)
            row.due_at = now + _MACHINE_RESTS
        elif row.attempts >= TRIES:
            row.state, row.reason = ReceivedMessage.State.QUARANTINED, "failed"
        else:
            row.due_at = now + timedelta(seconds=5 * 6**row.attempts)
        row.save(update_fields=["attempts", "last_error", "state", "reason", "due_at"])


def try_again(row: ReceivedMessage, *, now: datetime) -> None:
    """Take a quarantined mail out of quarantine for three more tries."""
    if row.state == ReceivedMessage.State.QUARANTINED:
        row.state, row.attempts, row.due_at, row.reason = ReceivedMessage.State.WAITING, 0, now, ""
        row.save(update_fields=["state", "attempts", "due_at", "reason"])
        wake()
