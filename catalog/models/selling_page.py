"""What product pages and package pages share: pictures, offers, and what goes with them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import PageChooserPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.search import index

from catalog import cards, kit_views, offer_views, sharing, structured_data
from catalog.availability import availability
from catalog.models.gallery import GalleryImage
from catalog.models.offers import Offer
from catalog.models.together import BoughtTogether
from catalog.offer_views import OfferView
from catalog.sold_facts import sold_facts
from cms import renditions
from cms.blocks import BodyBlock
from cms.models import BasePage, CustomImage
from cms.pictures import jpeg_url
from cms.prepared import Prepared
from cms.row_lists import row_list, unpacked
from cms.structured_data import breadcrumbs, script
from cms.visible import hidden_pages

SHOWN_BESIDE = 4


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the page's gallery with the words that fit here."""

    image: CustomImage
    alt_text: str


class SellingPage(BasePage):
    """A page with something to buy. What is sold, at which price, stands on its offers."""

    benefit = models.CharField(max_length=140, help_text="What it does, in one line.")
    intro = models.TextField(blank=True, max_length=600)
    body = StreamField(BodyBlock(), blank=True)

    subpage_types: ClassVar[list[str]] = []
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("benefit", boost=2),
        index.AutocompleteField("benefit"),
        index.SearchField("intro"),
        index.SearchField("body"),
    ]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add ``offers``, ``chosen``, ``kits``, ``single_price``, ``gallery`` and ``related``."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        is_preview = bool(getattr(request, "is_preview", False))
        context |= self._shop_window(request, timezone.now(), is_preview=is_preview)
        way = breadcrumbs(context["crumbs"], self.title, self.get_url(request) or "")
        context["structured_data"] = script([*context["things"], way])
        return context

    def picture_to_share(self) -> CustomImage | None:
        """The editor's choice, or else the first picture of the gallery."""
        first = self.gallery_images.first()
        return super().picture_to_share() or (first.image if first else None)

    @classmethod
    def lists_along(cls) -> dict[str, Subquery]:
        pictures: Any = cls._meta.get_field("gallery_images").related_model
        own = pictures.objects.filter(page=OuterRef("pk"))
        place = Coalesce("sort_order", Value(0))
        return {"pictures": row_list(own, place, "pk", "image_id", "alt")}

    def _pictures(self) -> list[GalleryImage]:
        """The pictures of the gallery, in their order, with all that a page shows of them."""
        if "pictures" not in self.along:
            return list(self.gallery_images.all())
        picture = self.gallery_images.model
        rows = unpacked(self.along["pictures"])
        return [picture(pk=pk, image_id=image, alt=alt) for _, pk, image, alt in rows]

    def other_image_ids(self) -> set[int]:
        """Name further images that the page shows, so that they are loaded along."""
        return set()

    def _shop_window(
        self, request: HttpRequest, at: dt.datetime, *, is_preview: bool
    ) -> dict[str, Any]:
        rows = self._related_rows()
        offers = offer_views.offers_by_page(
            [pk for pk in (self.pk, *(row.pk for row in rows)) if pk], at, is_preview=is_preview
        )
        rows = _company(rows, offers)
        own = offers.get(self.pk, [])
        pictures = self._pictures()
        wanted = {picture.image_id for picture in pictures} | renditions.ids_in(self.body)
        wanted |= cards.image_ids(rows) | kit_views.image_ids(own) | self.other_image_ids()
        with renditions.reading_together(wanted) as images:
            # The figures become values here, from the pictures that were read for the whole page.
            renditions.pictured_in(self.body)
        views = offer_views.offer_views(own)
        files = [url for each in pictures if (url := jpeg_url(images.get(each.image_id)))]
        sold = structured_data.product(
            self, sold_facts(own), url=self.get_url(request) or "", images=files
        )
        return {
            "offers": views,
            "chosen": _first_choice(views),
            "kits": kit_views.kit_views(own, images, request=request),
            "single_price": offer_views.single_session_price(own),
            "gallery": [
                Picture(images[picture.image_id], picture.alt_text_of(images[picture.image_id]))
                for picture in pictures
                if picture.image_id in images
            ],
            "images": images,
            "things": [sold, *([structured_data.return_policy()] if own else [])],
            "share": sharing.links(self.title, self.full_url or ""),
            "related": cards.build(rows, offers, images, request=request),
        }

    def _related_rows(self) -> list[Any]:
        """Read the public pages that go well with this one, in the editor's order."""
        chosen = self.goes_well_with.all()
        if not isinstance(chosen, models.QuerySet):  # A preview's, which no table holds yet.
            selling = cards.with_card_facts(Page.objects.live())
            places = {each.related_page_id: place for place, each in enumerate(chosen)}
            return sorted(selling.filter(pk__in=places), key=lambda row: places[row.pk])
        return _recommended_by(chosen.model._meta.label)(self.pk)


class Recommendation(Orderable):
    """A page that is shown beside another because the two go well together."""

    related_page = models.ForeignKey(
        Page, on_delete=models.CASCADE, related_name="+", verbose_name="page"
    )

    panels: ClassVar = [
        PageChooserPanel("related_page", ["catalog.ProductPage", "catalog.PackagePage"])
    ]

    class Meta(Orderable.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"Page {self.related_page_id}"


@lru_cache
def _recommended_by(label: str) -> Prepared:
    """Prepare reading what one kind of page recommends, in its order."""
    kind = apps.get_model(label)

    def recommended(page_id: int) -> models.QuerySet[Any]:
        chosen = kind._default_manager.filter(page_id=page_id)
        place = chosen.filter(related_page_id=OuterRef("pk")).order_by("sort_order", "pk")
        place = place.annotate(nth=Coalesce("sort_order", Value(0))).values("nth")
        bought = BoughtTogether.objects.filter(page_id=page_id)
        beside = bought.filter(other_page_id=OuterRef("pk")).values("count")
        selling = cards.with_card_facts(Page.objects.live())
        rows: models.QuerySet[Any] = (
            selling.annotate(place=Subquery(place[:1]), bought=Subquery(beside[:1]))
            .filter(
                Q(pk__in=chosen.order_by().values("related_page_id"))
                | Q(pk__in=bought.order_by().values("other_page_id")) & ~Exists(hidden_pages())
            )
            .order_by(F("place").asc(nulls_last=True), F("bought").desc(nulls_last=True), "pk")
        )
        return rows

    return Prepared(recommended)


def _company(rows: Sequence[Any], offers: Mapping[int, Sequence[Offer]]) -> list[Any]:
    """Choose what is shown beside a page: what an editor chose, then what is bought with it.

    What nobody can buy now is left out, unless an editor chose it.
    """
    by_hand = [row for row in rows if getattr(row, "place", 0) is not None]
    bought = [
        row
        for row in rows
        if getattr(row, "place", 0) is None
        and any(availability(offer).is_buyable for offer in offers.get(row.pk, ()))
    ]
    return by_hand + bought[: max(0, SHOWN_BESIDE - len(by_hand))]


def _first_choice(views: list[OfferView]) -> OfferView | None:
    """Choose the first size that can be bought, or else the first one to say it cannot."""
    return next((view for view in views if view.is_buyable), views[0] if views else None)
