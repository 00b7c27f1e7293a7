"""Every address of the product."""

from django.urls import include, path

urlpatterns = [
    path("", include("emailhub.web.urls")),
]

handler403 = "emailhub.web.failures.forbidden"
handler404 = "emailhub.web.failures.not_found"
handler500 = "emailhub.web.failures.broken"
