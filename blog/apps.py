from django.apps import AppConfig


class BlogConfig(AppConfig):
    name = "blog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from blog import newsletter_events, newsletter_mails  # noqa: PLC0415  # needs the models
        from blog.review import mails  # noqa: PLC0415  # models are not loaded before this

        mails.register()
        newsletter_mails.register()
        newsletter_events.connect()
