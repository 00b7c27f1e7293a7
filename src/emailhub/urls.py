"""Every address of the product."""

from django.urls import include, path

from emailhub.channels.demo.post import post
from emailhub.web.demo_mail.urls import patterns as demo_mail

urlpatterns = [
    path("", include("emailhub.web.urls")),
    path("webhooks/texting/", include("emailhub.channels.texting.urls")),
    path("webhooks/graph/", include("emailhub.channels.graph.urls")),
    path("demo/mail/", include(demo_mail(post))),
]

handler400 = "emailhub.web.failures.bad_request"
handler403 = "emailhub.web.failures.forbidden"
handler429 = "emailhub.web.failures.too_many"
handler404 = "emailhub.web.failures.not_found"
handler500 = "emailhub.web.failures.broken"
