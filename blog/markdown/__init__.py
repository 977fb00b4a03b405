"""Articles as Markdown: their twins for machines, and the export."""

from blog.markdown.articles import document, surroundings
from blog.markdown.words import Surroundings

__all__ = ["Surroundings", "document", "surroundings"]
