"""Each kind of thing that a public page shows: where one stands, a change of it, and what it says.

Both layers of the page cache are asked about all of them. A kind that is added later has to be
put here, or into `ELSEWHERE` beside the test that shows its change.
"""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.search import index

from accounts.models import User
from blog.comments import moderation
from blog.models import ArticlePage, CommentSettings, CommentStatus, Person, Topic
from catalog import kits, prices, stock, together
from catalog.models import (
    CatalogPage,
    Concern,
    FreeFrom,
    MovementKind,
    Offer,
    ProductPage,
    ProductPageImage,
    ResponsiblePerson,
    SkinFeel,
)
from checkout.models import DeliveryMethod, DeliveryRate, DeliveryZone, Holiday
from cms.models import CustomImage
from storefront.models import SiteSettings, Synonym
from tests.blog.comments.factories import CommentFactory
from tests.blog.factories import ArticlePageFactory
from tests.catalog.factories import (
    CatalogPageFactory,
    CategoryPageFactory,
    ImageFactory,
    OfferFactory,
    PackagePageFactory,
    ProductPageFactory,
    TreatmentFactory,
)
from tests.treatments.factories import published
from treatments.models import (
    CareTag,
    Practitioner,
    Treatment,
    TreatmentIndexPage,
    TreatmentPage,
)

# What is shown nowhere in words, or only after the worker has been: a test of its own each.
ELSEWHERE = {
    "blog.ArticleLikeness": "tests/blog/test_neighbours.py",
    "blog.IssueArticle": "tests/blog/newsletter/test_pages.py",
    "blog.NewsletterIssue": "tests/blog/newsletter/test_pages.py",
    "cms.CustomRendition": "tests/storefront/test_visible_rows.py",
    "cms.SocialPicture": "tests/cms/test_social_pictures.py",
    "storefront.SearchWord": "tests/storefront/test_search.py",
    "storefront.VocabularyMark": "tests/storefront/test_search.py",
    "wagtailcore.Locale": "tests/storefront/test_visible_rows.py",
    "wagtailcore.PageViewRestriction": "tests/storefront/test_page_cache.py",
    "wagtailcore.Site": "tests/storefront/test_visible_rows.py",
    "wagtaildocs.Document": "tests/storefront/test_visible_rows.py",
    "wagtailredirects.Redirect": "tests/storefront/test_visible_rows.py",
}
SEARCH, NO_WORD = "/search/?q=kindwash", "/search/?q=qqzzkind"


@cache
def shop() -> SimpleNamespace:
    """Fill a shop with one of each kind; once for a process."""
    catalog = CatalogPage.objects.first() or CatalogPageFactory()
    category = CategoryPageFactory(parent=catalog, title="Kinds of care", slug="kinds-of-care")
    product = ProductPageFactory(parent=category, title="Kindwash", slug="kindwash")
    image = ImageFactory(alt="A plain bottle")
    words: dict[str, Any] = {
        "concerns": Concern(name="Tight kind", slug="tight-kind"),
        "skin_feels": SkinFeel(name="Light kind", slug="light-kind"),
        "free_from": FreeFrom(name="Scent kind", slug="scent-kind"),
        "care_tags": CareTag(name="Acid kind", slug="acid-kind", gentle_from_day=3),
    }
    for field, word in words.items():
        word.save()
        getattr(product, field).add(word)
    product.gallery_images = [ProductPageImage(image=image)]
    product.save()
    other = ProductPageFactory(parent=category, title="Kindly bought along", slug="kindly")
    OfferFactory(page=other, sku="KIND-OTHER")
    offer = OfferFactory(page=product, sku="KIND", on_hand=40)
    OfferFactory(page=product, sku="KIND-XL", label="Large", price_minor=4900)
    part = OfferFactory(page=other, sku="KIND-PART", label="Part", on_hand=40)
    kit_page = ProductPageFactory(parent=category, title="Kindkit", slug="kindkit")
    kit = OfferFactory(page=kit_page, sku="KIND-KIT", price_minor=3000, on_hand=0)
    kits.set_parts(kit_id=kit.pk, parts=[(part.pk, 1)])
    treatment = TreatmentFactory(name="Kind polish", slug="kind-polish")
    package = PackagePageFactory(
        parent=catalog, treatment=treatment, slug="kind-sessions", title="Kind sessions"
    )
    OfferFactory(page=package, package=True, treatment=treatment, sku="KIND-PACK")
    giver = Practitioner.objects.create(name="Kim Kind", job_title="Scalp therapist")
    treatment.practitioners.add(giver)
    guide = TreatmentIndexPage(title="Kinds of treatment", slug="kinds-of-treatment")
    polish = (
        catalog.get_parent()
        .add_child(instance=guide)
        .add_child(
            instance=TreatmentPage(
                title="Kind polish", slug="kind-polish", treatment=treatment, intro="Fine."
            )
        )
    )
    article = _article()
    comment = CommentFactory(article=article, text="So kind.", status=CommentStatus.WAITING)
    _delivers()
    # What the worker does, where there is one; it may be at it just now.
    with suppress(IntegrityError), transaction.atomic():
        index.insert_or_update_object(product)
    return SimpleNamespace(
        product=product.url, package=package.url, kit=kit_page.url, article=article.url,
        category=category.url, treatment=polish.url, giver_id=giver.pk,
        offer_id=offer.pk, kit_id=kit.pk, part_id=part.pk,
        treatment_id=treatment.pk, comment_id=comment.pk, image_id=image.pk,
        pages=(product.pk, other.pk), product_id=product.pk,
        person_id=product.eu_responsible_person_id,
        article_id=article.pk, author_id=article.author_id,
        topic_id=article.topics.first().pk,
    )  # fmt: skip


