from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what Wagtail's own views write."""
        from catalog import list_changes  # noqa: PLC0415 (models are not loaded before)

        list_changes.connect()
