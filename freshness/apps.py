from django.apps import AppConfig


class FreshnessConfig(AppConfig):
    name = "freshness"
    default_auto_field = "django.db.models.BigAutoField"
