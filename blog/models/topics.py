"""What articles are about."""

from typing import ClassVar

from django.db import models
from modelcluster.fields import ParentalKey
from taggit.models import TaggedItemBase

from claims.models import CheckedWords


class Topic(CheckedWords):
    """A shelf of the guide, such as “Aftercare”; readers filter by it."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(
        max_length=60, unique=True, help_text="The last part of the topic's address."
    )
    description = models.TextField(
        max_length=300, blank=True, help_text="One or two sentences at the top of its page."
    )
    sort_order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["sort_order", "name"]

    def __str__(self) -> str:
        return self.name


class ArticleTag(TaggedItemBase):
    """A word that an article carries."""

    content_object = ParentalKey(
        "blog.ArticlePage", on_delete=models.CASCADE, related_name="tagged_items"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["content_object", "tag"], name="article_carries_a_tag_once"
            ),
        ]
