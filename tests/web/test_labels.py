"""The labels of the plan, to the letter: its readers recognise every control in Spanish and English."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "emailhub"
TEMPLATES = PACKAGE / "web"
LABELS = {
    "All activity": "Toda la actividad",
    "Email signature": "Firma de email",
    "User profile": "Perfil de usuario",
    "Manage": "Administrar",
    "EmailHub addresses": "Direcciones de EmailHub",
    "Set as sender address": "Establecer como dirección del remitente",
    "Display name": "Nombre para mostrar",
    "Accept email only from known contacts": "Aceptar correo electrónico solo de contactos conocidos",
    "Use display name in auto-replies": "Usar nombre para mostrar en respuestas automáticas",
    "EmailHub rules": "Reglas de EmailHub",
    "Ignore": "Ignorar",
    "Route to team": "Ruta al equipo",
    "Route to advisor": "Ruta al asesor",
    "Create a new ticket": "Crear un ticket nuevo",
}


@pytest.fixture(scope="module")
def spanish() -> dict[str, str]:
    entries = polib.pofile(str(PACKAGE / "locale" / "es" / "LC_MESSAGES" / "django.po"))
    return {entry.msgid: entry.msgstr for entry in entries if not entry.msgctxt}


@pytest.fixture(scope="module")
def sources() -> str:
    files = (path for kind in ("*.html", "*.py") for path in TEMPLATES.rglob(kind))
    return "\n".join(path.read_text("utf-8") for path in files)


@pytest.mark.parametrize("label", LABELS)
def test_a_label_of_the_plan_is_on_a_page_and_has_the_plan_s_spanish(
    label: str, spanish: dict[str, str], sources: str
) -> None:
    assert f'"{label}"' in sources or f"'{label}'" in sources
    assert spanish[label] == LABELS[label]
