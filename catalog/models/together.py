"""Which pages' goods are bought in the same orders."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class BoughtTogether(models.Model):
    """How many orders held something of both pages; `catalog.together` alone writes it."""

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    other_page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="+")
    count = models.PositiveIntegerField()

    class Meta:
        verbose_name_plural = "bought together"
        ordering: ClassVar = ["page", "-count", "other_page"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["page", "other_page"], name="bought_together_once"),
            models.CheckConstraint(
                condition=~Q(page=F("other_page")), name="bought_together_with_another_page"
            ),
        ]

    def __str__(self) -> str:
        return f"Pages {self.page_id} and {self.other_page_id}: {self.count} orders"
