from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to what Wagtail's own views write; say what is sold for a treatment."""
        from catalog import companions as sold  # noqa: PLC0415 (models are not loaded before)
        from catalog import list_changes, low_stock  # noqa: PLC0415
        from cms import companions  # noqa: PLC0415
        from treatments.models import TreatmentPage  # noqa: PLC0415

        list_changes.connect()
        low_stock.register()
        companions.register(TreatmentPage, sold.sold_for)
