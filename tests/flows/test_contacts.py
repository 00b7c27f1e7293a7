"""Contacts in the browser: a new name goes round without a reload, a file is imported before one's eyes."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from emailhub.accounts.tenancy import company
from emailhub.desk.contacts import create_contact
from emailhub.desk.models import Contact
from emailhub.desk.segments import create_segment
from tests.cast import Cast
from tests.letters import letter

from .browser import ready_composer
from .conftest import OpenDesk
from .mails import CARLA
from .product import Product
from .test_accessibility import examine_all

RECEIVERS = "#composer-email [data-receivers]"


def test_a_contacts_new_name_is_in_the_list_and_in_the_composer_at_once(
    product: Product, people: Cast, desk_of: OpenDesk
) -> None:
    """Both kept the old name until the page was loaded again, also for who had changed it."""
    product.mail(letter(CARLA, subject="The pump leaks"))
    product.wait_until_idle()
    ben, ana = (desk_of(advisor, "/tickets/1/") for advisor in (people.ben, people.ana))
    for page in (ben, ana):
        ready_composer(page)
    ben.locator("#contact-card [data-edit]").first.click()
    ben.locator("#contact-name").fill("Carla Ruiz de Arana")
    ben.locator("#contact-card form button.primary").click()
    for page in (ben, ana):
        _shows(page, "Carla Ruiz de Arana")
    ben.locator("#contact-card [data-edit]").first.click()
    ben.locator("#contact-card [data-add-row=phone]").click()
    ben.locator("#contact-card input[name=phone]").last.fill("12ab34")
    ben.locator("#contact-card form button.primary").click()
    expect(ben.locator("#contact-card [role=alert]")).to_contain_text("“12ab34” is not a phone number")


def _shows(page: Page, name: str) -> None:
    expect(page.locator("#rows a.who").first).to_have_text(name)
    expect(page.locator(RECEIVERS)).to_contain_text(name)
    expect(page.locator("[data-chip=to]")).to_contain_text(name)


def test_a_file_is_looked_at_imported_and_undone(
    product: Product, people: Cast, desk_of: OpenDesk, tmp_path: Path
) -> None:
    lines = ["Nombre;Correo;Teléfono", *(f"Íñigo {n};inigo{n}@huerta.example;6{n:08d}" for n in range(300))]
    lines[7], lines[90] = "Bad;nobody@;", "Worse;;12ab34"
    file = tmp_path / "clientes.csv"
    file.write_bytes("\r\n".join(lines).encode("cp1252"))
    page = desk_of(people.ana, "/contacts/imports/")
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("cell", name="Íñigo 0")).to_be_visible()
    page.get_by_role("button", name="Import 300 rows").click()
    _comes_by_itself(page, "300 of 300 rows", "Imported")
    rows = page.locator("section", has=page.locator("#rows")).locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("8")
    expect(rows.first).to_contain_text("“nobody@” is not an email address")
    page.get_by_role("button", name="Undo this import").click()
    page.get_by_role("button", name="Undo", exact=True).click()
    _comes_by_itself(page, "298 of 298 rows", "Undone")
    with company(people.dealer.id):
        assert list(Contact.objects.values_list("name", flat=True)) == ["Carla Ruiz"]


def _comes_by_itself(page: Page, *words: str) -> None:
    for word in words:
        expect(page.locator("#progress")).to_contain_text(word)


def test_the_contacts_pages_are_open_to_all(product: Product, people: Cast, desk_of: OpenDesk) -> None:
    with company(people.dealer.id):
        create_segment(people.dealer, "Dairy", by=people.ana)
        other = create_contact(people.dealer, name="C. Ruiz", address="carla@work.example")
    carla = f"/contacts/{people.carla.pk}/"
    paths = (
        "/contacts/",
        "/contacts/?q=zzyzx",
        "/contacts/new/",
        "/contacts/segments/",
        "/contacts/imports/",
        carla,
        f"{carla}merge/?q=ruiz",
        f"{carla}merge/?with={other.pk}",
        f"{carla}erasure/",
    )
    examine_all(product, desk_of(people.ana), paths)
