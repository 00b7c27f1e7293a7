"""Take a picture of every page: light and dark, wide and narrow, in every language, into pictures/.

Without options the product is started with its demo on a folder of its own and ended at the end. Another
that runs already is photographed with --url, --email and --password (it must be a demo: drafts are written
and the advisor's language is changed). --only NAME... and --looks LOOK... take fewer; --readme takes the two
pictures of the README, into docs/pictures/.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

CHECKOUT = Path(__file__).resolve().parent.parent
PICTURES = CHECKOUT / "pictures"
README_PICTURES = CHECKOUT / "docs" / "pictures"
README_COMPANY = "northfield.example"  # it speaks English
README_LIMIT = 200 * 1024
PATIENCE_MS = 30_000
START_SECONDS = 240
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-gpu"]
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
THEMES = ("light", "dark")
LANGUAGES = {"es": "es-ES", "en": "en-GB"}

Prepare = Callable[[Page], None]


@dataclass(frozen=True)
class Desk:
    """A product that runs, and how to sign in to it."""

    url: str
    email: str
    password: str


@dataclass(frozen=True)
class Look:
    language: str
    theme: str
    size: str

    def __str__(self) -> str:
        return f"{self.language}-{self.theme}-{self.size}"


@dataclass(frozen=True)
class Scene:
    """A page, and what is done on it before the picture. `path` None: the demo has no such page."""

    name: str
    path: str | None
    prepare: Prepare | None = None
    signed_in: bool = True
    whole: bool = False  # the picture is as high as the page


LOOKS = [Look(language, theme, size) for language in LANGUAGES for theme in THEMES for size in SIZES]


def main() -> int:
    options = _options()
    with _product(options) as desk, _chromium() as browser:
        if options.readme:
            return _take_for_readme(browser, desk)
        missing = _take_all(browser, desk, options.only, options.looks)
    for name in sorted(missing):
        print(f"not in this demo: {name}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--url", help="of a product that runs")
    parser.add_argument("--email")
    parser.add_argument("--password")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME")
    parser.add_argument("--looks", nargs="+", default=[], metavar="LOOK", help="as es-light-wide")
    parser.add_argument("--readme", action="store_true")
    return parser.parse_args()


# --- The product and the browser ------------------------------------------------------------------


@contextmanager
def _product(options: argparse.Namespace) -> Iterator[Desk]:
    if options.url:
        yield Desk(options.url.rstrip("/"), options.email, options.password)
        return
    with tempfile.TemporaryDirectory(prefix="emailhub-pictures-") as folder:
        url, process = _start(Path(folder))
        try:
            _wait_until_ready(url, process)
            yield _first_desk(url, Path(folder), README_COMPANY if options.readme else "")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _first_desk(url: str, folder: Path, company: str) -> Desk:
    """The first of the demo's log-ins, or the first of a company's."""
    logins = json.loads((folder / "demo-passwords.json").read_text("utf-8"))
    email, password = next((email, password) for _name, email, password in logins if company in email)
    return Desk(url, email, password)


def _start(folder: Path) -> tuple[str, subprocess.Popen[bytes]]:
    """Start the product with its demo; what it says is kept in the folder."""
    port, smtp_port = _free_port(), _free_port()
    command = [
        sys.executable,
        "-m",
        "emailhub",
        "up",
        "--demo",
        "--port",
        str(port),
        "--smtp-port",
        str(smtp_port),
    ]
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=os.environ | {"EMAILHUB_DATA": str(folder)}, stdout=log, stderr=log
        )
    return f"http://127.0.0.1:{port}", process


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
        return number


def _wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/account/login/", timeout=5):  # noqa: S310 (our own address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit("The product did not start.")


@contextmanager
def _chromium() -> Iterator[Browser]:
    path = os.environ.get("EMAILHUB_CHROMIUM") or shutil.which("chromium")
    if path is None:
        raise SystemExit("Chromium is missing: run make test-tools")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def _eyes(browser: Browser, desk: Desk, look: Look, cookies: list[dict[str, object]]) -> Iterator[Page]:
    """A page of this look, signed in if there are cookies."""
    width, height = SIZES[look.size]
    context = browser.new_context(
        base_url=desk.url,
        viewport={"width": width, "height": height},
        color_scheme="dark" if look.theme == "dark" else "light",
        locale=LANGUAGES[look.language],
        has_touch=look.size == "narrow",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def _sign_in(browser: Browser, desk: Desk) -> list[dict[str, object]]:
    """The cookies of a session, opened once: the door counts attempts."""
    with _eyes(browser, desk, LOOKS[0], []) as page:
        page.goto("/account/login/")
        page.fill("[name=login]", desk.email)
        page.fill("[name=password]", desk.password)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/tickets/**")
        return [dict(cookie) for cookie in page.context.cookies()]


def _speak(page: Page, language: str) -> None:
    """Choose the advisor's language."""
    page.goto("/profile/")
    page.select_option("#id_language", language)
    page.locator("#id_language").evaluate("field => field.form.requestSubmit()")
    page.wait_for_function("lang => document.documentElement.lang === lang", arg=language)


