"""What is written about a treatment, a package or a product."""

from collections.abc import Iterator
from typing import Any

from django.db.models import BigIntegerField, CharField, Exists, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from wagtail.models import Page, ReferenceIndex

from blog.models import ArticlePage
from catalog.companions import SESSIONS
from catalog.models import Offer, PackagePage, ProductPage
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

    It is used after the treatments whose packages lead to it; a kit leads back to these packages.
    """
    packages = _leading_to_product(page)
    after = TreatmentPage.objects.filter(treatment__in=packages.values("treatment"))
    newest = _newest_first(articles_leading_to(subjects(page))).values("pk")[:MOST]
    shown = public(_either(after, _leading_to_kit(page), Page.objects.filter(pk__in=newest)))
    kinds = ("treatmentpage", "packagepage", "articlepage")
    rows = list(shown.select_related(*kinds).order_by("path"))
    for row in rows:
        if hasattr(row, "treatmentpage"):
            yield Companion(AFTER, row.title, row.get_url(request) or "")
    for row in rows:
        if hasattr(row, "packagepage"):
            url = row.get_url(request) or ""
            yield Companion(SESSIONS, row.title, url, row.packagepage.benefit)
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

    An article about a package is one about its treatment, and the other way round; one about
    either of them is one about the kit for the days after.
    """
    around: list[QuerySet[Any]] = []
    if isinstance(page, TreatmentPage):
        around = [PackagePage.objects.filter(treatment_id=page.treatment_id)]
    elif isinstance(page, PackagePage):
        around = [TreatmentPage.objects.filter(treatment_id=page.treatment_id)]
    elif isinstance(page, ProductPage):
        packages = _leading_to_kit(page)
        treatments = TreatmentPage.objects.filter(treatment__in=packages.values("treatment"))
        around = [packages, treatments]
    return _either(Page.objects.filter(pk=page.pk), *around)


def _either(first: QuerySet[Any], *others: QuerySet[Any]) -> QuerySet[Any]:
    """Return pages of any of these queries.

    They are found each by its own index: as alternatives of one condition, every page is read.
    """
    # Pages come in the order of their tree, which has no place inside a union.
    one, *more = (each.order_by().values("pk") for each in (first, *others))
    keys = one.union(*more)
    pages: QuerySet[Any] = Page.objects.filter(pk__in=keys)
    return pages


def _leading_to_product(page: Any) -> QuerySet[PackagePage]:
    found: QuerySet[PackagePage] = PackagePage.objects.live()
    return found.filter(goes_well_with__related_page=page.pk)


def _leading_to_kit(page: Any) -> QuerySet[PackagePage]:
    """Return the packages that lead to a product, if it is a kit."""
    kits = Offer.objects.filter(page=page.pk, is_kit=True)
    return _leading_to_product(page).filter(Exists(kits))


def _article(article: Any, request: HttpRequest | None) -> Companion:
    minutes = article.reading_minutes
    words = f"{minutes} minute{'' if minutes == 1 else 's'} to read"
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