def _article() -> ArticlePage:
    """One that may be read: the demo's are approved, a new one needs no approval in tests."""
    labelled = ArticlePage.objects.readable().exclude(topics=None).exclude(tags=None)
    if (found := labelled.first()) is not None:
        return found
    article: ArticlePage = ArticlePageFactory.create(slug="kind-words")
    article.topics = [Topic.objects.create(name="Kind topic", slug="kind-topic")]
    article.tags.add("Kind tag")
    article.save()
    return article


def _delivers() -> None:
    """A zone before all others, whose courier comes at once."""
    DeliveryZone.objects.update(sort_order=9)
    zone = DeliveryZone.objects.create(name="Kindland", countries="DE", sort_order=1)
    for code, days, price in (("kind-quick", 2, 400), ("kind-slow", 25, 900)):
        method = DeliveryMethod.objects.create(
            zone=zone, code=code, name=code, min_days=days, max_days=days
        )
        DeliveryRate.objects.create(method=method, price_minor=price)
    late = DeliveryZone.objects.create(name="Kindfar", countries="AT", sort_order=2)
    method = DeliveryMethod.objects.create(
        zone=late, code="kind-far", name="Far", min_days=40, max_days=40
    )
    DeliveryRate.objects.create(method=method, price_minor=100)


@dataclass(frozen=True)
class Kind:
    """A change of one thing.

    :ivar at: the address of a page that shows it.
    :ivar says: words that the page shows afterwards; empty where other bytes must do.
    """

    at: Callable[[], str]
    change: Callable[[], object]
    says: str = ""


def _save(model: Any, pk: int | None = None, **fields: Any) -> Callable[[], object]:
    """Save a row as the admin does; by its slug `…-kind` where no number is given."""

    def save() -> None:
        row = model.objects.get(pk=pk) if pk else model.objects.get(slug__contains="kind")
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()

    return save


def _now() -> dict[str, Any]:
    return {"by": None, "at": timezone.now()}


def _count(offer_id: int, change: int) -> None:
    stock.adjust(
        offer_id=offer_id, change=change, kind=MovementKind.COUNTED, reason="Count", **_now()
    )


def _approve() -> None:
    by = User.objects.create_user("kind-moderator@example.com")
    moderation.approve(comment_id=shop().comment_id, by=by, at=timezone.now())


def _close_for_weeks() -> None:
    today = timezone.localdate()
    for days in range(1, 22):
        Holiday.objects.create(on=today + dt.timedelta(days=days), name="Closed")


def _settings(**fields: Any) -> Callable[[], None]:
    def save() -> None:
        row = SiteSettings.load()
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()

    return save


def _pin() -> None:
    page = ProductPage.objects.get(pk=shop().product_id)
    SearchPromotion.objects.create(query=Query.get("kindwash"), page=page, description="Kind pick")


def _rename_tag() -> None:
    tag = ArticlePage.objects.get(pk=shop().article_id).tags.first()
    tag.name = "Renamed tag"
    tag.save()


def _publish() -> None:
    page = ProductPage.objects.get(pk=shop().product_id)
    page.ingredients_inci = "Aqua, Kindgum, Linalool"
    page.save_revision().publish()


def _retell_picture() -> None:
    CustomImage.objects.filter(pk=shop().image_id).update(alt="A renamed bottle")
    CustomImage.objects.get(pk=shop().image_id).save()


def _close_comments() -> None:
    row = CommentSettings.load()
    row.readers_may_comment = False
    row.save()


def _method(code: str, **fields: Any) -> Callable[[], None]:
    def save() -> None:
        row = DeliveryMethod.objects.get(code=code)
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()

    return save


def _cheaper() -> None:
    rate = DeliveryRate.objects.get(method__code="kind-slow")
    rate.price_minor = 100
    rate.save()


