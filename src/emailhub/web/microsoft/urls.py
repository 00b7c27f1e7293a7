"""The guide's addresses, beneath /manage/."""

from django.urls import URLPattern, path

from . import views
from .link import Link


def patterns(link: Link) -> list[URLPattern]:
    """All of them; Microsoft is asked by `link`, which this floor cannot import."""
    beneath = "teams/<int:team_id>/emailhub/microsoft-365/"
    given = {"link": link}
    return [
        path(beneath, views.guide, given, name="hub_microsoft"),
        path(f"{beneath}sign-in/", views.sign_in, given, name="hub_microsoft_sign_in"),
        path(f"{beneath}consent/", views.consent, given, name="hub_microsoft_consent"),
        path(f"{beneath}mailbox/", views.mailbox, given, name="hub_microsoft_mailbox"),
        path(f"{beneath}restriction/", views.restriction, given, name="hub_microsoft_restriction"),
        path(f"{beneath}test/", views.test, given, name="hub_microsoft_test"),
        path(f"{beneath}sender/", views.sender, given, name="hub_microsoft_sender"),
        path(f"{beneath}after/", views.after, given, name="hub_microsoft_after"),
        path("microsoft-365/return/", views.come_back, given, name="microsoft_return"),
    ]
