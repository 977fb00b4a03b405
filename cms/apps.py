from django.apps import AppConfig


class CmsConfig(AppConfig):
    name = "cms"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cms import widget_starts  # noqa: PLC0415  # Wagtail's widgets need loaded models

        widget_starts.install()
