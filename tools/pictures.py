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
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Response, sync_playwright

from picture_scenes import Scene, all_scenes

CHECKOUT = Path(__file__).resolve().parent.parent
PICTURES = CHECKOUT / "pictures"
README_PICTURES = CHECKOUT / "docs" / "pictures"
README_ADVISOR = "tom@northfield.example"  # has a full desk and speaks English
README_LIMIT = 200_000
PATIENCE_MS = 30_000
START_SECONDS = 240
FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-gpu"]
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
THEMES = ("light", "dark")
LANGUAGES = {"es": "es-ES", "en": "en-GB"}


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
        Path(folder).chmod(0o711)  # root's PostgreSQL runs as another user, who must get through
        url, process = _start(Path(folder))
        try:
            _wait_until_ready(url, process, Path(folder) / "up.log")
            yield _first_desk(url, Path(folder), README_ADVISOR if options.readme else "")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


def _first_desk(url: str, folder: Path, whose: str) -> Desk:
    """The first of the demo's log-ins, or the one of this address."""
    logins = json.loads((folder / "demo-passwords.json").read_text("utf-8"))
    email, password = next((email, password) for _name, email, password in logins if whose in email)
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


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], said: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/account/login/", timeout=5):  # noqa: S310 (our own address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise SystemExit(f"The product did not start:\n{said.read_text('utf-8')[-2000:]}")


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
            for scene in all_scenes(page.context):
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
        page.set_viewport_size({"width": 1330, "height": 780})
        scenes = {scene.name: scene for scene in all_scenes(page.context)}
        kept = {"ticket": scenes["ticket"], "list": scenes["list-all"]}
        for name, scene in kept.items():
            _open(page, scene)
            page.screenshot(path=README_PICTURES / f"{name}.png")
    heavy = [name for name in kept if (README_PICTURES / f"{name}.png").stat().st_size > README_LIMIT]
    for name in heavy:
        print(f"too heavy: docs/pictures/{name}.png")
    return 1 if heavy else 0


if __name__ == "__main__":
    sys.exit(main())
