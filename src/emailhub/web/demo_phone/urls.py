"""The addresses of the customers' phones, beneath /demo/phone/."""

from django.urls import URLPattern, path

from . import views


def patterns(play: views.Play) -> list[URLPattern]:
    """All of them; texts leave by `play`, which this floor cannot import."""
    return [
        path("", views.page, name="demo_phone"),
        path("conversation/", views.conversation, name="demo_phone_conversation"),
        path("texts/", views.texts, {"play": play}, name="demo_phone_texts"),
    ]
