"""A worker is killed again and again while it imports contacts: each row is taken once, none is lost."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from emailhub.accounts.tenancy import company
from emailhub.desk.importing import imports
from emailhub.desk.importing.imports import Choices
from emailhub.desk.models import Contact, ContactEmail, ContactImport, ImportRow
from tests.cast import Cast
from tests.cli.installation import wait_until
from tests.faults.processes import Process
from tests.soak import scaled

pytestmark = pytest.mark.slow
BAD = {"address": "nobody@", "phone": "12ab34"}


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[list[Process]]:
    """Two, so that one goes on with what the other one let go."""
    made = [Process("worker", log=tmp_path / f"worker-{number}.log") for number in range(2)]
    yield made
    for process in made:
        process.end()


@pytest.mark.parametrize(
    ("rows", "bad", "blows"),
    [(1500, 50, 6), pytest.param(scaled(10_000), scaled(50), scaled(40), marks=pytest.mark.soak)],
    ids=["small", "full"],
)
def test_whoever_is_killed_all_good_rows_are_in_once_and_each_bad_one_is_named(
    committed_cast: Cast, workers: list[Process], rows: int, bad: int, blows: int
) -> None:
    chance = random.Random(7)
    bad_rows = set(chance.sample(range(2, rows + 2), bad))
    source = start(committed_cast, rows, bad_rows)
    seen = []
    for blow in range(blows):
        wait_until(lambda goal=rows * blow // (blows + 1): progress(committed_cast, source) >= goal)  # type: ignore[misc]
        seen.append(progress(committed_cast, source))
        time.sleep(chance.uniform(0, 0.3))  # so that the blow falls anywhere in a batch
        victim = chance.choice(workers)
        victim.kill()
        victim.start()
    wait_until(lambda: fresh(committed_cast, source).state == ContactImport.State.DONE)
    assert seen == sorted(seen)
    everything_is_in_once(committed_cast, source, rows, bad_rows)


def start(cast: Cast, rows: int, bad_rows: set[int]) -> ContactImport:
    lines = ["Nombre,Correo,Teléfono,Empresa", *(line(number, bad_rows) for number in range(2, rows + 2))]
    with company(cast.dealer.id):
        content = "\r\n".join(lines).encode("cp1252")
        source = imports.begin(content, "clientes.csv", by=cast.ana, now=timezone.now())
        imports.choose(source, Choices(source.mapping), by=cast.ana)
        imports.start(source, by=cast.ana, now=timezone.now())
    return source


def line(number: int, bad_rows: set[int]) -> str:
    address, phone = f"peña.{number}@farm{number % 90}.example".replace("ñ", "n"), f"6{number:08d}"
    if number in bad_rows:
        address, phone = (BAD["address"], phone) if number % 2 else (address, BAD["phone"])
    return f"Íñigo Peña {number},{address},{phone},Farm {number % 90}"


def fresh(cast: Cast, source: ContactImport) -> ContactImport:
    with company(cast.dealer.id):
        return ContactImport.objects.get(pk=source.pk)


def progress(cast: Cast, source: ContactImport) -> int:
    return fresh(cast, source).done_rows


def everything_is_in_once(cast: Cast, source: ContactImport, rows: int, bad_rows: set[int]) -> None:
    source = fresh(cast, source)
    with company(cast.dealer.id):
        of_file = ImportRow.objects.filter(contact_import=source)
        names = Counter(Contact.objects.exclude(pk=cast.carla.pk).values_list("name", flat=True))
        failed = {
            number: (reason, detail)
            for number, reason, detail in of_file.filter(state=ImportRow.State.FAILED).values_list(
                "number", "reason", "detail"
            )
        }
        numbers = sorted(of_file.values_list("number", flat=True))
        addresses = ContactEmail.objects.exclude(contact=cast.carla).count()
    assert numbers == list(range(2, rows + 2))
    assert names == Counter(f"Íñigo Peña {number}" for number in numbers if number not in bad_rows)
    assert addresses == rows - len(bad_rows)
    assert failed == {
        number: ("bad_address", BAD["address"]) if number % 2 else ("bad_phone", BAD["phone"])
        for number in bad_rows
    }
    assert (source.created, source.failed, source.total) == (rows - len(bad_rows), len(bad_rows), rows)
