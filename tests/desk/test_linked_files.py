"""Files that a mail has no room for: which they are, what the mail says of them, and how their links end."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from emailhub import store
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk.answer import Answer
from emailhub.desk.drafts import save_draft
from emailhub.desk.errors import NotAllowedError, TooLargeError
from emailhub.desk.linked_files import end_link, link_to, too_large_to_attach
from emailhub.desk.models import Activity, Attachment, Ticket
from emailhub.desk.reply import reply
from emailhub.desk.undo import take_back
from emailhub.desk.uploads import upload
from emailhub.intake.housekeeping import keep_house_of
from emailhub.mail import Mailbox
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.post import filed

VIDEO = b"<script>alert(1)</script> and a film of the pump"


@pytest.fixture(autouse=True)
def _limits(settings: LazySettings) -> None:
    settings.MAX_ATTACHMENTS_SIZE, settings.MAX_LINKED_FILE_SIZE = 10, 50


@pytest.fixture
def ticket(inside: Cast) -> Ticket:
    inside.dealer.language = "es"
    inside.dealer.save()
    return filed(inside.dealer.id, letter(CARLA)).ticket


@pytest.fixture
def sent(inside: Cast, ticket: Ticket) -> Activity:
    """With a small file and one that does not fit beside it."""
    kept = [
        upload(inside.ana, filename=name, content_type="text/html", content=content).public_id
        for name, content in (("offer.txt", b"offer"), ("pump & hose.html", VIDEO))
    ]
    answer = Answer(
        to=(Mailbox("Carla", CARLA),),
        subject="Re: x",
        html="<p>Look.</p>",
        key=uuid.uuid4(),
        attachment_ids=tuple(kept),
    )
    return reply(ticket, answer, by=inside.ana, now=timezone.now())


def linked_of(activity: Activity) -> Attachment:
    return Attachment.objects.get(activity=activity, linked_until__isnull=False)


def path_of(file: Attachment) -> str:
    return "/" + link_to(file).split("/", 3)[3]


def of_sizes(*sizes: int) -> list[Attachment]:
    return [Attachment(filename=str(size), size=size) for size in sizes]


@pytest.mark.parametrize(
    ("sizes", "beside", "linked"),
    [((10,), 0, []), ((11,), 0, [11]), ((6, 5, 4), 0, [5]), ((3, 8), 3, [8]), ((), 10, [])],
)
def test_what_does_not_fit_beside_the_files_before_it_leaves_as_a_link(
    sizes: tuple[int, ...], beside: int, linked: list[int]
) -> None:
    assert [file.size for file in too_large_to_attach(of_sizes(*sizes), beside=beside)] == linked


@pytest.mark.parametrize(("sizes", "beside", "most"), [((51,), 0, 50), ((), 11, 50), ((11,), 0, 0)])
def test_what_is_too_large_for_a_link_as_well_is_refused(
    settings: LazySettings, sizes: tuple[int, ...], beside: int, most: int
) -> None:
    settings.MAX_LINKED_FILE_SIZE = most
    with pytest.raises(TooLargeError):
        too_large_to_attach(of_sizes(*sizes), beside=beside)


def test_the_mail_carries_the_link_in_both_forms_and_the_small_file_itself(sent: Activity) -> None:
    outgoing = OutgoingMessage.objects.get()
    raw = store.get(outgoing.company_id, outgoing.content_key)
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["offer.txt"]
    link = link_to(linked_of(sent))
    html, text = (str(mail.get_body((kind,)).get_content()) for kind in ("html", "plain"))  # type: ignore[union-attr]
    assert f'href="{link}"' in html
    assert "pump &amp; hose.html" in html
    line = rf"hasta el .*:\s+- pump & hose\.html \({len(VIDEO)}\sbytes\)\s+"
    assert re.search(line + re.escape(link), text)


def test_whoever_has_the_link_sees_what_it_is_and_takes_it_by_the_button_alone(
    sent: Activity, client: Client
) -> None:
    file = linked_of(sent)
    page = client.get(path_of(file))
    assert page.headers["Content-Language"] == "es"
    assert "pump &amp; hose.html" in page.content.decode()
    assert linked_of(sent).downloads == 0
    taken = client.post(path_of(file))
    assert b"".join(taken) == VIDEO  # type: ignore[call-overload]
    assert taken.headers["Content-Type"] == "application/octet-stream"
    assert taken.headers["Content-Disposition"].startswith("attachment")
    assert taken.headers["X-Content-Type-Options"] == "nosniff"
    assert linked_of(sent).downloads == 1


def test_no_other_file_is_had_by_a_link(sent: Activity, client: Client) -> None:
    file = linked_of(sent)
    attached = Attachment.objects.get(activity=sent, linked_until=None)
    assert client.get(path_of(attached)).status_code == 404
    assert client.post(path_of(file).replace("/files/", "/files/x")).status_code == 404


def test_a_link_that_the_team_ended_opens_nothing(inside: Cast, sent: Activity, client: Client) -> None:
    file = linked_of(sent)
    with pytest.raises(NotAllowedError):
        end_link(file, by=inside.vera, now=timezone.now())
    assert client.get(path_of(file)).status_code == 200
    end_link(file, by=inside.ana, now=timezone.now())
    for ask in (client.get, client.post):
        assert ask(path_of(file)).status_code == 410
    assert store.get(file.company_id, file.content_key) == VIDEO


def test_when_its_time_is_over_the_bytes_are_named_no_more(
    inside: Cast, sent: Activity, client: Client
) -> None:
    file = linked_of(sent)
    assert file.linked_until is not None
    keep_house_of(inside.dealer.id, now=file.linked_until - timedelta(minutes=1))
    assert linked_of(sent).content_key
    keep_house_of(inside.dealer.id, now=file.linked_until + timedelta(minutes=1))
    assert linked_of(sent).content_key == ""
    over = client.get(path_of(file))
    assert over.status_code == 410
    assert inside.dealer.name in over.content.decode()


def test_a_mail_that_is_taken_back_takes_its_links_along(
    inside: Cast, sent: Activity, client: Client
) -> None:
    path = path_of(linked_of(sent))
    take_back(sent, by=inside.ana, now=timezone.now())
    assert client.get(path).status_code == 404
    assert not Attachment.objects.exclude(linked_until=None).exists()


def test_the_team_sees_before_and_after_sending_what_goes_as_a_link_and_ends_it(
    inside: Cast, sent: Activity, client: Client
) -> None:
    draft = upload(inside.ana, filename="film.mp4", content_type="video/mp4", content=VIDEO)
    fields: dict[str, object] = {"attachments": [str(draft.public_id)]}
    save_draft(sent.ticket, inside.ana, "email", fields, now=timezone.now())
    client.force_login(inside.ana.user)
    page = client.get(f"/tickets/{sent.ticket.number}/").content.decode()
    assert "will be sent as a link until" in page
    assert "sent as a link until" in page.replace("will be sent as a link until", "")
    assert "not downloaded yet" in page
    file = linked_of(sent)
    end = f"/attachments/{file.public_id}/link/"
    assert f'action="{end}"' in page
    client.post(end, {"_method": "DELETE"})
    assert linked_of(sent).link_ended_at
    after = client.get(f"/tickets/{sent.ticket.number}/").content.decode()
    assert "link ended on" in after
    assert end not in after
