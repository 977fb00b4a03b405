from django.apps import AppConfig

from storefront import checks  # noqa: F401 (registers the system checks)


class StorefrontConfig(AppConfig):
    name = "storefront"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from outbox import mail  # noqa: PLC0415  # models are not loaded before this
        from storefront import visible_rows  # noqa: PLC0415
        from storefront.account import (  # noqa: PLC0415
            aftercare_mails,
            appointment_mails,
            closing,
            gift_mails,
            pass_mails,
            wishes,
        )
        from storefront.context_processors import current_shop  # noqa: PLC0415
        from storefront.customers import merging  # noqa: PLC0415
        from storefront.second_factor import resetting  # noqa: PLC0415
        from treatments import symptom_reports  # noqa: PLC0415

        mail.surround_with(lambda: {"shop": current_shop()})
        aftercare_mails.register()
        appointment_mails.register()
        closing.register()
        gift_mails.register()
        merging.register()
        pass_mails.register()
        resetting.register()
        symptom_reports.register()
        visible_rows.connect()
        wishes.connect()
