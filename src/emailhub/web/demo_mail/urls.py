"""The addresses of the customers' side, beneath /demo/mail/."""

from django.urls import URLPattern, path

from . import views


def patterns(post: views.Post) -> list[URLPattern]:
    """All of them; letters leave by `post`, which this floor cannot import."""
    return [
        path("", views.page, name="demo_mail"),
        path("letters/", views.letters, {"post": post}, name="demo_mail_letters"),
        path("outcome/", views.outcome, name="demo_mail_outcome"),
        path("tour/", views.tour, name="demo_mail_tour"),
        path("<int:outgoing_id>/body/", views.body, name="demo_mail_body"),
        path("<int:outgoing_id>/source/", views.source, name="demo_mail_source"),
        path("<int:outgoing_id>/parts/<int:number>/", views.part, name="demo_mail_part"),
    ]
