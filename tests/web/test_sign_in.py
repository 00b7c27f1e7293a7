"""W4, W6, W7 and W8: guesses, strangers, links in mails, fixed sessions, and where the door leads."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import hashers
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from emailhub import store
from emailhub.accounts.models import Advisor, Session, User
from emailhub.accounts.sessions import end_all_sessions
from emailhub.accounts.tenancy import company
from emailhub.delivery.models import OutgoingMessage
from emailhub.web.views import profiles
from tests.cast import PASSWORD, Cast

from .codes import code, give_app, wrong_code
from .conftest import SignIn

ANA, NOBODY = "ana@dealer.example", "nobody@dealer.example"
NEW = "another horse, another battery"


def strange_browser(address: str = "203.0.113.1") -> Client:
    return Client(headers={"host": "localhost"}, REMOTE_ADDR=address)


@pytest.fixture
def browser(db: None) -> Client:
    return strange_browser()


def guess(client: Client, password: str = "guess", email: str = ANA) -> bool:
    """Whether the password was tried and was right."""
    answer = client.post("/account/login/", {"login": email, "password": password})
    return answer.status_code == 302


def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that are compared with a stored one, or with nothing as slowly."""
    passwords: list[str] = []
    for name in ("check_password", "make_password"):
        really = getattr(hashers, name)

        def counted(
            password: str, *args: object, _really: Callable[..., object] = really, **kw: object
        ) -> object:
            passwords.append(password)
            return _really(password, *args, **kw)

        monkeypatch.setattr(f"django.contrib.auth.base_user.{name}", counted)
    return passwords


def at_once(number: int, work: Callable[[int], None]) -> None:
    """Do it from so many threads at the same time."""
    start = threading.Barrier(number)

    def one(index: int) -> None:
        start.wait()
        try:
            work(index)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class TestGuesses:
    def test_of_a_hundred_guesses_at_once_from_everywhere_ten_are_tried(
        self, committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """W6. Five threads of twenty: each has a connection of its own, as processes have."""
        passwords = tried(monkeypatch)

        def work(index: int) -> None:
            for number in range(20):
                guess(strange_browser(f"203.0.113.{20 * index + number}"), f"guess {index} {number}")

        at_once(5, work)
        assert 1 <= len(passwords) <= 10

    def test_the_eleventh_is_told_to_wait_even_if_it_is_right(self, cast: Cast) -> None:
        for number in range(10):
            guess(strange_browser(f"203.0.113.{number}"))
        page = strange_browser().post("/account/login/", {"login": ANA, "password": PASSWORD})
        assert "Too many failed attempts" in page.content.decode()

    def test_strangers_cannot_shut_out_the_owner(self, cast: Cast) -> None:
        """The owner's open session goes on, and the owner's browser gets in anew."""
        owner = strange_browser("198.51.100.9")
        assert guess(owner, PASSWORD)
        for number in range(30):
            guess(strange_browser(f"203.0.113.{number}"))
        assert owner.get("/tickets/").status_code == 200
        owner.post("/account/logout/")
        assert guess(owner, PASSWORD)

    def test_a_known_browser_has_ten_attempts_too(self, cast: Cast) -> None:
        owner = strange_browser()
        guess(owner, PASSWORD)
        owner.post("/account/logout/")
        for _ in range(10):
            guess(owner)
        assert not guess(owner, PASSWORD)

    def test_a_browser_is_known_to_its_owners_account_alone(self, cast: Cast) -> None:
        """Who has an account here has no more attempts at another's."""
        ben = strange_browser()
        guess(ben, PASSWORD, "ben@dealer.example")
        ben.post("/account/logout/")
        for number in range(10):
            guess(strange_browser(f"203.0.113.{number}"))
        assert not guess(ben, PASSWORD)

    def test_a_made_up_cookie_makes_no_browser_known(self, cast: Cast) -> None:
        for number in range(10):
            guess(strange_browser(f"203.0.113.{number}"))
        liar = strange_browser()
        liar.cookies["emailhub_browser"] = f'["name", [{cast.ana.user_id}]]'
        assert not guess(liar, PASSWORD)

    def test_a_new_password_by_mail_opens_the_door_again(
        self, cast: Cast, mailoutbox: list[EmailMessage]
    ) -> None:
        for number in range(10):
            guess(strange_browser(f"203.0.113.{number}"))
        owner = strange_browser()
        set_anew(owner, mailoutbox)
        assert guess(owner, NEW)

    def test_the_counts_are_not_pushed_out_by_other_counts(self, cast: Cast) -> None:
        """Django's cache in the database keeps 300 rows unless it is told otherwise."""
        for number in range(10):
            guess(strange_browser(f"203.0.113.{number}"))
        for number in range(1000):
            cache.set(f"zzz{number:04}", number, 900)  # the first in order go first
        assert not guess(strange_browser(), PASSWORD)

    def test_a_code_of_the_second_factor_is_guessed_ten_times_at_most(self, cast: Cast) -> None:
        give_app(cast.ana.user)
        browser = strange_browser()
        guess(browser, PASSWORD)
        for _ in range(10):
            browser.post("/account/second-factor/code/", {"code": wrong_code()})
        assert browser.post("/account/second-factor/code/", {"code": code()}).status_code == 200


def asked_for_new_password(email: str, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], int]:
    """The kinds of questions to the database, and how many files were stored."""
    stored: list[int] = []
    really = store.put
    monkeypatch.setattr(
        store, "put", lambda firm, content: (stored.append(len(content)), really(firm, content))[1]
    )
    client = strange_browser()
    client.get("/account/password/reset/")
    with CaptureQueriesContext(connection) as captured:
        client.post("/account/password/reset/", {"email": email})
    kinds = [" ".join(query["sql"].split()[:3]) for query in captured if '"cache"' not in query["sql"]]
    return kinds, len(stored)  # the counts of attempts begin with the first


