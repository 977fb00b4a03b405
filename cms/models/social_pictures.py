"""The picture that stands beside a page's address where somebody shares it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

WIDTH, HEIGHT = 1200, 630


class SocialPicture(models.Model):
    """A drawn picture of one page; `cms.social_pictures` alone writes it, in the worker.

    `shows` is a digest of what was drawn: a page that says the same needs no new one.
    """

    page = models.OneToOneField(
        "wagtailcore.Page", on_delete=models.CASCADE, related_name="social_picture"
    )
    file = models.FileField(upload_to="social", max_length=200)
    shows = models.CharField(max_length=64)
    drawn_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["page"]

    def __str__(self) -> str:
        return f"Social picture of page {self.page_id}"
