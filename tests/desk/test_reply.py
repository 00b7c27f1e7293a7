"""An answer on its way out: what is stored, what stands on the wire, what is refused."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from django.utils import timezone

from emailhub import store
from emailhub.accounts.profile import set_signature
from emailhub.delivery.models import OutgoingMessage
from emailhub.desk import errors
from emailhub.desk.answer import Answer
from emailhub.desk.contacts import add_email, create_contact
from emailhub.desk.drafts import load_drafts
from emailhub.desk.models import Activity, Message, Participant, Ticket
from emailhub.desk.note import note
from emailhub.desk.open_ticket import open_ticket
from emailhub.desk.recipients import propose
from emailhub.desk.reply import reply
from emailhub.desk.undo import take_back
from emailhub.desk.uploads import upload
from emailhub.hub.models import HubAddress, Identity
from emailhub.mail import Mailbox
from tests.cast import CARLA, JON, Cast
from tests.letters import letter
from tests.post import filed

SERVICE = "service.dealer@inbox.example"
ZOE = Mailbox("Zoe", "zoe@secret.example")


@pytest.fixture
def ticket(inside: Cast) -> Ticket:
    raw = letter(CARLA, cc=JON, message_id="first@customer.example", references="older@customer.example")
    return filed(inside.dealer.id, raw).ticket


def answer(**changes: object) -> Answer:
    plain = Answer(
        to=(Mailbox("Carla Ruiz", CARLA),),
        subject="Re: The pump leaks",
        html="<p>We come <b>today</b>.</p>",
        key=uuid.uuid4(),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def sent(activity: Activity) -> EmailMessage:
    outgoing = OutgoingMessage.objects.get(desk_message__activity=activity)
    parsed = message_from_bytes(store.get(outgoing.company_id, outgoing.content_key), policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_an_answer_is_a_correct_mail_that_threads_at_the_customer(inside: Cast, ticket: Ticket) -> None:
    activity = reply(ticket, answer(), by=inside.ana, now=timezone.now())
    mail = sent(activity)
    assert mail["From"] == f"Service <{SERVICE}>"
    assert mail["To"] == f"Carla Ruiz <{CARLA}>"
    assert mail["Subject"] == "Re: The pump leaks"
    assert mail["In-Reply-To"] == "<first@customer.example>"
    assert mail["References"].split() == ["<older@customer.example>", "<first@customer.example>"]
    assert mail["Message-ID"].endswith("@inbox.example>")
    assert "<b>today</b>" in part(mail, "html")
    assert "We come today." in part(mail, "plain")


def test_the_last_message_is_quoted_below(inside: Cast, ticket: Ticket) -> None:
    mail = sent(reply(ticket, answer(), by=inside.ana, now=timezone.now()))
    assert "> Good morning, the pump leaks again." in part(mail, "plain")
    assert "Good morning, the pump leaks again." in part(mail, "html")
    assert "blockquote" in part(mail, "html")


def test_bcc_stands_in_the_envelope_alone(inside: Cast, ticket: Ticket) -> None:
    activity = reply(ticket, answer(cc=(Mailbox("Jon", JON),), bcc=(ZOE,)), by=inside.ana, now=timezone.now())
    outgoing = OutgoingMessage.objects.get(desk_message__activity=activity)
    raw = store.get(outgoing.company_id, outgoing.content_key)
    assert b"secret.example" not in raw
    assert not re.search(rb"^(resent-)?bcc\b", raw, re.MULTILINE | re.IGNORECASE)
    assert set(outgoing.recipients.values_list("address", flat=True)) == {CARLA, JON, ZOE.address}
    assert Message.objects.get(activity=activity).bcc == [["Zoe", "zoe@secret.example"]]


def test_whoever_stands_twice_gets_one_copy_and_to_wins(inside: Cast, ticket: Ticket) -> None:
    twice = answer(cc=(Mailbox("", CARLA.upper()),), bcc=(Mailbox("", CARLA),))
    activity = reply(ticket, twice, by=inside.ana, now=timezone.now())
    message = Message.objects.get(activity=activity)
    assert (message.to, message.cc, message.bcc) == ([["Carla Ruiz", CARLA]], [], [])


def test_answering_an_unassigned_ticket_takes_it(inside: Cast, ticket: Ticket) -> None:
    reply(ticket, answer(), by=inside.ben, now=timezone.now())
    assert Ticket.objects.get().assignee_id == inside.ben.id


def test_the_team_can_leave_unassigned_tickets_unassigned(inside: Cast, ticket: Ticket) -> None:
    Identity.objects.filter(team=inside.service).update(assign_on_reply=False)
    reply(ticket, answer(), by=inside.ben, now=timezone.now())
    assert Ticket.objects.get().assignee is None


def test_the_assigned_advisors_signature_stands_once_between_answer_and_quote(
    inside: Cast, ticket: Ticket
) -> None:
    set_signature(inside.ana, "<p><b>Ana</b> · Service</p>")
    ticket.assign(inside.ana, by=inside.ana, now=timezone.now())
    mail = sent(reply(ticket, answer(), by=inside.ana, now=timezone.now()))
    text = part(mail, "plain")
    assert text.count("Ana · Service") == 1
    assert text.index("today") < text.index("-- \n") < text.index("Ana · Service") < text.index("> Good")
    assert part(mail, "html").count("<b>Ana</b>") == 1


def test_nobody_elses_signature_is_added(inside: Cast, ticket: Ticket) -> None:
    set_signature(inside.ana, "<p>Ana of Service</p>")
    set_signature(inside.ben, "<p>Ben of Service</p>")
    ticket.assign(inside.ana, by=inside.ana, now=timezone.now())
    text = part(sent(reply(ticket, answer(), by=inside.ben, now=timezone.now())), "plain")
    assert "Ana of" not in text
    assert "Ben of" not in text


def test_the_writer_may_add_or_leave_out_their_own_signature(inside: Cast, ticket: Ticket) -> None:
    set_signature(inside.ben, "<p>Ben of Service</p>")
    ticket.assign(inside.ana, by=inside.ana, now=timezone.now())
    with_it = reply(ticket, answer(signature=True), by=inside.ben, now=timezone.now())
    ticket.assign(inside.ben, by=inside.ana, now=timezone.now())
    without = reply(ticket, answer(signature=False), by=inside.ben, now=timezone.now())
    assert "Ben of" in part(sent(with_it), "plain")
    assert "Ben of" not in part(sent(without), "plain")


def test_a_later_signature_does_not_change_what_was_sent(inside: Cast, ticket: Ticket) -> None:
    set_signature(inside.ana, "<p>Ana, junior</p>")
    activity = reply(ticket, answer(), by=inside.ana, now=timezone.now())
    set_signature(inside.ana, "<p>Ana, senior</p>")
    assert "junior" in Message.objects.get(activity=activity).html


def test_a_pasted_image_travels_as_a_part_and_a_file_as_an_attachment(inside: Cast, ticket: Ticket) -> None:
    image = upload(inside.ana, filename="screen.png", content_type="image/png", content=b"\x89PNG\r\n")
    file = upload(inside.ana, filename="presupuesto ñ.pdf", content_type="application/pdf", content=b"%PDF")
    html = f'<p>See:</p><img src="/attachments/{image.public_id}/" data-cid="x">'
    activity = reply(
        ticket,
        answer(html=html, attachment_ids=(image.public_id, file.public_id)),
        by=inside.ana,
        now=timezone.now(),
    )
    mail = sent(activity)
    parts = {p.get_filename(): p for p in mail.walk() if p.get_filename()}
    content_id = parts["screen.png"]["Content-ID"].strip("<>")
    assert f'src="cid:{content_id}"' in part(mail, "html")
    assert parts["presupuesto ñ.pdf"].get_content_disposition() == "attachment"
    assert activity.attachments.filter(is_inline=True).get().filename == "screen.png"


def test_the_same_form_twice_is_one_mail(inside: Cast, ticket: Ticket) -> None:
    once = answer()
    first = reply(ticket, once, by=inside.ana, now=timezone.now())
    second = reply(ticket, once, by=inside.ana, now=timezone.now())
    assert first.pk == second.pk
    assert OutgoingMessage.objects.count() == 1


def test_something_newer_stops_the_sending_and_nothing_is_stored(inside: Cast, ticket: Ticket) -> None:
    seen = ticket.last_activity_id
    filed(inside.dealer.id, letter(CARLA, text="Wait, it is the hose!"))
    with pytest.raises(errors.NewerActivityError) as caught:
        reply(ticket, answer(seen=seen), by=inside.ana, now=timezone.now())
    assert [a.text.strip() for a in caught.value.activities] == ["Wait, it is the hose!"]
    assert not OutgoingMessage.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"to": ()}, errors.NoRecipientError),
        ({"to": (Mailbox("", "no address"),)}, errors.BadAddressError),
        ({"cc": (Mailbox("", "niño@españa.example"),)}, errors.BadAddressError),
        ({"cc": (Mailbox("", "service.dealer+x@inbox.example"),)}, errors.OwnAddressError),
        ({"bcc": tuple(Mailbox("", f"a{n}@b.example") for n in range(50))}, errors.TooManyRecipientsError),
        ({"html": " <p> </p>"}, errors.EmptyMessageError),
    ],
)
def test_what_cannot_be_sent_is_refused_before_anything_is_stored(
    inside: Cast, ticket: Ticket, changes: dict[str, object], error: type[errors.DeskError]
) -> None:
    with pytest.raises(error) as caught:
        reply(ticket, answer(**changes), by=inside.ana, now=timezone.now())
    assert str(caught.value)
    assert not OutgoingMessage.objects.exists()
    assert Ticket.objects.get().assignee is None


def test_another_team_of_the_company_is_written_to_as_everybody_is(inside: Cast, ticket: Ticket) -> None:
    neighbour = Mailbox("Parts", inside.parts_address)
    reply(ticket, answer(cc=(neighbour,)), by=inside.ana, now=timezone.now())
    outgoing = OutgoingMessage.objects.get()
    assert set(outgoing.recipients.values_list("address", flat=True)) == {CARLA, inside.parts_address}


def test_the_page_itself_refuses_the_addresses_of_the_sending_team_alone(inside: Cast) -> None:
    both = letter(CARLA, to=f"{SERVICE}, {inside.parts_address}")
    proposal = propose(filed(inside.dealer.id, both).ticket)
    assert proposal.own == (SERVICE,)
    assert proposal.cc == ()


def test_files_over_the_limit_are_refused_with_their_size(
    inside: Cast, ticket: Ticket, settings: object
) -> None:
    settings.MAX_ATTACHMENTS_SIZE = settings.MAX_LINKED_FILE_SIZE = 3  # type: ignore[attr-defined]
    file = upload(inside.ana, filename="a.bin", content_type="", content=b"four")
    with pytest.raises(errors.TooLargeError):
        reply(ticket, answer(attachment_ids=(file.public_id,)), by=inside.ana, now=timezone.now())


@pytest.mark.parametrize("name", ["vera", "pat"])
def test_who_may_only_read_or_is_of_another_team_cannot_send(inside: Cast, ticket: Ticket, name: str) -> None:
    with pytest.raises(errors.NotAllowedError):
        reply(ticket, answer(), by=getattr(inside, name), now=timezone.now())


def test_a_team_whose_email_is_off_or_without_sender_cannot_send(inside: Cast, ticket: Ticket) -> None:
    HubAddress.objects.filter(team=inside.service).update(is_sender=False)
    with pytest.raises(errors.HubOffError):
        reply(ticket, answer(), by=inside.ana, now=timezone.now())


def test_send_and_close_and_send_and_wait_set_the_status(inside: Cast, ticket: Ticket) -> None:
    reply(ticket, answer(then=Ticket.Status.WAITING), by=inside.ana, now=timezone.now())
    assert Ticket.objects.get().status == Ticket.Status.WAITING
    reply(ticket, answer(then=Ticket.Status.CLOSED), by=inside.ana, now=timezone.now())
    assert Ticket.objects.get().status == Ticket.Status.CLOSED
    assert Ticket.objects.get().needs_reply_since is None


def test_taking_back_restores_the_ticket_and_the_draft(inside: Cast, ticket: Ticket) -> None:
    before = {f.name: getattr(Ticket.objects.get(), f.name) for f in Ticket._meta.concrete_fields}
    file = upload(inside.ana, filename="a.pdf", content_type="application/pdf", content=b"%PDF")
    again = answer(then=Ticket.Status.CLOSED, bcc=(ZOE,), attachment_ids=(file.public_id,))
    activity = reply(ticket, again, by=inside.ana, now=timezone.now())
    take_back(activity, by=inside.ana, now=timezone.now())
    after = {f.name: getattr(Ticket.objects.get(), f.name) for f in Ticket._meta.concrete_fields}
    assert after == before
    assert not Activity.objects.filter(kind="sent").exists()
    assert not Participant.objects.filter(address=ZOE.address).exists()
    assert OutgoingMessage.objects.get().state == OutgoingMessage.State.CANCELLED
    fields = load_drafts(ticket, inside.ana)["email"].fields
    assert fields["bcc"] == '"Zoe" <zoe@secret.example>'
    assert fields["attachments"] == [str(file.public_id)]


def test_what_has_left_cannot_be_taken_back(inside: Cast, ticket: Ticket) -> None:
    activity = reply(ticket, answer(), by=inside.ana, now=timezone.now())
    OutgoingMessage.objects.update(state="sending", attempts=1)
    with pytest.raises(errors.TooLateError):
        take_back(activity, by=inside.ana, now=timezone.now())
    assert Activity.objects.filter(pk=activity.pk).exists()


def test_the_customer_who_answers_joins_although_only_references_are_left(
    inside: Cast, ticket: Ticket
) -> None:
    activity = reply(ticket, answer(then=Ticket.Status.CLOSED), by=inside.ana, now=timezone.now())
    ours = Message.objects.get(activity=activity).message_id
    later = filed(inside.dealer.id, letter(CARLA, subject="No subject of yours", references=ours))
    assert later.ticket_id == ticket.id
    assert Ticket.objects.get().status == Ticket.Status.OPEN


def test_a_person_in_bcc_who_answers_stays_unknown_to_the_others(inside: Cast, ticket: Ticket) -> None:
    activity = reply(ticket, answer(bcc=(ZOE,)), by=inside.ana, now=timezone.now())
    ours = Message.objects.get(activity=activity).message_id
    secret = filed(inside.dealer.id, letter(ZOE.address, text="Only for you", in_reply_to=ours))
    assert secret.ticket_id == ticket.id
    assert secret.is_private
    proposal = propose(ticket)
    assert ZOE.address not in {box.address for box in (*proposal.to, *proposal.cc)}
    assert proposal.hidden_author == Mailbox("", ZOE.address)
    next_mail = sent(reply(ticket, answer(), by=inside.ana, now=timezone.now()))
    assert "Only for you" not in next_mail.as_string()


def test_the_proposal_names_the_customer_and_the_others_without_ourselves(
    inside: Cast, ticket: Ticket
) -> None:
    proposal = propose(ticket)
    assert proposal.to == (Mailbox("Carla Ruiz", CARLA),)
    assert [box.address for box in proposal.cc] == [JON]
    assert proposal.subject == "Re: The pump leaks"
    assert proposal.sender == SERVICE


def test_the_display_name_s_placeholders_stand_for_who_sends(inside: Cast, ticket: Ticket) -> None:
    Identity.objects.filter(team=inside.service).update(display_name="{advisor} de {team}, Ñ")
    activity = reply(ticket, answer(), by=inside.ben, now=timezone.now())
    sender = sent(activity)["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ("Ben de Service, Ñ", SERVICE)


def test_a_note_never_leaves(inside: Cast, ticket: Ticket) -> None:
    activity = note(ticket, by=inside.ana, html="<p>Ask <b>Pat</b></p>", key=uuid.uuid4(), now=timezone.now())
    assert (activity.text, activity.html) == ("Ask Pat", "<p>Ask <b>Pat</b></p>")
    assert not OutgoingMessage.objects.exists()
    assert Ticket.objects.get().last_line == "Ask Pat"


def test_the_mail_leaves_after_the_seconds_for_undoing(inside: Cast, ticket: Ticket) -> None:
    now = timezone.now()
    reply(ticket, answer(), by=inside.ana, now=now)
    assert OutgoingMessage.objects.get().due_at == now + timedelta(seconds=10)


def test_a_reply_confirms_the_contact(inside: Cast) -> None:
    stranger = filed(inside.dealer.id, letter("new@stranger.example")).ticket
    reply(stranger, answer(to=(Mailbox("", "new@stranger.example"),)), by=inside.ana, now=timezone.now())
    assert Ticket.objects.get().contact.confirmed_at is not None


def test_a_reply_to_others_alone_confirms_nobody(inside: Cast) -> None:
    stranger = filed(inside.dealer.id, letter("new@stranger.example")).ticket
    reply(stranger, answer(to=(Mailbox("", JON),)), by=inside.ana, now=timezone.now())
    assert Ticket.objects.get().contact.confirmed_at is None


def test_a_contact_without_an_address_cannot_be_written_to_until_one_is_saved(inside: Cast) -> None:
    nobody = create_contact(inside.dealer, name="Walk-in")
    ticket = open_ticket(
        team=inside.service, contact=nobody, subject="Keys", by=inside.ana, now=timezone.now()
    )
    with pytest.raises(errors.NoAddressError):
        propose(ticket)
    with pytest.raises(errors.NoAddressError):
        reply(ticket, answer(), by=inside.ana, now=timezone.now())
    add_email(nobody, CARLA.replace("carla", "walkin"))
    assert [box.address for box in propose(ticket).to] == ["walkin@customer.example"]
