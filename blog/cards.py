"""Articles as lists show them."""

import datetime as dt
from dataclasses import dataclass

from cms.models import CustomImage


@dataclass(frozen=True)
class ArticleCard:
    """One article in a list."""

    url: str
    title: str
    intro: str
    image: CustomImage | None
    image_alt: str
    reviewer_name: str
    published_at: dt.datetime | None
    reading_minutes: int


@dataclass(frozen=True, slots=True)
class Label:
    """A topic or tag of an article; `kind` is the part of the address that names which."""

    kind: str
    name: str
    url: str