def _other_zone_first() -> None:
    zone = DeliveryZone.objects.get(name="Kindfar")
    zone.sort_order = 0
    zone.save()


# In this order: each may build on those before it.
KINDS: dict[str, Kind] = {
    "a price": Kind(
        lambda: shop().product,
        lambda: prices.change(
            offer_id=shop().offer_id, price_minor=1789, reason="Spring", **_now()
        ),
        "17.89",
    ),
    "a price in a list": Kind(
        lambda: shop().category,
        lambda: prices.change(
            offer_id=shop().offer_id, price_minor=1689, reason="Spring", **_now()
        ),
        "16.89",
    ),
    "catalog.Stock": Kind(lambda: shop().product, lambda: _count(shop().offer_id, -37), "3 left"),
    "the stock of a part of a kit": Kind(
        lambda: shop().kit, lambda: _count(shop().part_id, -38), "2 left"
    ),
    "catalog.OfferPart": Kind(
        lambda: shop().kit,
        lambda: kits.set_parts(kit_id=shop().kit_id, parts=[(shop().part_id, 2)]),
        "2 ×",
    ),
    "catalog.Offer": Kind(
        lambda: shop().product,
        lambda: _save(Offer, shop().offer_id, label="A kind bottle")(),
        "A kind bottle",
    ),
    "catalog.BoughtTogether": Kind(
        lambda: shop().product,
        lambda: together.record(orders={shop().pages: 3}),
        "Kindly bought along",
    ),
    "the facts of a product": Kind(lambda: shop().product, _publish, "Kindgum"),
    "catalog.Concern": Kind(
        lambda: shop().category, _save(Concern, name="Flaky kind"), "Flaky kind"
    ),
    "catalog.SkinFeel": Kind(
        lambda: shop().product, _save(SkinFeel, name="Rich kind"), "Rich kind"
    ),
    "catalog.FreeFrom": Kind(
        lambda: shop().product, _save(FreeFrom, name="Salt kind"), "Salt kind"
    ),
    "treatments.CareTag": Kind(lambda: shop().product, _save(CareTag, name="Oil kind"), "Oil kind"),
    "catalog.ResponsiblePerson": Kind(
        lambda: shop().product,
        lambda: _save(ResponsiblePerson, shop().person_id, name="Kind People Ltd")(),
        "Kind People Ltd",
    ),
    "cms.CustomImage": Kind(lambda: shop().product, _retell_picture, "A renamed bottle"),
    "checkout.DeliveryMethod": Kind(lambda: shop().product, _method("kind-quick", handling_days=4)),
    "checkout.DeliveryRate": Kind(lambda: shop().product, _cheaper),
    "checkout.DeliveryZone": Kind(lambda: shop().product, _other_zone_first),
    "checkout.Holiday": Kind(lambda: shop().product, _close_for_weeks),
    "storefront.SiteSettings": Kind(
        lambda: shop().product, _settings(announcement="Kindly closed"), "Kindly closed"
    ),
    "a menu": Kind(
        lambda: shop().product,
        _settings(main_navigation=[("link", {"title": "A kind link", "url": "/kind/"})]),
        "A kind link",
    ),
    "treatments.Treatment": Kind(
        lambda: shop().package,
        lambda: _save(Treatment, shop().treatment_id, duration_minutes=77)(),
        "77 minutes",
    ),
    "treatments.Practitioner": Kind(
        lambda: shop().treatment,
        lambda: _save(Practitioner, shop().giver_id, name="Kim Kinder")(),
        "Kim Kinder",
    ),
    "treatments.QuestionnaireVersion": Kind(
        lambda: shop().package,
        lambda: published(treatment=Treatment.objects.get(pk=shop().treatment_id)),
        "questions",
    ),
    "blog.Person": Kind(
        lambda: shop().article,
        lambda: _save(Person, shop().author_id, name="Kinder Writer")(),
        "Kinder Writer",
    ),
    "blog.Topic": Kind(
        lambda: shop().article,
        lambda: _save(Topic, shop().topic_id, name="Kinder topic")(),
        "Kinder topic",
    ),
    "taggit.Tag": Kind(lambda: shop().article, _rename_tag, "Renamed tag"),
    "blog.Comment": Kind(lambda: shop().article, _approve, "So kind."),
    "blog.CommentSettings": Kind(lambda: shop().article, _close_comments, "are closed"),
    "wagtailsearchpromotions.SearchPromotion": Kind(lambda: SEARCH, _pin, "Our pick"),
    "storefront.Synonym": Kind(
        lambda: NO_WORD,
        lambda: Synonym.objects.create(words="qqzzkind, kindwash"),
        "/kindwash/",
    ),
}
