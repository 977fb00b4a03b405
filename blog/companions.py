"""What is written about a treatment, a package or a product."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BigIntegerField, CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from wagtail.models import Page, ReferenceIndex

from blog.models import ArticlePage
from catalog.models import PackagePage
from cms.companions import Companion
from cms.visible import public
from treatments.models import TreatmentPage

GUIDE = "From the scalp guide"
AFTER = "Meant for the days after"
MOST = 3


def articles_about(page: Any, request: HttpRequest | None) -> Iterator[Companion]:
    """Tell of the newest articles that lead to a treatment or a package; one query."""
    for article in _newest_first(articles_leading_to(subjects(page)))[:MOST]:
        yield _article(article, request)


def told_of_product(page: Any, request: HttpRequest | None) -> Iterator[Companion]:
    """Tell after which treatments a product is used, and what is written about it; one query.

    It is used after the treatments whose packages lead to it.
    """
    packages = PackagePage.objects.live().filter(goes_well_with__related_page=page.pk)
    after = TreatmentPage.objects.filter(treatment__in=packages.values("treatment"))
    newest = _newest_first(articles_leading_to(subjects(page))).values("pk")[:MOST]
    rows = list(
        public(Page.objects.filter(Q(pk__in=after.values("pk")) | Q(pk__in=newest)))
        .select_related("articlepage", "treatmentpage")
        .order_by("path")
    )
    for row in rows:
        if hasattr(row, "treatmentpage"):
            yield Companion(AFTER, row.title, row.get_url(request) or "")
    for row in rows:
        if hasattr(row, "articlepage"):
            yield _article(row.articlepage, request)


def articles_leading_to(pages: QuerySet[Any]) -> QuerySet[ArticlePage]:
    """Return the articles everybody may read that name one of these pages in card or list.

    :param pages: a query of pages.
    """
    keys = pages.annotate(key=Cast("pk", CharField())).values("key")
    # From what is named to who names it: that way round an index leads.
    named = _mentions().filter(to_object_id__in=keys)
    numbers = named.annotate(number=Cast("object_id", BigIntegerField())).values("number")
    found: QuerySet[ArticlePage] = public(ArticlePage.objects.filter(pk__in=numbers))
    return found


def subjects(page: Any) -> QuerySet[Any]:
    """Return the page itself and those that an article about it may name instead.

    An article about a package is one about its treatment, and the other way round.
    """
    wanted = Q(pk=page.pk)
    if isinstance(page, TreatmentPage):
        packages = PackagePage.objects.filter(treatment_id=page.treatment_id)
        wanted |= Q(pk__in=packages.values("pk"))
    elif isinstance(page, PackagePage):
        treatment = TreatmentPage.objects.filter(treatment_id=page.treatment_id)
        wanted |= Q(pk__in=treatment.values("pk"))
    pages: QuerySet[Any] = Page.objects.filter(wanted)
    return pages


def _article(article: Any, request: HttpRequest | None) -> Companion:
    minutes = article.reading_minutes
    words = "1 minute" if minutes == 1 else f"{minutes} minutes"
    return Companion(GUIDE, article.title, article.get_url(request) or "", words)


def _newest_first(articles: QuerySet[ArticlePage]) -> QuerySet[ArticlePage]:
    return articles.order_by("-first_published_at", "-pk")


def _mentions() -> QuerySet[ReferenceIndex]:
    """Return what Wagtail knows of pages that are named in other pages."""
    of_pages = {"app_label": "wagtailcore", "model": "page"}
    kinds = ("base_content_type", "to_content_type")
    wanted = {f"{kind}__{name}": value for kind in kinds for name, value in of_pages.items()}
    mentions: QuerySet[ReferenceIndex] = ReferenceIndex.objects.filter(**wanted)
    return mentions
