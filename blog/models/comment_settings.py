"""What staff decide about comments as a whole."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting


@register_setting(icon="comment", order=40)
class CommentSettings(BaseGenericSetting):
    """Whether readers may comment, for how long, and whom the mails reach."""

    readers_may_comment = models.BooleanField(
        default=True, help_text="Off: no article takes comments. Those that are public stay."
    )
    close_after_days = models.PositiveSmallIntegerField(
        "close after",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Days after an article was first published; empty keeps comments open.",
    )
    mails_to_moderators = models.BooleanField(
        default=True,
        help_text="Write to moderators about each comment that waits, with buttons to decide.",
    )

    panels: ClassVar = [
        FieldPanel("readers_may_comment"),
        FieldPanel("close_after_days"),
        FieldPanel("mails_to_moderators"),
    ]

    class Meta:
        verbose_name = "comments"

    def __str__(self) -> str:
        return "Comments"