# --- Taking ---------------------------------------------------------------------------------------


def _take_all(browser: Browser, desk: Desk, names: Sequence[str], looks: Sequence[str]) -> set[str]:
    """Take the pictures. Returns the names of the scenes that this demo does not have."""
    PICTURES.mkdir(exist_ok=True)
    cookies = _sign_in(browser, desk)
    missing: set[str] = set()
    for look in (look for look in LOOKS if not looks or str(look) in looks):
        with _eyes(browser, desk, look, cookies) as page, _eyes(browser, desk, look, []) as stranger:
            _speak(page, look.language)
            for scene in _scenes(page.context):
                if names and scene.name not in names:
                    continue
                if scene.path is None:
                    missing.add(scene.name)
                else:
                    _take(page if scene.signed_in else stranger, scene, look)
    return missing


def _take(page: Page, scene: Scene, look: Look) -> None:
    """Open the scene's page, prepare it and keep its picture."""
    width, height = SIZES[look.size]
    page.set_viewport_size({"width": width, "height": height})
    _open(page, scene)
    if scene.whole:
        needed = page.evaluate("(document.querySelector('.page-scroll') || document.body).scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, int(needed) + 40)})
    page.screenshot(path=PICTURES / f"{scene.name}--{look}.png")
    page.evaluate("sessionStorage.clear()")


def _open(page: Page, scene: Scene) -> None:
    assert scene.path is not None
    _settled(page, page.goto(scene.path))
    if scene.prepare:
        scene.prepare(page)
        page.wait_for_timeout(250)  # a menu's or a frame's last paint


def _settled(page: Page, response: Response | None) -> None:
    """Until scripts have dressed the page and the frames of the mails have their height."""
    assert response is not None
    page.wait_for_load_state("load")
    if page.locator("[data-composer] [data-form]:not([hidden])").count():
        page.locator(".rich-text, .composer.closed").first.wait_for(state="attached")
    page.wait_for_timeout(250)


def _take_for_readme(browser: Browser, desk: Desk) -> int:
    """The two pictures of the README, in English. Returns 1 if one is too heavy for it."""
    README_PICTURES.mkdir(exist_ok=True)
    look = Look("en", "light", "wide")
    with _eyes(browser, desk, look, _sign_in(browser, desk)) as page:
        _speak(page, look.language)
        page.set_viewport_size({"width": 1280, "height": 800})
        scenes = {scene.name: scene for scene in _scenes(page.context)}
        kept = {"ticket": scenes["ticket"], "list": scenes["list-all"]}
        for name, scene in kept.items():
            _open(page, scene)
            page.screenshot(path=README_PICTURES / f"{name}.png")
    heavy = [name for name in kept if (README_PICTURES / f"{name}.png").stat().st_size > README_LIMIT]
    for name in heavy:
        print(f"too heavy: docs/pictures/{name}.png")
    return 1 if heavy else 0


# --- Scenes ---------------------------------------------------------------------------------------


def _scenes(context: BrowserContext) -> list[Scene]:
    """All that there is to see in this demo."""
    tickets = _tickets(context)
    return [*_door(), *_lists(), *_of_tickets(tickets), *_pages(), *_failures()]


def _door() -> list[Scene]:
    return [
        Scene("sign-in", "/account/login/", signed_in=False),
        Scene("sign-in-wrong", "/account/login/", _fail_to_sign_in, signed_in=False),
        Scene("password-reset", "/account/password/reset/", signed_in=False),
        Scene("password-reset-sent", "/account/password/reset/done/", signed_in=False),
        Scene("password-reset-old-link", "/account/password/reset/key/x-y/", signed_in=False),
        Scene("password-change", "/account/password/change/"),
    ]


def _lists() -> list[Scene]:
    views = ("mine", "unassigned", "open", "waiting", "closed", "all")
    return [
        *(Scene(f"list-{view}", f"/tickets/?view={view}") for view in views),
        Scene("list-empty", "/tickets/?view=waiting&team=1&unanswered=1"),
        Scene("list-longest-waiting", "/tickets/?view=open&order=waiting"),
        Scene("list-sort-menu", "/tickets/", _opens("order-menu")),
        Scene("list-views-menu-narrow", "/tickets/", _opens("views-menu")),
        Scene("list-own-menu", "/tickets/", _opens("me-menu")),
        Scene("list-theme-menu", "/tickets/", _opens("theme-menu")),
        Scene("list-focus", "/tickets/?view=all", _focus_a_row),
    ]


def _of_tickets(tickets: dict[str, str]) -> list[Scene]:
    main = _best(tickets, ("message ours", "message note", 'class="event"', 'class="strip"', 'class="file'))
    first = main or next(iter(tickets), None)
    scenes = [
        Scene("ticket", first),
        Scene("ticket-composer-open", first, _opens_the_lines),
        Scene("ticket-writing", first, _writes),
        Scene("ticket-note-composer", first, lambda page: page.keyboard.press("n")),
        Scene("ticket-channel-menu", first, _opens("channel-menu")),
        Scene("ticket-send-menu", first, _opens("send-menu")),
        Scene("ticket-more-menu", first, _opens("more-menu")),
        Scene("ticket-assignee-menu", first, _opens("assignee-menu")),
        Scene("ticket-status-menu", first, _opens("status-menu")),
        Scene("ticket-message-menu", first, _opens("message-menu-")),
        Scene("ticket-trace", _with(tickets, 'id="trace-'), _opens("trace-")),
        Scene("ticket-envelope", first, lambda page: page.locator("details.to > summary").last.click()),
        Scene("ticket-editing-contact", first and f"{first}&tab=details", _edits_the_contact),
        Scene(
            "ticket-editing-subject", first, lambda page: page.locator("#ticket-subject [data-edit]").click()
        ),
        Scene("ticket-help", first, lambda page: page.keyboard.press("?")),
    ]
    tabs = [
        Scene(f"ticket-tab-{tab}", first and f"{first}&tab={tab}") for tab in ("contact", "files", "details")
    ]
    return [*scenes, *tabs, *_states(tickets)]


def _states(tickets: dict[str, str]) -> list[Scene]:
    """Tickets in a state that few are in."""
    return [
        Scene("ticket-not-delivered", _with(tickets, "message ours failed")),
        Scene("ticket-perhaps-sent", _with(tickets, '#i-help"/></svg>Quizá', '#i-help"/></svg>Perhaps')),
        Scene("ticket-no-files", _without(tickets, 'class="file'), None)
        if tickets
        else Scene("ticket-no-files", None),
        Scene("ticket-not-verified", _with(tickets, "#i-unshield")),
        Scene("ticket-images-blocked", _with(tickets, 'class="strip"')),
        Scene("ticket-closed", _with(tickets, "#i-open")),
    ]


def _pages() -> list[Scene]:
    return [
        Scene("new-ticket", "/tickets/new/", whole=True),
        Scene("new-ticket-addressed", "/tickets/new/", _addresses, whole=True),
        Scene("search", "/search/"),
        Scene("search-found", "/search/?q=filtro", whole=True),
        Scene("search-nothing", "/search/?q=zzyzx"),
        Scene("profile", "/profile/", whole=True),
        Scene("customers-mail", "/demo/mail/", whole=True),
        Scene("profile-wrong", "/profile/", _fails_to_save, whole=True),
    ]


def _failures() -> list[Scene]:
    return [
        Scene("not-found", "/tickets/999999/"),
        Scene("forbidden", "/profile/", _sends_an_old_form),
    ]


def _tickets(context: BrowserContext) -> dict[str, str]:
    """The demo's newest tickets: the page's path and its HTML."""
    listing = context.request.get("/tickets/?view=all").text()
    paths = re.findall(r'class="who cut" href="([^"]+)"', listing)
    return {
        path: context.request.get(path).text() for path in (found.replace("&amp;", "&") for found in paths)
    }


def _best(tickets: dict[str, str], marks: Sequence[str]) -> str | None:
    """The ticket whose page has the most of these marks."""
    return max(tickets, key=lambda path: sum(mark in tickets[path] for mark in marks), default=None)


def _with(tickets: dict[str, str], *marks: str) -> str | None:
    """The first ticket whose page has one of these marks."""
    return next((path for path, html in tickets.items() if any(mark in html for mark in marks)), None)


def _without(tickets: dict[str, str], mark: str) -> str | None:
    found = next((path for path, html in tickets.items() if mark not in html), None)
    return found and f"{found}&tab=files"


# --- What is done before a picture ----------------------------------------------------------------


def _opens(menu: str) -> Prepare:
    """Press the button that opens what has this id, if this look shows such a button."""

    def prepare(page: Page) -> None:
        button = page.locator(f'[popovertarget^="{menu}"]:visible').last
        if button.count():
            button.click()

    return prepare


def _focus_a_row(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")


def _fail_to_sign_in(page: Page) -> None:
    page.fill("[name=login]", "nobody@campoverde.example")
    page.fill("[name=password]", "wrong")
    page.press("[name=password]", "Enter")
    page.locator(".notice.danger").wait_for()


def _opens_the_lines(page: Page) -> None:
    page.evaluate("document.querySelector('#composer-email [data-lines]').open = true")


def _writes(page: Page) -> None:
    page.keyboard.press("r")
    page.keyboard.press("Control+a")
    page.keyboard.type("Buenos días:")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+b")
    page.keyboard.type("Mañana a las 8:30")
    page.keyboard.press("Control+b")
    page.keyboard.type(" estamos ahí con la pieza.")


def _edits_the_contact(page: Page) -> None:
    page.locator("button[data-edit]:visible").first.click()


def _addresses(page: Page) -> None:
    page.fill("#to", "joa")
    page.wait_for_timeout(700)


def _fails_to_save(page: Page) -> None:
    page.evaluate("document.querySelector('#id_name').removeAttribute('required')")
    page.fill("#id_name", "")
    page.locator("#id_name").evaluate("field => field.form.requestSubmit()")
    page.locator(".error").first.wait_for()


def _sends_an_old_form(page: Page) -> None:
    page.evaluate(
        "document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(field => field.value = '')"
    )
    page.locator("#id_name").evaluate("field => field.form.submit()")
    page.locator(".empty").wait_for()


if __name__ == "__main__":
    sys.exit(main())
