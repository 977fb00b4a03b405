"""The pages of the guide that are no pages of the tree, as crawlers are told of them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Max
from django.http import HttpRequest

from blog.models import ArticleIndexPage, ArticlePage
from cms.visible import public


@dataclass(frozen=True, slots=True)
class Stop:
    """A page of the guide, and the moment at which the newest thing on it was published."""

    url: str
    changed_at: dt.datetime | None


def stops(request: HttpRequest | None = None) -> Iterator[Stop]:
    """Name the pages of topics and people under which something can be read; four queries."""
    guide = public(ArticleIndexPage.objects.all()).first()
    if guide is None:
        return
    url = guide.get_full_url(request)
    for slug, changed_at in sorted(_newest("topics__slug").items()):
        yield Stop(f"{url}topics/{slug}/", changed_at)
    people = _newest("author__slug")
    for slug, changed_at in _newest("reviewer__slug").items():
        moments = [each for each in (changed_at, people.get(slug)) if each is not None]
        people[slug] = max(moments, default=None)
    if people:
        yield Stop(f"{url}people/", None)
    for slug, changed_at in sorted(people.items()):
        yield Stop(f"{url}people/{slug}/", changed_at)


def _newest(by: str) -> dict[str, dt.datetime | None]:
    """Return when something was last published, for each topic or person."""
    articles = ArticlePage.objects.readable().filter(**{f"{by}__isnull": False}).order_by()
    return dict(articles.values_list(by).annotate(at=Max("last_published_at")))
