from django.apps import AppConfig

from storefront import checks  # noqa: F401 (registers the system checks)


class StorefrontConfig(AppConfig):
    name = "storefront"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from outbox import mail  # noqa: PLC0415  # models are not loaded before this
        from storefront import visible_rows  # noqa: PLC0415
        from storefront.account import aftercare_mails, closing, pass_mails  # noqa: PLC0415
        from storefront.context_processors import current_shop  # noqa: PLC0415
        from treatments import symptom_reports  # noqa: PLC0415

        mail.surround_with(lambda: {"shop": current_shop()})
        aftercare_mails.register()
        closing.register()
        pass_mails.register()
        symptom_reports.register()
        visible_rows.connect()
