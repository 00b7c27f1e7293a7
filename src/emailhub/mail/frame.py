"""The document of the frame in which a received mail is shown: no script, nothing from elsewhere."""

from __future__ import annotations

import re
from html import escape

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_STYLE = """
:root { color-scheme: light; }
html { background: #fff; color: #1b1b1b; }
body { margin: 0; padding: 2px 0; font: 14px/1.5 system-ui, -apple-system, "Segoe UI", Arial, sans-serif;
       overflow-wrap: anywhere; }
img { max-width: 100% !important; height: auto; }
img:not([src]) { display: inline-block; min-width: 1em; min-height: 1em; border: 1px dashed #b5b5b5; }
table { max-width: 100%; overflow-wrap: break-word; }
pre, .plain { white-space: pre-wrap; font-family: inherit; margin: 0; }
p { margin: 0 0 .7em; }
p.MsoNormal { margin: 0; }
blockquote { margin: .5em 0; padding-left: .8em; border-left: 2px solid #c9c9c9; }
.history > summary, .signature > summary { cursor: pointer; color: #555; background: #eef1f3;
                     display: inline-block; padding: 0 .8em; border-radius: 1em; margin: .4em 0;
                     font-size: 12px; list-style: none; }
"""


def frame_document(
    html: str,
    *,
    lang: str = "",
    history: str = "",
    history_label: str = "…",
    signature: str = "",
    signature_label: str = "--",
) -> str:
    """Return the whole document around sanitised HTML, in the language of the reader.

    `history` and `signature` (sanitised too) are folded under their labels, which the caller words.
    """
    language = f' lang="{lang}"' if _LANGUAGE.fullmatch(lang) else ""
    folded = _folded("signature", signature, signature_label) + _folded("history", history, history_label)
    return (
        f'<!doctype html><html{language}><head><meta charset="utf-8"><base target="_blank">'
        '<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
        f'<meta name="color-scheme" content="light"><title></title><style>{_STYLE}</style></head>'
        f'<body dir="auto">{html}{folded}</body></html>'
    )


def _folded(kind: str, html: str, label: str) -> str:
    if not html:
        return ""
    return f'<details class="{kind}"><summary>{escape(label)}</summary>{html}</details>'
