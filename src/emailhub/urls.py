"""Every address of the product."""

from django.urls import include, path

from emailhub.channels.demo.post import post
from emailhub.channels.graph import set_up
from emailhub.channels.texting.check import check_account
from emailhub.channels.texting.play import play_text
from emailhub.web.chat_settings import patterns as chat_settings
from emailhub.web.demo_mail.urls import patterns as demo_mail
from emailhub.web.demo_phone.urls import patterns as demo_phone
from emailhub.web.microsoft.urls import patterns as microsoft

urlpatterns = [
    path("", include("emailhub.web.urls")),
    path("manage/teams/", include(chat_settings(check_account))),
    path("webhooks/texting/", include("emailhub.channels.texting.urls")),
    path("webhooks/mail/", include("emailhub.channels.webhooks.urls")),
    path("webhooks/graph/", include("emailhub.channels.graph.urls")),
    path("demo/phone/", include(demo_phone(play_text))),
    path("manage/", include(microsoft(set_up))),
    path("demo/mail/", include(demo_mail(post))),
]

handler400 = "emailhub.web.failures.bad_request"
handler403 = "emailhub.web.failures.forbidden"
handler429 = "emailhub.web.failures.too_many"
handler404 = "emailhub.web.failures.not_found"
handler500 = "emailhub.web.failures.broken"
