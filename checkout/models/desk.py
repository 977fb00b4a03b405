"""What staff add to orders for each other, and the lists that each of them looks at."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from checkout.models.order import Order


class OrderNote(models.Model):
    """What somebody wants colleagues to know of an order; its buyer may ask to read it."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="notes")
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return f"Note {self.pk} on {self.order_id}"


class OrderTag(models.Model):
    """A word that staff give an order to find it by."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="tags")
    name = models.CharField(max_length=40, db_index=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["order", "name"], name="order_tag_once"),
        ]

    def __str__(self) -> str:
        return self.name


class OrderFile(models.Model):
    """A file that staff keep with an order; `checkout.order_files` alone writes it."""

    class Kind(models.TextChoices):
        PDF = "PDF", "PDF"
        JPEG = "JPEG", "Picture"

    CONTENT_TYPES: ClassVar = {"PDF": "application/pdf", "JPEG": "image/jpeg"}
    SUFFIX: ClassVar = {"PDF": "pdf", "JPEG": "jpg"}

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=4, choices=Kind)
    # In the database, so that nothing but our own view can hand it out.
    data = models.BinaryField()
    size = models.PositiveIntegerField(help_text="Bytes.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-added_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} on {self.order_id}"

    @property
    def content_type(self) -> str:
        return str(self.CONTENT_TYPES[self.kind])


class SavedView(models.Model):
    """A filter of the list of orders, under a name of somebody's own."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="order_views"
    )
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_view_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
