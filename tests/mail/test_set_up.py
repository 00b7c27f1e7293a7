"""Confirmations of forwards: recognised in several languages, and not mistaken for, or by, anything else."""

from __future__ import annotations

import pytest

from emailhub import mail
from emailhub.mail import Confirmation
from tests.letters import letter

US = "service.dealer@inbox.example"
GMAIL = "Gmail Team <forwarding-noreply@google.com>"
LINK = "https://mail-settings.google.com/mail/vf-%5BANGjdJ8x1k-1a2B3c4D5e%5D-Qw3rTy"
CANCEL = "https://mail-settings.google.com/mail/uf-%5BANGjdJ_9zZz%5D-cAnCeL0123456"
ENGLISH = f"""support@dealership.example has requested to automatically forward mail to your email
address {US}.
Confirmation code: 318844872

To allow support@dealership.example to automatically forward mail to your address, please click the
link below to confirm the request:

{LINK}

If you accidentally clicked the link, but you do not want to allow it, click this link to cancel:
{CANCEL}

Learn more: https://support.google.com/mail/bin/answer.py?answer=184973
"""
SPANISH = f"""soporte@concesionario.example ha solicitado el reenvío automático de mensajes a tu
dirección de correo electrónico {US}.
Código de confirmación: 318844872

Para permitir que soporte@concesionario.example reenvíe automáticamente mensajes a tu dirección,
haz clic en el enlace siguiente para confirmar la solicitud:

{LINK}
"""


def asked(raw: bytes) -> Confirmation | None:
    return mail.forwarding_confirmation(mail.parse(raw))


@pytest.mark.parametrize(
    ("subject", "text", "address"),
    [
        (
            "(#318844872) Gmail Forwarding Confirmation - Receive Mail from support@dealership.example",
            ENGLISH,
            "support@dealership.example",
        ),
        (
            "Gmail Forwarding Confirmation - Receive Mail from support@dealership.example (#318844872)",
            ENGLISH,
            "support@dealership.example",
        ),
        (
            "(#318844872) Confirmación de reenvío de Gmail: Recibir correo de soporte@concesionario.example",
            SPANISH,
            "soporte@concesionario.example",
        ),
    ],
)
def test_gmail_asks_with_a_code_and_a_link(subject: str, text: str, address: str) -> None:
    assert asked(letter(GMAIL, to=US, subject=subject, text=text)) == Confirmation(
        "Gmail", address, "318844872", LINK
    )


@pytest.mark.parametrize(
    "subject",
    [
        "(#1234567) Confirmação de encaminhamento do Gmail",
        "(#1234567) Gmail-Weiterleitungsbestätigung",
        "(#1234567) Conferma di inoltro Gmail",
        "(#1234567) Confirmation de transfert Gmail",
    ],
)
def test_gmail_asks_in_other_languages(subject: str) -> None:
    found = asked(letter(GMAIL, to=US, subject=subject, text=LINK))
    assert found is not None
    assert found.code == "1234567"


def test_the_link_is_found_in_html_alone() -> None:
    html = f'<p>Confirm: <a href="{LINK}&amp;x=1">here</a></p>'
    raw = letter(GMAIL, to=US, subject="Gmail Forwarding Confirmation", text="", html=html)
    found = asked(raw)
    assert found is not None
    assert found.link == f"{LINK}&x=1"


def test_zoho_and_yahoo_ask_by_a_code() -> None:
    zoho = letter(
        "Zoho Mail <noreply@zohomail.com>",
        to=US,
        subject="Confirm email forwarding",
        text="Use the verification code 482913 to confirm forwarding from ana@firm.example",
    )
    assert asked(zoho) == Confirmation("Zoho Mail", "ana@firm.example", "482913")
    yahoo = letter(
        "Yahoo <no-reply@cc.yahoo-inc.com>",
        to=US,
        subject="Verify your forwarding address",
        text="Code: 8123",
    )
    found = asked(yahoo)
    assert found is not None
    assert (found.provider, found.code) == ("Yahoo Mail", "8123")


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/mail/vf-%5BANGjdJ8x1k-1a2B3c4D5e%5D",
        "https://mail.google.com.evil.example/mail/vf-%5BANGjdJ8x1k-1a2B3c4D5e%5D",
        "https://evil.example\\@mail.google.com/mail/vf-%5BANGjdJ8x1k-1a2B3c4D5e%5D",
        "https://mail.google.com@evil.example/mail/vf-%5BANGjdJ8x1k-1a2B3c4D5e%5D",
        "http://mail.google.com/mail/vf-%5BANGjdJ8x1k-1a2B3c4D5e%5D",
        "javascript:alert(1)//mail.google.com/mail/vf-%5BANGjdJ8x1k-1a2B3c4D5e",
    ],
)
def test_a_link_that_leads_elsewhere_is_never_shown(link: str) -> None:
    raw = letter(GMAIL, to=US, subject="(#318844872) Gmail Forwarding Confirmation", text=f"Click {link}")
    found = asked(raw)
    assert found is not None
    assert found.link == ""


@pytest.mark.parametrize(
    "raw",
    [
        letter("carla@farm.example", subject="(#318844872) Gmail Forwarding Confirmation", text=ENGLISH),
        letter(
            "forwarding-noreply@google.com.evil.example",
            subject="Gmail Forwarding Confirmation",
            text=ENGLISH,
        ),
        letter(GMAIL, subject="Security alert", text=ENGLISH),
        letter(GMAIL, subject="Gmail Forwarding Confirmation", text="Thank you."),
        letter("noreply@zohomail.com", subject="We look forward to see you", text="Come and visit us"),
    ],
)
def test_other_mail_is_no_confirmation(raw: bytes) -> None:
    assert asked(raw) is None


def test_a_hostile_body_takes_no_time() -> None:
    for filling in ("https://", "a@" * 3, "(#", "code " * 2, "< " * 2):
        raw = letter(GMAIL, subject="Gmail Forwarding Confirmation", text=filling * 20_000)
        asked(raw)
