"""/account/second-factor/: what somebody has set up, and the way to more."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import IndexView

from emailhub.accounts.second_factor import is_missing_anywhere


class SecondFactorView(IndexView):  # type: ignore[misc]
    """allauth's overview, which also says whether the company waits for a second factor."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "is_missing": is_missing_anywhere(self.request.user)}


second_factor = SecondFactorView.as_view()