class TestStrangersLearnNothing:
    def test_the_door_says_and_does_the_same_for_nobodys_address(
        self, cast: Cast, browser: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        passwords = tried(monkeypatch)
        pages = []
        for email in (ANA, NOBODY):
            page = browser.post("/account/login/", {"login": email, "password": "guess"}).content.decode()
            pages.append(re.sub(r'csrf\S+ value="\w+"|[\w-]+@dealer.example', "", page))
        assert pages[0] == pages[1]
        assert passwords == ["guess", "guess"]

    def test_a_new_password_costs_as_much_for_nobodys_address(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The same mail is written, composed and stored; it is taken back in the same commit."""
        monkeypatch.setattr(settings, "EMAIL_BACKEND", "emailhub.delivery.backend.OutboxBackend")
        known, known_files = asked_for_new_password(ANA, monkeypatch)
        unknown, unknown_files = asked_for_new_password(NOBODY, monkeypatch)
        assert known_files == unknown_files == 1
        inserts = [one for one in known if one.startswith("INSERT")]
        assert inserts
        assert inserts == [one for one in unknown if one.startswith("INSERT")]
        assert 0 <= len(unknown) - len(known) <= 12  # taking it back

    def test_of_a_mail_to_nobody_nothing_is_left(
        self, cast: Cast, browser: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(settings, "EMAIL_BACKEND", "emailhub.delivery.backend.OutboxBackend")
        files = settings.DATA_ROOT / "files"
        before = set(files.rglob("*")) if files.exists() else set()
        browser.post("/account/password/reset/", {"email": NOBODY})
        with company(cast.dealer.id):
            assert not OutgoingMessage.objects.exists()
        assert not [path for path in set(files.rglob("*")) - before if path.is_file()]


def link_in(mails: list[EmailMessage]) -> str:
    (link,) = re.findall(r"http://[^/\s]+(/account/password/reset/key/\S+)", str(mails[-1].body))
    return link


def set_anew(browser: Client, mails: list[EmailMessage]) -> None:
    browser.post("/account/password/reset/", {"email": ANA})
    page = browser.get(link_in(mails), follow=True)
    browser.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})


class TestLinks:
    def test_of_twenty_who_use_a_link_at_once_one_sets_the_password(
        self, committed_cast: Cast, mailoutbox: list[EmailMessage], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """W7. Looking at the link takes a while: all would get in who did not wait for each other."""
        strange_browser().post("/account/password/reset/", {"email": ANA})
        link, set_by = link_in(mailoutbox), []
        browsers = [strange_browser(f"203.0.113.{number}") for number in range(20)]
        forms = [browser.get(link, follow=True).redirect_chain[-1][0] for browser in browsers]

        really = PasswordResetTokenGenerator.check_token

        def look(*given: Any) -> bool:
            right: bool = really(*given)
            time.sleep(0.1)
            return right

        monkeypatch.setattr(PasswordResetTokenGenerator, "check_token", look)

        def work(index: int) -> None:
            new = f"another battery {index}"
            answer = browsers[index].post(forms[index], {"password1": new, "password2": new})
            if answer.status_code == 302:
                set_by.append(new)

        at_once(20, work)
        assert len(set_by) == 1
        assert User.objects.get(email=ANA).check_password(set_by[0])

    @pytest.mark.parametrize(
        "key", ["-", "null", "0", "%00", "None", "undefined", "[]", "set-password", "a-b", "{}", "x" * 500]
    )
    def test_a_key_that_was_never_given_opens_nothing(self, cast: Cast, browser: Client, key: str) -> None:
        for uid in ("1", "0", f"{cast.ana.user_id}", "zzzz"):
            page = browser.get(f"/account/password/reset/key/{uid}-{key}/", follow=True)
            assert page.status_code in (200, 404)
            assert 'name="password1"' not in page.content.decode()

    def test_the_key_leaves_the_address_at_once(
        self, cast: Cast, browser: Client, mailoutbox: list[EmailMessage]
    ) -> None:
        """So that no page of the form can hand it on as its referrer."""
        browser.post("/account/password/reset/", {"email": ANA})
        answer = browser.get(link_in(mailoutbox))
        assert answer.headers["Location"].endswith("-set-password/")
        assert answer.headers["Referrer-Policy"] == "same-origin"

    def test_a_new_password_ends_every_session(self, cast: Cast, mailoutbox: list[EmailMessage]) -> None:
        thief = strange_browser()
        guess(thief, PASSWORD)
        set_anew(strange_browser(), mailoutbox)
        assert thief.get("/tickets/").status_code == 302


class TestSessions:
    def test_signing_in_changes_the_key(self, cast: Cast, browser: Client) -> None:
        """W4: a key that somebody planted before is nobody's afterwards."""
        session = browser.session
        session["planted"] = True
        session.save()
        browser.cookies["emailhub_session"] = session.session_key or ""
        planted = browser.cookies["emailhub_session"].value
        guess(browser, PASSWORD)
        assert browser.cookies["emailhub_session"].value != planted
        victim = strange_browser()
        victim.cookies["emailhub_session"] = planted
        assert victim.get("/tickets/").status_code == 302

    def test_a_key_that_somebody_made_up_is_not_taken(self, cast: Cast, browser: Client) -> None:
        browser.cookies["emailhub_session"] = "a" * 32
        guess(browser, PASSWORD)
        assert browser.cookies["emailhub_session"].value != "a" * 32

    def test_changing_the_password_keeps_this_session_under_a_new_key(
        self, cast: Cast, sign_in: SignIn
    ) -> None:
        here, there = sign_in(cast.ana), sign_in(cast.ana)
        before = here.cookies["emailhub_session"].value
        form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        assert here.post("/account/password/change/", form).headers["Location"] == "/profile/#security"
        assert here.get("/tickets/").status_code == 200
        assert here.cookies["emailhub_session"].value != before
        assert there.get("/tickets/").status_code == 302

    def test_the_profile_lists_where_one_is_signed_in(self, cast: Cast, sign_in: SignIn) -> None:
        here, there = sign_in(cast.ana), sign_in(cast.ana)
        there.get("/tickets/", headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
        page = here.get("/profile/").content.decode()
        assert "Firefox, Linux" in page
        assert "This browser" in page
        assert page.count('action="/sessions/') == 3

    def test_one_session_is_signed_out_alone(self, cast: Cast, sign_in: SignIn) -> None:
        here, there, other = sign_in(cast.ana), sign_in(cast.ana), sign_in(cast.ben)
        there.get("/tickets/", REMOTE_ADDR="192.0.2.99")
        key = Session.objects.get(address="192.0.2.99").pk
        assert other.delete(f"/sessions/{key}/").status_code == 404
        here.post(f"/sessions/{key}/", {"_method": "DELETE"})
        answers = [client.get("/tickets/").status_code for client in (here, there, other)]
        assert answers == [200, 302, 200]

    def test_all_sessions_are_signed_out_this_one_too(self, cast: Cast, sign_in: SignIn) -> None:
        here, there, other = sign_in(cast.ana), sign_in(cast.ana), sign_in(cast.ben)
        assert here.post("/sessions/", {"_method": "DELETE"}).headers["Location"] == "/account/login/"
        assert [client.get("/tickets/").status_code for client in (here, there, other)] == [302, 302, 200]

    def test_who_is_signed_out_while_a_page_works_is_led_to_the_door(
        self, cast: Cast, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        really = profiles.set_signature

        def sign_out_meanwhile(advisor: Advisor, html: str) -> None:
            end_all_sessions(by=advisor.user)
            really(advisor, html)

        monkeypatch.setattr(profiles, "set_signature", sign_out_meanwhile)
        answer = sign_in(cast.ana).post("/profile/signature/", {"signature_text": "Ana"})
        assert answer.headers["Location"] == "/account/login/"


ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "HtTpS://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "ftp://evil.example",
    "mailto:eve@evil.example",
    "http://localhost@evil.example/",
    "http://localhost:pw@evil.example/",
    "http://localhost.evil.example/",
    "http://evil.example#localhost",
    "http://evil.example?localhost",
    "http://evil.example\\@localhost/",
    "http://[::1]@evil.example/",
    "http://[evil.example",
    "http://evil。example/",
    "http://ⓔvil.example/",
    "//evil%E3%80%82example",
    "\x00//evil.example",
    "\u2028//evil.example",
    "\ufeff//evil.example",
    "http:\\\\evil.example",
    "//%09/evil.example",
    "//;@evil.example",
    "//evil.example:80/",
    "//evil.example/..",
    "///\\;@evil.example",
    "https://evil.example/?next=/tickets/",
    "http://0x7f.1@evil.example",
    "//google.com/%2e%2e",
    "https://localhost:1@evil.example",
    "http://xn--vil-uma.example",
    "blob:https://evil.example/1",
    "about:blank",
    "file:///etc/passwd",
    "//\\evil.example",
    "/\\/evil.example",
    "/\r/evil.example",
    "https://evil.example%00.localhost/",
    "https://evil.example%20localhost/",
    "//localhost@evil.example",
    "//evil.example\\.localhost",
    "http://localhost%40evil.example@evil.example",
    "ws://evil.example",
]


@pytest.mark.parametrize("where", ELSEWHERE)
def test_the_door_leads_nowhere_else(cast: Cast, where: str) -> None:
    """W8: at the door, at its exit, and where the password is asked for again."""
    browser = strange_browser()
    answers = [
        browser.post("/account/login/", {"login": ANA, "password": PASSWORD, "next": where}),
        browser.post("/account/reauthenticate/", {"password": PASSWORD, "next": where}),
        browser.post("/language/", {"language": "es", "next": where}),
        browser.post("/account/logout/", {"next": where}),
    ]
    for answer in answers:
        assert answer.status_code in (302, 400)
        assert re.fullmatch(r"/(?![/\\])[\w/?=&#-]*", answer.headers.get("Location", "/")), answer.headers
