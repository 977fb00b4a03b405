"""How often articles are read."""

from typing import ClassVar

from django.db import models

from blog.models.articles import ArticlePage


class ArticleViews(models.Model):
    """How often an article was looked at on one day; who looked is not known."""

    article = models.ForeignKey(ArticlePage, on_delete=models.CASCADE, related_name="+")
    on = models.DateField("day")
    views = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "on"], name="article_views_once_a_day"),
        ]
        indexes: ClassVar = [models.Index(fields=["on"], name="article_views_day")]

    def __str__(self) -> str:
        return f"{self.views} views of {self.article_id} on {self.on}"
