from django.apps import AppConfig


class TreatmentsConfig(AppConfig):
    name = "treatments"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who writes the mails of this room."""
        from treatments import consultations  # noqa: PLC0415 (models are not loaded before this)

        consultations.register()
