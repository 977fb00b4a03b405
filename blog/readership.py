"""Count what was read, per article and day."""

import datetime as dt
from collections.abc import Mapping

from django.db.models import F
from wagtail.models import Site

from blog.models import ArticlePage, ArticleViews


def note(read: Mapping[tuple[str, dt.date], int]) -> int:
    """Add views to the days of the articles that stand at these paths; return how many counted.

    :param read: how often a path of the default site was looked at on a day. What is no live
        article's path is passed over.
    """
    if not read:
        return 0
    root = Site.objects.select_related("root_page").get(is_default_site=True).root_page
    articles = _articles_at({path for path, _ in read}, below=str(root.url_path))
    counted = 0
    for (path, on), views in sorted(read.items()):
        article_id = articles.get(path)
        if article_id is None:
            continue
        day, _ = ArticleViews.objects.get_or_create(article_id=article_id, on=on)
        ArticleViews.objects.filter(pk=day.pk).update(views=F("views") + views)
        counted += views
    return counted


def _articles_at(paths: set[str], *, below: str) -> dict[str, int]:
    """Return the ids of the articles at some paths."""
    wanted = {below + path.removeprefix("/"): path for path in paths}
    rows = ArticlePage.objects.live().filter(url_path__in=wanted)
    return {wanted[url_path]: pk for pk, url_path in rows.values_list("pk", "url_path")}
