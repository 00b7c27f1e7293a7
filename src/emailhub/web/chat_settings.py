"""The addresses of a team's chat settings, beneath /manage/teams/."""

from django.urls import URLPattern, path

from .views import manage_chat


def patterns(check: manage_chat.Check) -> list[URLPattern]:
    """All of them; the gateway is asked by `check`, which this floor cannot import."""
    return [
        path("<int:team_id>/chat/", manage_chat.chat, {"check": check}, name="manage_chat"),
        path("<int:team_id>/chat/check/", manage_chat.chat_check, {"check": check}, name="manage_chat_check"),
    ]
