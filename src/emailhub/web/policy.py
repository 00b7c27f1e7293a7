"""The Content-Security-Policy of pages on which somebody writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, cast

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpResponse

from .requests import AdvisorRequest

P = ParamSpec("P")

# Pasted and quoted styles are invisible while writing without the first; pictures are shown before they
# are uploaded by the second. Scripts are held as everywhere.
_WRITING = {"style-src-attr": [UNSAFE_INLINE], "img-src": ["blob:", "data:"]}


def lets_write(view: Callable[Concatenate[AdvisorRequest, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorate a view whose page has the rich editor."""
    return cast(Callable[..., HttpResponse], csp_update(_WRITING)(cast(Any, view)))
