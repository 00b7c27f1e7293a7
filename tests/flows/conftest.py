"""The running product on this run's database, Chromium, and advisors at their desks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from emailhub.accounts.models import Advisor
from tests.cast import Cast

from .browser import PATIENCE_MS, Harm, find_chromium, launched, sign_in_directly
from .product import Product, running

OpenDesk = Callable[..., Page]
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def product_for_all(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with running(tmp_path_factory.mktemp("product")) as product:
        yield product


@dataclass(frozen=True)
class Stage:
    """The product with the cast in its database, and nothing else."""

    product: Product
    cast: Cast


@pytest.fixture
def stage(product_for_all: Product, committed_cast: Cast) -> Iterator[Stage]:
    product_for_all.sink.mails.clear()
    product_for_all.sink.commands.clear()
    yield Stage(product_for_all, committed_cast)
    product_for_all.wait_until_idle()  # or emptying the tables would wait for the worker, and it for us


@pytest.fixture
def product(stage: Stage) -> Product:
    return stage.product


@pytest.fixture
def people(stage: Stage) -> Cast:
    """The cast, committed."""
    return stage.cast


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium. One a module: its event loop must not run while other tests use asyncio."""
    if find_chromium() is None:
        assert not os.environ.get("CI"), "Chromium is missing: run make test-tools"
        pytest.skip("Chromium is missing: run make test-tools")
    with launched() as browser:
        yield browser


@pytest.fixture
def harm(product: Product) -> Harm:
    return Harm(product.url)


@pytest.fixture
def desk_of(browser: Browser, product: Product, harm: Harm) -> Iterator[OpenDesk]:
    """Open a page as this advisor (None: as nobody). At the end no page may have done or met harm."""
    contexts = []

    def open_desk(advisor: Advisor | None, path: str = "/tickets/", **options: object) -> Page:
        size = {"width": 1440, "height": 900}
        context = browser.new_context(**{"viewport": size, "locale": "en-GB", **options})  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        harm.watch(context)
        if advisor is not None:
            sign_in_directly(context, product, advisor)
        page = context.new_page()
        page.goto(product.url + path)
        return page

    yield open_desk
    for context in contexts:
        context.close()
    assert not harm.everything
