"""An advisor forwards a customer's mail by hand: the customer sent it, the advisor's words are a note."""

from __future__ import annotations

from dataclasses import replace

from emailhub import mail
from emailhub.desk import models as desk
from emailhub.rules import Verdict

from .examined import HandForward, Reading
from .gather import advisor_with


def recover_original(reading: Reading, raw: bytes) -> Reading:
    """The reading as of the mail that was forwarded, if an advisor did so and it answers nothing of ours.

    Only a verified address makes an advisor: a forged one could put words into any customer's mouth. What
    cannot be read stays the advisor's own mail.
    """
    original = _forwarded_by_advisor(reading)
    if original is None:
        return reading
    customer = original.block.sender
    return replace(
        reading,
        sender=mail.Sender(customer, customer, recovered=True),
        message_key=mail.message_key(reading.message, raw, customer.address),
        forwarded=original,
    )


def _forwarded_by_advisor(reading: Reading) -> HandForward | None:
    message, sender = reading.message, reading.sender
    if sender is None or sender.recovered or reading.verdict is not Verdict.PASS:
        return None
    if not mail.is_forward(message.subject):
        return None
    advisor_id = advisor_with(reading.address, reading.company_id)
    if advisor_id is None or _is_known(mail.thread_ids(message)):
        return None
    block = mail.forwarded_original(message)
    if block is None or block.sender.address in reading.own_addresses:
        return None
    return HandForward(advisor_id, block)


def _is_known(ids: list[str]) -> bool:
    return bool(ids) and desk.KnownId.objects.filter(value__in=ids).exists()
