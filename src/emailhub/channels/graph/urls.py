"""The address that Graph posts its notices to, beneath /webhooks/graph/."""

from django.urls import path

from .notices import notices

urlpatterns = [path("<int:company_id>/<int:connection_id>/", notices, name="graph_notices")]
