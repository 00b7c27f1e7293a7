"""A team's mail leaves by the company's own server: entered, tested, used, and given up without a loss."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from emailhub.delivery.models import OutgoingMessage
from emailhub.hub.addresses import set_sender
from emailhub.hub.errors import NotProvedError, ServerFormError
from emailhub.hub.models import HubAddress, OwnAddress
from emailhub.hub.own_addresses import accept_forward, name_address, own_address_of
from emailhub.hub.own_server import ServerForm, send_by_server, use_server
from emailhub.hub.ways_out import way_out
from tests.cast import CARLA, Cast
from tests.letters import letter
from tests.post import filed

NOW = datetime.now(UTC)
SUPPORT = "support@dealer.example"
FORM = ServerForm("smtp.dealer.example", "587", "starttls", "desk", "secret")


@pytest.fixture
def own(inside: Cast) -> OwnAddress:
    own = name_address(inside.service, SUPPORT, by=inside.ana, now=NOW)
    accept_forward(own, now=NOW)
    return own


def with_test_taken(cast: Cast, own: OwnAddress) -> OwnAddress:
    """As after a worker whose test the server took."""
    use_server(own, FORM, by=cast.ana, now=NOW)
    OutgoingMessage.objects.filter(pk=own.test_id).update(state="sent")
    found = own_address_of(cast.service)
    assert found is not None
    return found


def test_an_address_that_is_named_again_before_its_proof_keeps_its_server(inside: Cast) -> None:
    """As the page of an IMAP mailbox names it, after the guide."""
    begun = name_address(inside.service, SUPPORT, by=inside.ana, now=NOW)
    use_server(begun, FORM, by=inside.ana, now=NOW)
    again = name_address(inside.service, SUPPORT.upper(), by=inside.ana, now=NOW)
    assert (again, again.connection) == (begun, begun.connection)
    name_address(inside.service, "other@dealer.example", by=inside.ana, now=NOW)
    name_address(inside.service, SUPPORT, by=inside.ana, now=NOW)
    last = own_address_of(inside.service)
    assert last is not None and last.address == SUPPORT


def test_mail_leaves_by_the_server_only_after_it_took_a_test(inside: Cast, own: OwnAddress) -> None:
    with pytest.raises(NotProvedError):
        send_by_server(own, by=inside.ana, now=NOW)
    assert way_out(inside.dealer, SUPPORT).channel == "smtp"
    row = send_by_server(with_test_taken(inside, own), by=inside.ana, now=NOW)
    assert (row.is_sender, row.may_send) == (True, True)
    way = way_out(inside.dealer, SUPPORT)
    assert way.channel == "account"
    assert way.connection is not None and way.connection.settings["host"] == "smtp.dealer.example"


def test_another_server_needs_another_test(inside: Cast, own: OwnAddress) -> None:
    again = with_test_taken(inside, own)
    use_server(again, FORM, by=inside.ana, now=NOW)
    with pytest.raises(NotProvedError):
        send_by_server(again, by=inside.ana, now=NOW)


@pytest.mark.parametrize(
    "form",
    [
        ServerForm("evil.example", "587", "starttls", "desk"),
        ServerForm("smtp.dealer.example", "587", "starttls", "somebody-else"),
    ],
)
def test_a_kept_password_goes_to_no_other_server_and_for_no_other_user(
    inside: Cast, own: OwnAddress, form: ServerForm
) -> None:
    use_server(own, FORM, by=inside.ana, now=NOW)
    with pytest.raises(ServerFormError):
        use_server(own, form, by=inside.ana, now=NOW)
    kept = use_server(own, ServerForm("smtp.dealer.example", "465", "tls", "desk"), by=inside.ana, now=NOW)
    assert kept.secrets == {"password": "secret"}


def test_a_refresh_token_goes_to_no_other_endpoint(inside: Cast, own: OwnAddress) -> None:
    """G5."""
    by_oauth = replace(
        FORM, password="", client_id="c", refresh_token="r", token_endpoint="https://good.example/token"
    )
    assert use_server(own, by_oauth, by=inside.ana, now=NOW).secrets["refresh_token"] == "r"
    for endpoint in ("https://evil.example/token", "http://good.example/token"):
        with pytest.raises(ServerFormError):
            moved = replace(by_oauth, refresh_token="", token_endpoint=endpoint)
            use_server(own, moved, by=inside.ana, now=NOW)


@pytest.mark.parametrize(
    "form",
    [
        ServerForm("smtp.dealer.example/x", "587", "starttls", "desk", "secret"),
        ServerForm("", "587", "starttls", "desk", "secret"),
        ServerForm("smtp.dealer.example", "0", "starttls", "desk", "secret"),
        ServerForm("smtp.dealer.example", "587", "none", "desk", "secret"),
        ServerForm("smtp.dealer.example", "587", "starttls", "desk\r\nRSET", "secret"),
        ServerForm("smtp.dealer.example", "587", "starttls", "desk", "se\r\ncret"),
    ],
)
def test_what_is_no_server_is_refused(inside: Cast, own: OwnAddress, form: ServerForm) -> None:
    with pytest.raises(ServerFormError):
        use_server(own, form, by=inside.ana, now=NOW)


def test_going_back_to_the_generated_address_loses_no_way_in(inside: Cast, own: OwnAddress) -> None:
    """R52: mail to the company's address still reaches the same ticket."""
    send_by_server(with_test_taken(inside, own), by=inside.ana, now=NOW)
    first = filed(inside.dealer.id, letter(CARLA, to=SUPPORT), SUPPORT)
    generated = HubAddress.objects.get(address=Cast.service_address)
    set_sender(inside.service, generated.pk, by=inside.ana, now=NOW)
    second = filed(inside.dealer.id, letter(CARLA, to=SUPPORT, subject="Once more"), SUPPORT)
    assert first.ticket_id == second.ticket_id
    assert HubAddress.objects.get(address=SUPPORT).may_send
