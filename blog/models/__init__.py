"""What the clinic teaches."""

from blog.models.articles import ArticlePage, ArticleQuerySet, ArticleRelatedPage
from blog.models.listing import ArticleIndexPage

__all__ = ["ArticleIndexPage", "ArticlePage", "ArticleQuerySet", "ArticleRelatedPage"]
