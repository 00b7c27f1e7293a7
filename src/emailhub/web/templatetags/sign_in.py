"""What the door's pages ask."""

from __future__ import annotations

from typing import Any

from django import template

from ..single_sign_on import providers

register = template.Library()


@register.simple_tag
def sign_in_providers() -> list[dict[str, Any]]:
    """Who else may say who somebody is: a button each."""
    return providers()
