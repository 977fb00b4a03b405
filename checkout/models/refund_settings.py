"""What a manager decides about money that goes back."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from money.fields import MinorUnitsField


@register_setting(icon="rotate", order=45)
class RefundSettings(BaseGenericSetting):
    """From how much on a refund is a manager's."""

    large_above_minor = MinorUnitsField(
        "large above",
        default=250_00,
        validators=[MinValueValidator(0)],
        help_text=(
            "When more than this goes back for one order, all its refunds together, it takes the"
            " permission to pay back large amounts, and a sign-in of the last 15 minutes."
        ),
    )

    panels: ClassVar = [FieldPanel("large_above_minor")]

    class Meta:
        verbose_name = "refunds"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(large_above_minor__gte=0), name="large_refunds_begin_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return "Refunds"
