from django.apps import AppConfig

from storefront import checks  # noqa: F401 (registers the system checks)


class StorefrontConfig(AppConfig):
    name = "storefront"
    default_auto_field = "django.db.models.BigAutoField"
