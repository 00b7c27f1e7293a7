"""Send by a mailbox at Microsoft 365: a draft that becomes whole, and is then sent once.

A sent draft is none any more. So where an answer was lost, to send the same draft again cannot send the mail
twice, and Sent Items say what became of it.
"""

from __future__ import annotations

import logging

from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.delivery.connection_work import Trouble, note_trouble
from emailhub.delivery.models import Connection, OutgoingMessage, RemoteMessage
from emailhub.delivery.outcomes import BeforeFinalDot, Fate, FinishedMail, Outcome
from emailhub.desk.storing import remember_other_id

from .account import Account
from .calls import graph
from .mailbox import Item, Mailbox
from .take_apart import Apart, CannotBeTakenApartError, take_apart
from .trouble import GraphError, SignInError
from .turns import MailboxBusyError, turn

State = RemoteMessage.State
TOO_LARGE = "5.3.4"  # RFC 3463: message too big for system
log = logging.getLogger(__name__)


class GraphSender:
    """A delivery.outcomes.Sender for connections of kind GRAPH."""

    def send(self, mail: FinishedMail, before_final_dot: BeforeFinalDot) -> Outcome:
        """Make one attempt (delivery.outcomes.Sender.send)."""
        account = _account_of(mail)
        if account is None:
            return _not_now(mail, "the mailbox is not connected any more")
        try:
            apart = take_apart(mail.content, mail.recipients)
            with turn(account.connection_id), graph(account.token) as calls:
                sending = Sending(account, Mailbox(calls, account.mailbox), mail, before_final_dot)
                outcome = sending.run(apart)
        except CannotBeTakenApartError:
            return _refused(mail, TOO_LARGE, "the mail is larger than Microsoft 365 takes")
        except MailboxBusyError:
            return _not_now(mail, "other mails of this mailbox are being sent")
        except SignInError as error:
            return _in_trouble(account, mail, error.trouble)
        except GraphError as error:
            if error.is_away or error.trouble.needs_somebody:
                return _in_trouble(account, mail, error.trouble)
            return _refused(mail, _status_of(error), str(error))
        _note_went(account, outcome)
        return outcome

    def close(self) -> None:
        """Nothing is kept open between two mails."""


class Sending:
    """One mail on its way out."""

    def __init__(
        self, account: Account, mailbox: Mailbox, mail: FinishedMail, before_final_dot: BeforeFinalDot
    ) -> None:
        self._account = account
        self._mailbox = mailbox
        self._mail = mail
        self._before_final_dot = before_final_dot

    def run(self, apart: Apart) -> Outcome:
        """Make the draft whole, then send it. Raises GraphError while nothing can have been sent."""
        id = self._whole_draft() or self._make_draft(apart)
        self._before_final_dot(self._mail.recipients)
        try:
            self._mailbox.send(id)
        except GraphError as error:
            return self._after(error, id)
        return _all(self._mail, Fate.ACCEPTED)

    def _after(self, error: GraphError, id: str) -> Outcome:
        """What an answer other than yes means. Raises it where it says that nothing was sent."""
        if error.is_missing:  # a draft that is gone was sent by an earlier attempt
            return _all(self._mail, Fate.ACCEPTED)
        if 0 < error.status < 500:
            if not (error.is_away or error.trouble.needs_somebody):
                self._discard_drafts()  # it is refused as it is, and nobody over there should wonder
            raise error
        is_draft = self._is_draft(id)
        if is_draft is False:
            return _all(self._mail, Fate.ACCEPTED)
        if is_draft and error.status:  # it was answered, and the draft is where it was
            raise error
        return Outcome.of_all(self._mail.recipients, Fate.UNCERTAIN, error=str(error))

    def _is_draft(self, id: str) -> bool | None:
        """Whether the draft is still there; None: that cannot be asked now."""
        try:
            return self._mailbox.item(id).is_draft
        except GraphError as error:
            return False if error.is_missing else None

    def _whole_draft(self) -> str:
        """The draft of an earlier attempt, if it became whole; half ones are taken away."""
        if ready := next((row for row in self._drafts() if row.state == State.READY), None):
            return ready.remote_id
        self._discard_drafts()
        return ""

    def _drafts(self) -> list[RemoteMessage]:
        with company(self._account.company_id):
            rows = RemoteMessage.objects.filter(outgoing_id=self._mail.outgoing_id)
            return list(rows.exclude(state=State.SETTLED).order_by("-id"))

    def _discard_drafts(self) -> None:
        for row in self._drafts():
            self._discard(row)

    def _discard(self, row: RemoteMessage) -> None:
        try:
            self._mailbox.discard_draft(row.remote_id)
        except GraphError as error:
            if error.is_away:
                raise
        with company(self._account.company_id):
            row.delete()

    def _make_draft(self, apart: Apart) -> str:
        item = self._mailbox.create_draft(apart.draft)
        row = self._remember(item)
        if apart.addressed:
            self._mailbox.address_draft(item.id, apart.addressed)
        for file in apart.files:
            self._mailbox.attach(item.id, file)
        with company(self._account.company_id):
            RemoteMessage.objects.filter(pk=row.pk).update(state=State.READY)
        return item.id

    def _remember(self, item: Item) -> RemoteMessage:
        """The ids that Exchange gave. Answers may name its own Message-ID in the place of ours."""
        account = self._account
        with company(account.company_id):
            outgoing = OutgoingMessage.objects.get(pk=self._mail.outgoing_id or 0)
            if item.message_id and item.message_id != outgoing.message_id:
                remember_other_id(outgoing, item.message_id)
            return RemoteMessage.objects.create(
                company_id=account.company_id,
                connection_id=account.connection_id,
                remote_id=item.id,
                message_id=item.message_id[:998],
                conversation_id=item.conversation_id[:500],
                outgoing=outgoing,
                state=State.DRAFT,
            )


def _account_of(mail: FinishedMail) -> Account | None:
    if mail.company_id is None or mail.connection_id is None:
        return None
    with company(mail.company_id):
        connection = Connection.objects.filter(pk=mail.connection_id).exclude(state=Connection.State.OFF)
        found = connection.first()
    return Account.of(found) if found else None


def _all(mail: FinishedMail, fate: Fate) -> Outcome:
    return Outcome.of_all(mail.recipients, fate, status="2.0.0")


def _not_now(mail: FinishedMail, words: str) -> Outcome:
    return Outcome.of_all(mail.recipients, Fate.DEFERRED, error=words, channel_is_away=True)


def _refused(mail: FinishedMail, status: str, words: str) -> Outcome:
    return Outcome.of_all(mail.recipients, Fate.REFUSED, status=status, error=words)


def _status_of(error: GraphError) -> str:
    return TOO_LARGE if error.status == 413 or "sizeexceeded" in error.code else "5.6.0"


def _in_trouble(account: Account, mail: FinishedMail, trouble: Trouble) -> Outcome:
    """The mail waits, and the connection says why. Reading the mailbox goes on at its own time."""
    with company(account.company_id):
        rows = Connection.objects.filter(pk=account.connection_id)
        due_at = rows.values_list("due_at", flat=True).first()
        note_trouble(account.connection_id, trouble, now=timezone.now())
        rows.update(due_at=due_at)
    return _not_now(mail, f"{trouble.problem}: {trouble.detail}")


def _note_went(account: Account, outcome: Outcome) -> None:
    if any(result.fate is Fate.ACCEPTED for result in outcome.results):
        with company(account.company_id):
            Connection.objects.filter(pk=account.connection_id).update(last_out_at=timezone.now())
