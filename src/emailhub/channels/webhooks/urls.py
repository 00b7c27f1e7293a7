"""The address that other programs post mail to, beneath /webhooks/mail/."""

from django.urls import path

from .views import raw_mail

urlpatterns = [path("<int:company_id>/<int:connection_id>/", raw_mail, name="raw_mail")]
