"""Received mail never runs: no frame of ours allows scripts, whatever template shows it."""

from __future__ import annotations

import re
from pathlib import Path

import emailhub

ROOT = Path(emailhub.__file__).parent
SOURCES = [
    path
    for kind in ("*.html", "*.js", "*.py")
    for path in sorted(ROOT.rglob(kind))
    if "vendor" not in path.parts
]
ALLOWED = {"allow-same-origin", "allow-popups", "allow-popups-to-escape-sandbox"}


def test_nothing_that_we_wrote_allows_scripts_in_a_frame() -> None:
    assert len(SOURCES) > 200
    assert [path for path in SOURCES if "allow-scripts" in _code(path)] == []


def _code(path: Path) -> str:
    """Without lines of comment, which may name what is not done."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith(("//", "#")))


def test_every_frame_is_a_sandbox_of_its_own_address() -> None:
    frames = [
        (path.name, frame)
        for path in SOURCES
        if path.suffix == ".html"
        for frame in re.findall(r"<iframe\b[^>]*>", path.read_text(encoding="utf-8"))
    ]
    assert frames
    for name, frame in frames:
        sandbox = re.search(r'sandbox="([^"]*)"', frame)
        assert sandbox, name
        assert set(sandbox[1].split()) <= ALLOWED, name
        assert "srcdoc" not in frame, name


def test_no_template_has_script_or_style_in_it() -> None:
    for path in SOURCES:
        if path.suffix != ".html":
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), path
        assert not re.search(r"<style\b|\sstyle=[\"']|\son[a-z]+=[\"']", text), path
