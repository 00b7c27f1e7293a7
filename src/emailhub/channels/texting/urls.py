"""The addresses that a gateway posts to, beneath /webhooks/texting/."""

from django.urls import path

from . import views

urlpatterns = [
    path("<int:company_id>/<int:connection_id>/", views.incoming, name="texting_incoming"),
    path("<int:company_id>/<int:connection_id>/status/", views.status, name="texting_status"),
]
