from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "checkout"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not loaded before this.
        from checkout import emails, suitability_mails  # noqa: PLC0415

        emails.register()
        suitability_mails.register()
