"""Treatment, package, kit and article lead to one another; here is which side is missing where."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from wagtail.models import Page

from blog.companions import articles_leading_to, subjects
from blog.models import ArticlePage
from catalog.companions import aftercare_kits
from catalog.models import PackagePage, PackagePageRecommendation, ProductPage
from cms.visible import public
from treatments.models import TreatmentPage

# So many articles without a way to the shop are named; the rest are counted when these are mended.
MOST_ARTICLES = 200


@dataclass(frozen=True, slots=True)
class MissingSide:
    """A page that lacks a way to one of the other sides."""

    page: Any
    kind: str
    lacks: str


def missing_sides() -> list[MissingSide]:
    """Return every missing side of every public page, in the order of the page tree."""
    found = [*_of_treatments(), *_of_packages(), *_of_kits(), *_of_articles()]
    return sorted(found, key=lambda each: (each.page.path, each.lacks))


def packages_without_reviewed_article() -> list[PackagePage]:
    """Return the public packages about which no clinically reviewed article can be read."""
    return [page for page in _public_packages() if not _has_reviewed_article(page)]


def _of_treatments() -> Iterator[MissingSide]:
    for page in public(TreatmentPage.objects.order_by("path")):
        packages = _public_packages().filter(treatment_id=page.treatment_id)
        if not packages.exists():
            yield MissingSide(page, "Treatment", "a package")
        elif not _recommended_kits(packages).exists():
            yield MissingSide(page, "Treatment", "an aftercare kit beside its packages")
        if not _has_reviewed_article(page):
            yield MissingSide(page, "Treatment", "a reviewed article")


def _of_packages() -> Iterator[MissingSide]:
    for page in _public_packages():
        shown = TreatmentPage.objects.filter(treatment_id=page.treatment_id)
        if not public(shown).exists():
            yield MissingSide(page, "Package", "the page of its treatment")
        if not _recommended_kits(PackagePage.objects.filter(pk=page.pk)).exists():
            yield MissingSide(page, "Package", "an aftercare kit beside it")
        if not _has_reviewed_article(page):
            yield MissingSide(page, "Package", "a reviewed article")


def _of_kits() -> Iterator[MissingSide]:
    leading = PackagePageRecommendation.objects.filter(
        related_page_id=OuterRef("pk"), page__in=_public_packages().values("pk")
    )
    for page in aftercare_kits().annotate(is_led_to=Exists(leading)).order_by("path"):
        if not page.is_led_to:
            yield MissingSide(page, "Kit", "a package that leads to it")
        if not _has_reviewed_article(page):
            yield MissingSide(page, "Kit", "a reviewed article")


def _of_articles() -> Iterator[MissingSide]:
    """Find articles that lead to nothing that is done or sold; one query for all of them."""
    sides = Page.objects.filter(
        Q(pk__in=TreatmentPage.objects.values("pk"))
        | Q(pk__in=PackagePage.objects.values("pk"))
        | Q(pk__in=ProductPage.objects.values("pk"))
    )
    leading = articles_leading_to(sides).values("pk")
    lonely = public(ArticlePage.objects.exclude(pk__in=leading))
    for page in lonely.order_by("path")[:MOST_ARTICLES]:
        yield MissingSide(page, "Article", "a way to a treatment, package or product")


def _public_packages() -> QuerySet[PackagePage]:
    pages: QuerySet[PackagePage] = public(PackagePage.objects.order_by("path"))
    return pages


def _recommended_kits(packages: QuerySet[PackagePage]) -> QuerySet[ProductPage]:
    leading = PackagePageRecommendation.objects.filter(page__in=packages.values("pk"))
    kits: QuerySet[ProductPage] = aftercare_kits().filter(pk__in=leading.values("related_page_id"))
    return kits


def _has_reviewed_article(page: Any) -> bool:
    reviewed = Q(reviewer__isnull=False, last_reviewed_on__isnull=False)
    return articles_leading_to(subjects(page)).filter(reviewed).exists()
