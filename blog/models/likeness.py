"""Which articles are alike, as it was worked out last."""

from typing import ClassVar

from django.db import models


class ArticleLikeness(models.Model):
    """What is known of an article's words, and which articles come closest to it."""

    article = models.OneToOneField(
        "blog.ArticlePage", primary_key=True, on_delete=models.CASCADE, related_name="likeness"
    )
    # How often it uses each of the words that say most about it.
    words = models.JSONField(default=dict)
    # Numbers of articles, the closest first.
    others = models.JSONField(default=list)
    # None once the article has changed: the worker looks at it again.
    reckoned_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["reckoned_at"], name="likeness_by_when_reckoned")]

    def __str__(self) -> str:
        return f"Likeness of article {self.article_id}"

    @staticmethod
    def tag(article_id: int | None) -> str:
        """Name, for the log of changes, the fact of which articles are like one."""
        return f"alike:{article_id}"
