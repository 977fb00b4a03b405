from django.apps import AppConfig


class BlogConfig(AppConfig):
    name = "blog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say how mails are rendered, and what the guide has about pages of rooms below."""
        from blog import companions as told  # noqa: PLC0415 (models are not loaded before this)
        from blog import newsletter_events, newsletter_mails, private_questions  # noqa: PLC0415
        from blog.comments import mails as comment_mails  # noqa: PLC0415
        from blog.review import mails as review_mails  # noqa: PLC0415
        from catalog.models import PackagePage, ProductPage  # noqa: PLC0415
        from cms import companions  # noqa: PLC0415
        from treatments.models import TreatmentPage  # noqa: PLC0415

        comment_mails.register()
        private_questions.register()
        review_mails.register()
        newsletter_mails.register()
        newsletter_events.connect()
        companions.register(TreatmentPage, told.articles_about)
        companions.register(PackagePage, told.articles_about)
        companions.register(ProductPage, told.told_of_product)
