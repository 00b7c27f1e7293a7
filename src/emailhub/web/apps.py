from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "emailhub.web"
