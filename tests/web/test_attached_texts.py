"""An attached file that is text, opened in place: its characters, and nothing that runs."""

from __future__ import annotations

import pytest
from django.test import Client

from emailhub.accounts.tenancy import company
from emailhub.desk.models import Ticket
from tests.cast import Cast

from . import desk


@pytest.mark.parametrize(
    ("name", "content_type", "content", "shown"),
    [
        ("a.csv", "text/csv", "Año;Peso\n2026;7".encode("cp1252"), "Año;Peso\n2026;7"),
        ("a.txt", "text/plain", "\ufeffÜber".encode("utf-16"), "Über"),
        ("a.html", "text/html", b"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("a.log", "application/octet-stream", b"</pre><img src=x onerror=alert(1)>", "&lt;/pre&gt;&lt;img"),
    ],
)
def test_its_characters_are_shown_under_the_policy_of_a_frame(
    ana: Client, cast: Cast, ticket: Ticket, name: str, content_type: str, content: bytes, shown: str
) -> None:
    with company(cast.dealer.id):
        file = desk.attach(desk.receive(ticket), name, content, content_type)
    url = f"/attachments/{file.public_id}/text/"
    assert f'src="{url}"' in ana.get("/tickets/1/").content.decode()
    answer = ana.get(url)
    body = answer.content.decode()
    assert shown in body and "<script" not in body and "<img" not in body
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "sandbox" in policy and "allow-scripts" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_what_is_no_text_is_only_downloaded(ana: Client, cast: Cast, ticket: Ticket) -> None:
    with company(cast.dealer.id):
        activity = desk.receive(ticket)
        files = [
            desk.attach(activity, "a.pdf", b"%PDF-1.7", "application/pdf"),
            desk.attach(activity, "a.txt", b"MZ\0\0\0", "text/plain"),
            desk.attach(activity, "book.txt", b"a" * 500_001, "text/plain"),
        ]
    for file in files:
        assert ana.get(f"/attachments/{file.public_id}/text/").status_code == 404
