from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "checkout"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are not loaded before this.
        from checkout import emails, gift_mails, suitability_mails  # noqa: PLC0415
        from checkout.batches import recall_mails  # noqa: PLC0415
        from checkout.gift_cards import mails as gift_card_mails  # noqa: PLC0415
        from checkout.viewsets import print_runs  # noqa: PLC0415

        emails.register()
        gift_mails.register()
        gift_card_mails.register()
        recall_mails.register()
        suitability_mails.register()
        print_runs.register_kinds()
