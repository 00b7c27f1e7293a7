"""The Content-Security-Policy of pages on which somebody writes."""

from __future__ import annotations

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update

# Pasted and quoted styles are invisible while writing without the first; pictures are shown before they
# are uploaded by the second. Scripts are held as everywhere.
lets_write = csp_update({"style-src-attr": [UNSAFE_INLINE], "img-src": ["blob:", "data:"]})
