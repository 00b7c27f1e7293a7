"""Who wrote, where answers go, and whom a forwarder hid."""

from __future__ import annotations

import pytest

from emailhub.mail import Mailbox, Sender, forwarded_original, sender
from emailhub.mail.forwards import forwarded_block
from tests.mail.messages import mail, read

OWN = frozenset({"service@dealer.example", "parts@dealer.example"})
CARLA = Mailbox("Carla", "carla@farm.example")


def test_the_sender_is_the_first_mailbox_of_from() -> None:
    assert sender(mail(), OWN) == Sender(CARLA, CARLA)


def test_nobody_is_the_sender_of_an_ambiguous_from() -> None:
    assert sender(read("two_from_fields"), OWN) is None


def test_answers_go_to_a_reply_to_of_the_same_domain() -> None:
    found = sender(mail(Reply_To="Office <office@farm.example>"), OWN)
    assert found == Sender(CARLA, Mailbox("Office", "office@farm.example"))


def test_a_reply_to_of_another_domain_is_shown_and_not_followed() -> None:
    found = sender(mail(Reply_To="mallory@evil.example"), OWN)
    assert found == Sender(CARLA, CARLA, other_reply_to=Mailbox("", "mallory@evil.example"))


@pytest.mark.parametrize(
    "reply_to", ["carla@farm.example", "service@dealer.example", "x@y.example, carla@farm.example"]
)
def test_a_reply_to_with_the_sender_or_with_us_changes_nothing(reply_to: str) -> None:
    assert sender(mail(Reply_To=reply_to), OWN) == Sender(CARLA, CARLA)


def test_a_web_form_s_sender_is_the_customer() -> None:
    assert sender(read("web_form_with_reply_to"), OWN) == Sender(CARLA, CARLA, recovered=True)


def test_a_no_reply_address_with_two_answers_to_is_itself() -> None:
    message = mail(From="noreply@site.example", Reply_To="a@x.example, b@y.example")
    found = sender(message, OWN)
    assert found and found.mailbox.address == "noreply@site.example"


@pytest.mark.parametrize("field", ["X_Original_From", "X_Original_Sender"])
def test_a_forwarder_under_our_address_names_the_sender(field: str) -> None:
    message = mail(From="Service <SERVICE@dealer.example>", **{field: "Carla <carla@farm.example>"})
    assert sender(message, OWN) == Sender(CARLA, CARLA, recovered=True)


def test_a_single_reply_to_names_the_sender_behind_our_address() -> None:
    message = mail(From="Carla via Service <service@dealer.example>", Reply_To="Carla <carla@farm.example>")
    assert sender(message, OWN) == Sender(CARLA, CARLA, recovered=True)
    two = mail(From="service@dealer.example", Reply_To="a@x.example, b@y.example")
    assert sender(two, OWN) is None


def test_the_forwarded_block_names_the_sender_behind_our_address() -> None:
    carla = Mailbox("Carla Ruiz", "carla@farm.example")
    assert sender(read("forwarded_under_our_address"), OWN) == Sender(carla, carla, recovered=True)


def test_our_address_with_nothing_to_recover_is_nobody() -> None:
    assert sender(mail(From="service@dealer.example", X_Original_From="parts@dealer.example"), OWN) is None


def test_without_own_addresses_our_address_is_an_ordinary_sender() -> None:
    found = sender(mail(From="service@dealer.example"), frozenset())
    assert found and found.mailbox.address == "service@dealer.example" and not found.recovered


NAMED = "Carla Ruiz <carla@farm.example>"
BLOCKS = {
    "gmail": f"---------- Forwarded message ---------\nFrom: {NAMED}\nDate: Mon\nSubject: Pump\n",
    "outlook": f"{'_' * 32}\nFrom: {NAMED}\nSent: Monday\nSubject: Pump\n",
    "old outlook": (
        "-----Mensaje original-----\nDe: Carla Ruiz [mailto:carla@farm.example]\n"
        "Enviado el: lunes\nAsunto: Pump\n"
    ),
    "outlook text": (
        "Von: Carla Ruiz <carla@farm.example<mailto:carla@farm.example>>\nGesendet: Montag\nBetreff: Pump\n"
    ),
    "apple": f"Début du message transféré :\n\nDe: {NAMED}\nObjet: Pump\nDate: lundi\n",
    "bold": f"*Da:* {NAMED}\n*Inviato:* lunedì\n*Oggetto:* Pump\n",
    "quoted": f"> From: {NAMED}\n> Date: Mon\n> Subject: Pump\n",
    "portuguese": f"Mensagem encaminhada\nDe: {NAMED}\nData: seg\nAssunto: Pump\n",
}


@pytest.mark.parametrize("kind", BLOCKS)
def test_a_forwarded_block_is_read_as_programs_write_it(kind: str) -> None:
    block = forwarded_block(f"Please see to it.\n\n{BLOCKS[kind]}\nThe pump leaks.\n")
    assert block is not None
    assert block.sender == Mailbox("Carla Ruiz", "carla@farm.example")
    assert block.subject == "Pump"
    assert block.text.strip("> \n") == "The pump leaks."
    assert block.note == "Please see to it."


@pytest.mark.parametrize(
    "text",
    [
        "",
        "From: Carla <carla@farm.example>",
        "From: Carla <carla@farm.example> I heard\nthat the pump leaks",
        "From: Carla Ruiz\nSent: Monday\nSubject: no address",
        "From: a@x.example b@y.example\nSent: Monday",
        "The best from: me",
    ],
)
def test_prose_is_no_forwarded_block(text: str) -> None:
    assert forwarded_block(text) is None


def test_the_first_of_nested_blocks_counts() -> None:
    block = forwarded_block(BLOCKS["gmail"] + "\n" + BLOCKS["outlook text"].replace("carla", "jon"))
    assert block is not None
    assert block.sender.address == "carla@farm.example"


def test_what_was_forwarded_is_in_the_text_or_the_only_attached_mail() -> None:
    by_text = forwarded_original(read("forward_gmail_web_es"))
    attached = forwarded_original(read("mail_attached_in_base64"))
    assert by_text is not None and by_text.sender.address == "ana@dealer.example"
    assert attached is not None
    assert (attached.sender.address, attached.note, attached.text.strip()) == (
        "jon@farm.example",
        "See below",
        "inner text",
    )
    assert forwarded_original(read("digest_of_two_mails")) is None
    assert forwarded_original(read("nothing_but_text")) is None
