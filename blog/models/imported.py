"""What came from another site, so that an import which runs again goes on instead of doubling."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from wagtail.models import Page


class ImportedPost(models.Model):
    """One post of an old site and the page it became; `blog.wordpress` alone writes it.

    A page that was deleted here stays deleted: the row stays without it.
    """

    site = models.CharField(max_length=255, help_text="The old site's address.")
    number = models.BigIntegerField(help_text="The post's number there.")
    page = models.ForeignKey(
        Page, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    fingerprint = models.CharField(max_length=64, help_text="Differs when the post was edited.")
    revision = models.BigIntegerField(
        null=True, help_text="What the import wrote last; a newer one was written here."
    )
    imported_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="imported_post_once"),
        ]

    def __str__(self) -> str:
        return f"{self.site}: post {self.number}"


class ImportedPicture(models.Model):
    """One file of an old site and the picture it became."""

    address = models.CharField(max_length=2000)
    address_digest = models.CharField(max_length=64, unique=True)
    content_digest = models.CharField(max_length=64, db_index=True)
    attachment = models.BigIntegerField(null=True, help_text="Its number on the old site.")
    image = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, on_delete=models.CASCADE, related_name="+"
    )

    def __str__(self) -> str:
        return self.address


class ImportedComment(models.Model):
    """One comment of an old site; the row stays when the comment is deleted here."""

    site = models.CharField(max_length=255, help_text="The old site's address.")
    number = models.BigIntegerField(help_text="The comment's number there.")
    comment = models.ForeignKey(
        "blog.Comment", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "number"], name="imported_comment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.site}: comment {self.number}"
