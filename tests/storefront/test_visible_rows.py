"""Every row that visitors can see says so when it changes, and no model is forgotten."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import models
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.documents.models import Document
from wagtail.models import Locale, Page, PageViewRestriction, Site
import pytest

from catalog.models import Concern, FreeFrom, Offer, ProductPageImage, SkinFeel
from checkout.models import DeliveryZone
from cms import pictures
from freshness.changes import CATALOG, SITE
from freshness.models import Change
from storefront import visible_rows
from storefront.models import SiteSettings
from tests.catalog.factories import (
    CategoryPageFactory,
    ImageFactory,
    OfferFactory,
    ProductPageFactory,
    TreatmentFactory,
)
from treatments.models import CareTag

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 1, 12, 0, tzinfo=dt.UTC)


@contextmanager
def noted() -> Iterator[Callable[[], set[str]]]:
    """Yield a question: which tags were noted inside the block."""
    before = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    yield lambda: set(Change.objects.filter(pk__gt=before).values_list("tag", flat=True))


def tables_naming(model: type[models.Model]) -> list[str]:
    """Name the tables of `visible_rows` that a model is in."""
    tables = {
        "anywhere": visible_rows.is_shown_anywhere(model),
        "on pages that sell": model._meta.label in visible_rows.ON_PAGES_THAT_SELL,
        "said by verbs": model._meta.label in visible_rows.SAID_BY_VERBS,
        "never": model._meta.label in visible_rows.NEVER,
    }
    return [name for name, holds in tables.items() if holds]


def test_every_model_is_classified_exactly_once() -> None:
    named = {model._meta.label: tables_naming(model) for model in apps.get_models()}

    assert {label: tables for label, tables in named.items() if len(tables) != 1} == {}


def test_no_table_names_a_model_that_is_gone() -> None:
    known = {model._meta.label for model in apps.get_models()}
    # This one is there on one of the two databases only.
    known |= {"wagtailsearch.SQLiteFTSIndexEntry"}
    named = visible_rows.ANYWHERE | visible_rows.ON_PAGES_THAT_SELL | visible_rows.NEVER

    assert (named | set(visible_rows.SAID_BY_VERBS)) - known == set()


def test_a_model_that_is_in_no_table_would_be_found() -> None:
    class Leaflet(models.Model):
        class Meta:
            app_label = "catalog"

        def __str__(self) -> str:
            return "Leaflet"

    try:
        assert tables_naming(Leaflet) == []
    finally:
        del apps.all_models["catalog"]["leaflet"]
        apps.clear_cache()


def test_a_page_that_is_published_taken_back_renamed_or_deleted_is_news() -> None:
    page = ProductPageFactory(live=False)
    revision = page.save_revision()

    with noted() as tags:
        revision.publish()
        assert SITE in tags()
    page.refresh_from_db()
    with noted() as tags:
        page.slug = "another"
        page.save()
        assert SITE in tags()
    with noted() as tags:
        page.unpublish()
        assert SITE in tags()
    with noted() as tags:
        Page.objects.get(pk=page.pk).delete()
        assert SITE in tags()


def test_a_page_that_moves_is_news() -> None:
    page, other = ProductPageFactory(), CategoryPageFactory(title="Care", slug="care")

    with noted() as tags:
        page.move(other, pos="last-child")

        assert SITE in tags()


def test_a_draft_that_nobody_sees_is_no_news() -> None:
    page = ProductPageFactory()
    page.benefit = "Another"

    with noted() as tags:
        page.save_revision()

        assert SITE not in tags()


def test_what_belongs_to_a_page_is_news_though_written_after_it() -> None:
    page, concern = ProductPageFactory(), Concern.objects.create(name="Dry", slug="dry")
    image = ImageFactory()

    with noted() as tags:
        ProductPageImage.objects.create(page=page, image=image)
        assert SITE in tags()
    with noted() as tags:
        page.concerns.add(concern)
        page.concerns.commit()
        assert SITE in tags()


ROWS: dict[str, Callable[[], models.Model]] = {
    "concern": lambda: Concern(name="Dry", slug="dry"),
    "skin feel": lambda: SkinFeel(name="Light", slug="light"),
    "free from": lambda: FreeFrom(name="Scent", slug="scent"),
    "care tag": lambda: CareTag(name="Acid", slug="acid"),
    "treatment": TreatmentFactory.build,
    "settings": lambda: SiteSettings(announcement="Closed on Monday"),
    "delivery": lambda: DeliveryZone(name="Germany", countries="DE"),
    "document": lambda: Document(title="Leaflet", file="documents/leaflet.pdf"),
    "language": lambda: Locale(language_code="de"),
    "site": lambda: Site(hostname="other.example", root_page=Site.objects.get().root_page),
    "redirect": lambda: Redirect(old_path="/old", redirect_link="/new"),
    "restriction": lambda: PageViewRestriction(
        page=Site.objects.get().root_page, restriction_type="login"
    ),
}


@pytest.mark.parametrize("name", sorted(ROWS))
def test_words_settings_and_rules_are_news_when_saved_and_deleted(name: str) -> None:
    row = ROWS[name]()

    with noted() as tags:
        row.save()
        assert SITE in tags()
    with noted() as tags:
        row.delete()
        assert SITE in tags()


def test_a_promotion_of_a_search_is_news_and_the_search_itself_is_not() -> None:
    page = ProductPageFactory()

    with noted() as tags:
        query = Query.get("wash")
        query.add_hit()
        assert tags() == set()
    with noted() as tags:
        SearchPromotion.objects.create(query=query, page=page, description="Ours")
        assert SITE in tags()


def test_a_picture_is_news_once_it_can_be_on_a_page() -> None:
    with noted() as tags:
        image = ImageFactory()
        assert SITE not in tags()
    with noted() as tags:
        image.alt = "Another view"
        image.save()
        assert SITE in tags()
    with noted() as tags:
        image.delete()
        assert SITE in tags()


def test_modern_formats_are_news_once_for_each_run_that_made_some() -> None:
    image = ImageFactory()
    image.get_rendition(pictures.filter_spec(pictures.FALLBACK_WIDTH, "jpeg"))

    with noted() as tags:
        assert pictures.render_missing() > 1
        assert Change.objects.filter(tag=SITE, pk__gt=0).count() >= 1
        assert tags() == {SITE}
    with noted() as tags:
        assert pictures.render_missing() == 0
        assert tags() == set()
    with noted() as tags:
        image.renditions.first().delete()
        assert SITE in tags()


def test_an_edited_offer_is_news_on_the_page_it_leaves_and_the_one_it_joins() -> None:
    offer, other = OfferFactory(), ProductPageFactory()
    left = offer.page_id

    with noted() as tags:
        offer.page = other
        offer.save()

        assert tags() == {f"offers:{left}", f"offers:{other.pk}", CATALOG}
    with noted() as tags:
        offer.label = "500 ml"
        offer.save()

        assert tags() == {f"offers:{other.pk}", CATALOG}
    assert Offer.objects.get(pk=offer.pk).label == "500 ml"
