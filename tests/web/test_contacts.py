"""The contacts' pages: what is shown, what is stored, what is said when it cannot be."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.contacts import create_contact
from emailhub.desk.importing.imports import begin
from emailhub.desk.importing.work import import_due
from emailhub.desk.models import Contact, ContactImport, Segment, Ticket
from emailhub.desk.segments import create_segment, set_segments
from tests.cast import CARLA, Cast
from tests.web import desk
from tests.web.conftest import SignIn

WHOLE = {"whole": "1", "name": "Carla Ruiz", "email": [CARLA, ""], "phone": [""], "organisation": "Ruiz SL"}


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def carla_of(cast: Cast) -> Contact:
    with company(cast.dealer.id):
        return Contact.objects.get(pk=cast.carla.pk)


def test_the_list_is_found_through_and_paged(cast: Cast, ana: Client) -> None:
    with company(cast.dealer.id):
        for number in range(60):
            create_contact(cast.dealer, name=f"Person {number:02}", address=f"p{number}@x.example")
    page = text_of(ana, "/contacts/")
    assert "Carla Ruiz" in page
    assert "Person 48" in page
    assert "Person 49" not in page
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    rest = text_of(ana, following)
    assert "Person 49" in rest
    assert "Person 48" not in rest
    found = text_of(ana, "/contacts/?q=person+07")
    assert "Person 07" in found
    assert "Person 08" not in found


@pytest.mark.parametrize("after", ["x", "_", "-1_a", "1_" + "a" * 3000])
def test_marks_that_somebody_typed_do_no_harm(ana: Client, after: str) -> None:
    assert ana.get(f"/contacts/?after={after}").status_code == 200
    assert ana.get(f"/contacts/?q={after}&segment={after}&unconfirmed={after}").status_code == 200


def test_a_contact_is_made_by_hand(cast: Cast, ana: Client) -> None:
    answer = ana.post("/contacts/new/", {**WHOLE, "name": "Gala", "email": ["gala@garden.example"]})
    with company(cast.dealer.id):
        made = Contact.objects.get(name="Gala")
    assert answer.headers["Location"] == f"/contacts/{made.pk}/"
    assert "gala@garden.example" in text_of(ana, answer.headers["Location"])


def test_an_address_that_somebody_has_is_refused_with_the_way_to_merge(cast: Cast, ana: Client) -> None:
    with company(cast.dealer.id):
        other = create_contact(cast.dealer, name="Jon", address="jon@x.example")
    answer = ana.post(f"/contacts/{cast.carla.pk}/", {**WHOLE, "email": [CARLA, "jon@x.example"]})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"/contacts/{cast.carla.pk}/merge/?with={other.pk}" in page
    assert 'value="jon@x.example"' in page
    assert carla_of(cast).organisation == ""


def test_an_odd_phone_is_refused_beside_a_ticket_and_stays_as_typed(cast: Cast, ana: Client) -> None:
    """It was stored without its letters, and nobody was told."""
    form = {"name": "Carla Ruiz", "email": CARLA, "phone": "12ab34", "prefix": ""}
    answer = ana.post(f"/contacts/{cast.carla.pk}/", form, headers={"hx-request": "true"})
    assert answer.status_code == 422
    assert 'value="12ab34"' in answer.content.decode()
    with company(cast.dealer.id):
        assert not cast.carla.phones.exists()


def test_the_small_card_leaves_alone_what_it_does_not_ask(cast: Cast, ana: Client) -> None:
    with company(cast.dealer.id):
        dairy = create_segment(cast.dealer, "Dairy", by=cast.ana)
    ana.post(
        f"/contacts/{cast.carla.pk}/",
        {**WHOLE, "account_number": "A-7", "shared_sender": "1", "segment": dairy.pk, "language": "en"},
    )
    ana.post(
        f"/contacts/{cast.carla.pk}/", {"name": "Carla R.", "email": CARLA}, headers={"hx-request": "true"}
    )
    carla = carla_of(cast)
    assert (carla.name, carla.account_number, carla.language, carla.shared_sender) == (
        "Carla R.",
        "A-7",
        "en",
        True,
    )
    assert f'value="{dairy.pk}" checked' in text_of(ana, f"/contacts/{cast.carla.pk}/")


def test_the_history_ends_at_the_teams_that_one_may_read(cast: Cast, ana: Client, pat: Client) -> None:
    with company(cast.dealer.id):
        desk.open_ticket(cast.service, cast.carla, "The pump")
        desk.open_ticket(cast.parts, cast.carla, "The wheel")
    assert "The pump" in text_of(ana, f"/contacts/{cast.carla.pk}/")
    assert "The wheel" in text_of(ana, f"/contacts/{cast.carla.pk}/")
    assert "The pump" not in text_of(pat, f"/contacts/{cast.carla.pk}/")
    assert "The wheel" in text_of(pat, f"/contacts/{cast.carla.pk}/")


def test_who_may_only_read_sees_no_form(cast: Cast, sign_in: SignIn) -> None:
    page = text_of(sign_in(cast.vera), f"/contacts/{cast.carla.pk}/")
    assert CARLA.partition("@")[0] in page
    assert 'name="whole"' not in page
    assert "erasure" not in page


def test_a_stranger_is_confirmed_with_one_click(cast: Cast, ana: Client) -> None:
    with company(cast.dealer.id):
        stranger = create_contact(cast.dealer, name="Stranger", address="s@x.example")
    assert "Not confirmed" in text_of(ana, "/contacts/?unconfirmed=1")
    ana.post(f"/contacts/{stranger.pk}/confirmation/")
    assert "Stranger" not in text_of(ana, "/contacts/?unconfirmed=1")


def test_ticked_ones_or_the_whole_list_are_put_into_a_segment(cast: Cast, ana: Client) -> None:
    with company(cast.dealer.id):
        dairy = create_segment(cast.dealer, "Dairy", by=cast.ana)
        people = [create_contact(cast.dealer, name=f"Cow {number}") for number in range(70)]
    answer = ana.post(
        "/contacts/labels/", {"contact": [people[0].pk], "label": dairy.pk, "do": "add"}, follow=True
    )
    assert "1 contact is new in “Dairy”" in answer.content.decode()
    ana.post("/contacts/labels/", {"whom": "all", "q": "cow", "label": dairy.pk, "do": "add"})
    with company(cast.dealer.id):
        assert dairy.members.count() == 70
    ana.post("/contacts/labels/", {"contact": [people[0].pk], "label": dairy.pk, "do": "remove"})
    with company(cast.dealer.id):
        assert dairy.members.count() == 69


def test_ids_of_another_company_are_not_labelled(cast: Cast, ana: Client) -> None:
    with company(cast.dealer.id):
        dairy = create_segment(cast.dealer, "Dairy", by=cast.ana)
    with company(cast.farm.id):
        foreign = create_contact(cast.farm, name="Greta")
        theirs = create_segment(cast.farm, "Theirs", by=cast.frank)
    ana.post("/contacts/labels/", {"contact": [foreign.pk], "label": dairy.pk, "do": "add"})
    assert ana.post("/contacts/labels/", {"whom": "all", "label": theirs.pk, "do": "add"}).status_code == 404
    with company(cast.dealer.id):
        assert not dairy.members.exists()
    assert ana.post(f"/contacts/{cast.carla.pk}/", {**WHOLE, "segment": theirs.pk}).status_code == 302
    with company(cast.farm.id):
        assert not theirs.members.exists()


def test_segments_are_made_renamed_and_taken_away(cast: Cast, ana: Client) -> None:
    ana.post("/contacts/segments/", {"name": "Dairy"})
    assert ana.post("/contacts/segments/", {"name": "dairy"}).status_code == 422
    with company(cast.dealer.id):
        made = Segment.objects.get(name="Dairy")
        set_segments(cast.carla, [made], by=cast.ana)
    ana.post(f"/contacts/segments/{made.pk}/", {"name": "Cows"})
    assert "Cows" in text_of(ana, "/contacts/")
    ana.post(f"/contacts/segments/{made.pk}/", {"_method": "DELETE"})
    with company(cast.dealer.id):
        assert not Segment.objects.exists()


def test_a_merge_is_shown_first_and_old_links_lead_on(cast: Cast, ana: Client) -> None:
    with company(cast.dealer.id):
        gone = create_contact(cast.dealer, name="C. Ruiz", address="carla@work.example")
    assert f"?with={gone.pk}" in text_of(ana, f"/contacts/{cast.carla.pk}/merge/?q=ruiz")
    preview = text_of(ana, f"/contacts/{cast.carla.pk}/merge/?with={gone.pk}")
    assert "carla@<wbr>work.example" in preview
    assert "cannot be undone" in preview
    ana.post(f"/contacts/{cast.carla.pk}/merge/", {"with": gone.pk})
    assert ana.get(f"/contacts/{gone.pk}/").headers["Location"] == f"/contacts/{cast.carla.pk}/"


def test_nobody_is_merged_with_another_companys_contact(cast: Cast, ana: Client) -> None:
    with company(cast.farm.id):
        foreign = create_contact(cast.farm, name="Greta")
    assert ana.post(f"/contacts/{cast.carla.pk}/merge/", {"with": foreign.pk}).status_code == 404
    assert ana.get(f"/contacts/{cast.carla.pk}/merge/?with={foreign.pk}").status_code == 404


def test_a_contact_is_deleted_and_its_ticket_stays_readable(cast: Cast, ana: Client, ticket: Ticket) -> None:
    assert "1 ticket stays" in text_of(ana, f"/contacts/{cast.carla.pk}/erasure/")
    ana.post(f"/contacts/{cast.carla.pk}/erasure/", {"texts": "1"})
    assert "Deleted contact" in text_of(ana, f"/tickets/{ticket.number}/")
    assert "Only the tickets are left" in text_of(ana, f"/contacts/{cast.carla.pk}/")
    assert "Deleted contact" not in text_of(ana, "/contacts/")
    assert ana.post(f"/contacts/{cast.carla.pk}/", WHOLE).status_code == 404


def test_files_leave_as_downloads(cast: Cast, ana: Client) -> None:
    sheet = ana.post("/contacts/export.csv", {"q": "carla"})
    assert sheet.headers["Content-Disposition"].startswith('attachment; filename="contacts-')
    assert CARLA in sheet.content.decode()
    archive = ana.post(f"/contacts/{cast.carla.pk}/person.zip")
    content = b"".join(archive.streaming_content)  # type: ignore[attr-defined]
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["person.json"]


def hand_in(client: Client, content: bytes, name: str = "people.csv") -> str:
    answer = client.post("/contacts/imports/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, answer.content
    return answer.headers["Location"]


def test_an_import_from_the_file_to_its_undoing(cast: Cast, ana: Client) -> None:
    path = hand_in(ana, b"Nombre;Correo;Color\nZenobia;zenobia@x.example;red\n=Bad;nonsense;blue\n")
    page = text_of(ana, path)
    assert "Zenobia" in page
    assert "“nonsense” is not an email address" in page
    chosen = {
        "encoding": "utf-8",
        "delimiter": ";",
        "has_header": "1",
        "policy": "fill",
        "new_segment": "Fair",
    }
    columns = {"column-0": "name", "column-1": "email", "column-2": ""}
    assert ana.post(path, {**chosen, **columns}).headers["Location"] == path  # looks again
    assert ana.post(path, {**chosen, **columns, "start": "1"}).headers["Location"] == path
    assert "hx-get" in text_of(ana, f"{path}progress/")
    while import_due():
        pass
    done = text_of(ana, path)
    assert "hx-get" not in done
    assert "2 of 2 rows" in done
    rows = ana.get(f"{path}rows.csv").content.decode("utf-8-sig").splitlines()
    assert rows == [
        "Row,Reason,Nombre,Correo,Color",
        "3,“nonsense” is not an email address that can be written to.,'=Bad,nonsense,blue",
    ]
    assert "Fair" in text_of(ana, "/contacts/?q=zenobia")
    ana.post(f"{path}undoing/")
    while import_due():
        pass
    assert "Undone" in text_of(ana, path)
    assert "Zenobia" not in text_of(ana, "/contacts/")


def test_a_file_is_read_in_another_way_when_its_letters_look_wrong(cast: Cast, ana: Client) -> None:
    path = hand_in(
        ana, "Nombre,Correo\nBego\N{LATIN SMALL LETTER N WITH TILDE}a,b@x.example\n".encode("cp850")
    )
    ana.post(path, {"encoding": "mac_roman", "delimiter": ","})
    assert "Begoña" not in text_of(ana, path)
    ana.post(path, {"encoding": "cp850", "delimiter": ","})
    assert "Begoña" in text_of(ana, path)
    assert ana.post(path, {"encoding": "rot13", "delimiter": ","}).status_code == 422


@pytest.mark.parametrize("content", [b"", b" \n \n"])
def test_an_empty_file_is_refused(ana: Client, content: bytes) -> None:
    answer = ana.post("/contacts/imports/", {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.status_code == 422
    assert ana.post("/contacts/imports/", {}).status_code == 422


def test_without_a_column_for_people_nothing_starts(cast: Cast, ana: Client) -> None:
    path = hand_in(ana, b"Colour,Weight\nred,7\n")
    answer = ana.post(
        path, {"encoding": "utf-8", "delimiter": ",", "has_header": "1", "policy": "skip", "start": "1"}
    )
    assert answer.status_code == 422
    assert "which column holds" in answer.content.decode()


def test_an_import_that_was_not_started_can_be_thrown_away(cast: Cast, ana: Client) -> None:
    path = hand_in(ana, b"Name\nEva\n")
    ana.post(path, {"_method": "DELETE"})
    assert ana.get(path).status_code == 404
    with company(cast.dealer.id):
        assert not ContactImport.objects.exists()


def test_a_running_import_is_told_that_it_cannot_be_started_twice(cast: Cast, ana: Client) -> None:
    with company(cast.dealer.id):
        source = begin(b"Name\nEva\n", "x.csv", by=cast.ana, now=timezone.now())
    form = {"encoding": "utf-8", "delimiter": ",", "has_header": "1", "policy": "skip", "column-0": "name"}
    ana.post(f"/contacts/imports/{source.pk}/", {**form, "start": "1"})
    again = ana.post(f"/contacts/imports/{source.pk}/", {**form, "start": "1"})
    assert again.status_code == 422
    assert "moved on" in again.content.decode()
