"""W3, W9, W10, W11: foreign tokens, secrets in logs, what requests claim, words that mean more in SQL."""

from __future__ import annotations

import io
import logging
import re
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.test import Client

from emailhub.accounts.tenancy import company
from emailhub.cli import logs
from emailhub.desk.contacts import create_contact
from emailhub.desk.models import Ticket
from emailhub.web.views import profiles
from tests.cast import PASSWORD, Cast
from tests.conftest import as_owner

from . import desk
from .codes import SECRET, code, give_app

STRANGE = "canary-9b1f-another-companys"


def browser(**options: bool) -> Client:
    return Client(headers={"host": "localhost"}, **options)


def whole_database() -> str:
    """Every row but the hashes of passwords, which are for whoever steals them to break."""
    with as_owner() as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return "".join(
            str(owner.execute(f'SELECT t::text FROM "{table}" t').fetchall())  # type: ignore[arg-type]
            for (table,) in tables
        )


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the product's log says, as it is written."""
    root, written = logging.getLogger(), io.StringIO()
    before = (root.handlers[:], root.level)
    monkeypatch.setattr(sys, "stderr", written)
    logs.configure()
    yield written
    root.handlers[:] = before[0]
    root.setLevel(before[1])


class TestSecrets:
    """W9: canaries are planted where secrets go, and looked for where they must not be."""

    def test_neither_logs_nor_pages_nor_the_database_keep_one(
        self,
        committed_cast: Cast,
        mailoutbox: list[EmailMessage],
        log: io.StringIO,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        cast = committed_cast
        give_app(cast.ben.user)
        canaries = {"typed": "canary-typed-5d2c", "chosen": "canary-chosen-77aa", "secret": SECRET}
        client = browser(raise_request_exception=False)
        pages = [
            client.post("/account/login/", {"login": "ana@dealer.example", "password": canaries["typed"]})
        ]
        client.post("/account/password/reset/", {"email": "ana@dealer.example"})
        (link,) = re.findall(r"http://[^/\s]+(/account/password/reset/key/\S+)", str(mailoutbox[0].body))
        canaries["link"] = link.strip("/").split("/")[-1].split("-", 1)[1]
        pages += self._fail_everywhere(client, link, canaries, monkeypatch)
        canaries["session"] = client.cookies["emailhub_session"].value
        canaries["known browser"] = client.cookies["emailhub_browser"].value
        kept = {
            "log": log.getvalue(),
            "pages": "".join(page.content.decode() for page in pages),
            "database": whole_database(),
        }
        found = [(place, name) for place in kept for name in canaries if canaries[name] in kept[place]]
        assert found == []
        assert "ZeroDivisionError" in kept["log"]

    def _fail_everywhere(
        self, client: Client, link: str, canaries: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> list[object]:
        """Errors of ours, at the pages to which secrets are sent."""
        form = client.get(link, follow=True).redirect_chain[-1][0]
        chosen = {"password1": canaries["chosen"], "password2": canaries["chosen"]}

        def fail(*_: object, **__: object) -> None:
            raise ZeroDivisionError

        with monkeypatch.context() as patched:
            patched.setattr("emailhub.web.sign_in_forms.OneUseTokenForm._get_user", fail)
            pages = [client.get(link), client.post(form, chosen)]
        assert [page.status_code for page in pages] == [500, 500]
        client.post("/account/login/", {"login": "ben@dealer.example", "password": PASSWORD})
        client.post("/account/second-factor/code/", {"code": code()})
        with monkeypatch.context() as patched:
            patched.setattr(profiles, "security_of", fail)
            pages.append(client.get("/profile/"))
        assert pages[-1].status_code == 500
        return [*pages]

    def test_a_link_is_not_told_to_the_log_of_what_is_missing(self, cast: Cast, log: io.StringIO) -> None:
        for path in ("account/password/reset/key/1-canary-key", "account/email/confirmation/canary-key"):
            browser().get(f"/{path}/more/")
            browser().post(f"/{path}/")
        assert "/email/confirmation/" in log.getvalue()
        assert "canary-key" not in log.getvalue()


class TestForms:
    """W3, beside the routes: tokens of others, and what the browser is told about cookies."""

    def test_the_token_of_somebody_else_is_refused(self, cast: Cast) -> None:
        client, thief = browser(enforce_csrf_checks=True), browser()
        client.force_login(cast.ana.user)
        client.get("/profile/")
        thief.force_login(cast.ben.user)
        token = thief.get("/profile/").cookies["emailhub_csrf"].value
        form = {"name": "Other", "language": "en", "time_zone": "UTC", "csrfmiddlewaretoken": token}
        assert client.post("/profile/", form).status_code == 403
        form["csrfmiddlewaretoken"] = client.cookies["emailhub_csrf"].value
        assert client.post("/profile/", form).status_code != 403

    def test_cookies_stay_from_scripts_and_from_forms_elsewhere(self, cast: Cast) -> None:
        answer = browser().post("/account/login/", {"login": "ana@dealer.example", "password": PASSWORD})
        for name in ("emailhub_session", "emailhub_browser"):
            assert answer.cookies[name]["httponly"]
            assert answer.cookies[name]["samesite"] == "Lax"


class TestClaims:
    """W10: what a request says of itself."""

    @pytest.mark.parametrize(
        "host",
        [
            "evil.example",
            "localhost.evil.example",
            "localhost@evil.example",
            "localhost:x",
            "evil.example:80",
        ],
    )
    def test_another_host_is_answered_by_nothing(self, cast: Cast, host: str) -> None:
        answer = browser().get("/account/login/", headers={"host": host})
        assert answer.status_code == 400
        assert "evil" not in answer.content.decode()

    def test_links_in_mails_name_our_own_host_whatever_is_forwarded(
        self, cast: Cast, mailoutbox: list[EmailMessage]
    ) -> None:
        headers = {
            "x-forwarded-host": "evil.example",
            "forwarded": "host=evil.example",
            "x-host": "evil.example",
        }
        browser().post("/account/password/reset/", {"email": "ana@dealer.example"}, headers=headers)
        assert f"{settings.URL}/account/password/reset/key/" in str(mailoutbox[0].body)
        assert "evil.example" not in str(mailoutbox[0].message())

    def test_a_client_cannot_give_itself_another_address(self, cast: Cast) -> None:
        """Or each guess would come from elsewhere. The web server reads the header of known proxies only."""
        for number in range(40):
            browser().post(
                "/account/login/",
                {"login": f"user{number}@dealer.example", "password": "guess"},
                headers={"x-forwarded-for": f"203.0.113.{number}", "x-real-ip": f"203.0.113.{number}"},
            )
        answer = browser().post("/account/login/", {"login": "ana@dealer.example", "password": PASSWORD})
        assert answer.status_code == 429

    def test_no_header_makes_a_plain_connection_a_safe_one(self, cast: Cast) -> None:
        answer = browser().get(
            "/account/login/", headers={"x-forwarded-proto": "https", "x-forwarded-ssl": "on"}
        )
        assert "Strict-Transport-Security" not in answer.headers
        assert not answer.wsgi_request.is_secure()

    @pytest.mark.parametrize(
        "path",
        [
            "/static/../settings.py",
            "/static/%2e%2e/settings.py",
            "/static/..%2fsettings.py",
            "/static/....//settings.py",
            "/static//etc/passwd",
            "/static/%00/etc/passwd",
            "/static/emailhub/..%5c..%5csettings.py",
        ],
    )
    def test_no_path_leads_out_of_the_static_files(self, cast: Cast, path: str) -> None:
        answer = browser().get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert answer.status_code in (301, 302, 400, 404)
        assert b"SECRET_KEY" not in body
        assert b"root:" not in body


QUOTES = ["'", '"', "')", "'))", "';", "`", "\\'", "''", "%27", "\u02bc", "\uff07"]
TAILS = [
    " OR 1=1--",
    " OR 'a'='a",
    " UNION SELECT NULL,NULL--",
    " AND 1=(SELECT COUNT(*) FROM accounts_user)--",
    "; DROP TABLE accounts_user;--",
    "; SELECT pg_sleep(9)--",
    "||(SELECT password FROM accounts_user LIMIT 1)||",
    "; COPY accounts_user TO '/tmp/x';--",
    ") FROM pg_sleep(9)--",
]
ALONE = [
    "%",
    "_",
    "\\",
    "%%%",
    "{{7*7}}",
    "${7*7}",
    "{%debug%}",
    "*:*",
    "a & | !",
    "<->",
    "1/0",
    "-1",
    "NaN",
    "\ufeff",
]
PAYLOADS = [quote + tail for quote in QUOTES for tail in TAILS] + ALONE
ADDRESSES = [
    "/search/?q={}",
    "/tickets/?view={}",
    "/tickets/?team={}",
    "/tickets/?order={}",
    "/tickets/?page={}&after={}",
    "/tickets/rows/?view=all&after={}",
    "/people/?q={}",
    "/contacts/?q={}",
    "/contacts/?order={}&segment={}",
]


class TestWords:
    """W11: a hundred words on each page that looks something up. Each is looked up as it stands."""

    @pytest.fixture
    def scene(self, committed_cast: Cast) -> Cast:
        with company(committed_cast.farm.id):
            stranger = create_contact(committed_cast.farm, name=STRANGE, address="x@farm-customer.example")
            desk.open_ticket(committed_cast.office, stranger, STRANGE)
        with company(committed_cast.dealer.id):
            desk.receive(desk.open_ticket(committed_cast.service, committed_cast.carla))
        return committed_cast

    @pytest.mark.parametrize("address", ADDRESSES)
    def test_nothing_breaks_and_nothing_of_others_is_shown(self, scene: Cast, address: str) -> None:
        client = browser()
        client.force_login(scene.ana.user)
        for payload in PAYLOADS if "search" in address else PAYLOADS[len(address) % 4 :: 4]:
            answer = client.get(address.replace("{}", "%s") % ((payload,) * address.count("{}")))
            assert answer.status_code < 500, payload
            assert STRANGE not in answer.content.decode(), payload
        with company(scene.dealer.id):
            assert Ticket.objects.count() == 1

    def test_the_door_looks_them_up_as_they_stand(self, scene: Cast) -> None:
        client = browser()
        for number, payload in enumerate(PAYLOADS[::3]):
            client.defaults["REMOTE_ADDR"] = f"203.0.113.{number}"
            login = f'"{payload}"@dealer.example' if number % 2 else f"{payload}@dealer.example"
            answer = client.post("/account/login/", {"login": login, "password": payload})
            assert answer.status_code == 200
