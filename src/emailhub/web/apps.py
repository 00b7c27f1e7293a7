from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "emailhub.web"

    def ready(self) -> None:
        from allauth.mfa import signals

        from .second_factor import sign_out_elsewhere

        for changed in (
            signals.authenticator_added,
            signals.authenticator_removed,
            signals.authenticator_reset,
        ):
            changed.connect(sign_out_elsewhere)
