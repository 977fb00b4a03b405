"""What articles show of the shop: a page's card with what can be bought of it, as it is now."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from wagtail.models import Page

from catalog import cards
from catalog.cards import Card
from catalog.models import Offer
from catalog.offer_views import OfferView, offer_views, offers_by_page
from cms import renditions
from cms.models import CustomImage
from cms.visible import public


@dataclass(frozen=True, slots=True)
class SoldHere:
    """A product or package inside an article; `offers` can be put into the basket from there."""

    card: Card
    offers: list[OfferView]

    @property
    def buyable(self) -> list[OfferView]:
        return [offer for offer in self.offers if offer.is_buyable]


def rows(page_ids: Collection[int]) -> list[Any]:
    """Read those of the pages that readers can see and that sell; one query."""
    if not page_ids:
        return []
    return list(cards.with_card_facts(public(Page.objects.filter(pk__in=page_ids))))


def build(
    read: Sequence[Any],
    offers: Mapping[int, list[Offer]],
    images: Mapping[int, CustomImage],
    *,
    request: HttpRequest | None,
) -> dict[int, SoldHere]:
    """Return what is shown of each page; one without an offer on sale is left out."""
    selling = [row for row in read if offers.get(row.pk)]
    built = cards.build(selling, dict(offers), dict(images), request=request)
    return {
        row.pk: SoldHere(card, offer_views(offers[row.pk]))
        for row, card in zip(selling, built, strict=True)
    }


def load(
    page_ids: Collection[int], at: dt.datetime, *, request: HttpRequest | None
) -> dict[int, SoldHere]:
    """Return what is shown of pages, read for them alone; three queries."""
    read = rows(page_ids)
    if not read:
        return {}
    offers = offers_by_page([row.pk for row in read], at)
    return build(read, offers, renditions.load(cards.image_ids(read)), request=request)
