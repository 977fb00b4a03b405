"""How an offer looks outside its page: name, address and picture, for lists of lines."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.conf import settings

from catalog import kits
from catalog.markets import Market
from catalog.models import Offer, OfferKind, PackagePageImage, ProductPageImage
from catalog.models.gallery import GalleryImage
from cms import renditions
from cms.models import CustomImage
from treatments.validity import describe_validity

# What a SKU looks like; anything else is not worth asking the database for.
SKU: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


@dataclass(frozen=True)
class Shown:
    """What a line shows of its offer. Without a page there is no address and no picture."""

    name: str
    url: str
    image: CustomImage | None
    image_alt: str
    valid_text: str


def shown_offers(offers: Iterable[Offer], *, with_pictures: bool = True) -> dict[int, Shown]:
    """Return how offers look, by their id, in a fixed number of queries; unpictured, in none.

    The offers' pages must have been loaded with them.
    """
    offers = list(offers)
    if not with_pictures:
        return {offer.pk: _shown(offer, None, {}) for offer in offers}
    pictures = _first_pictures(ProductPageImage, [o for o in offers if o.is_goods])
    pictures |= _first_pictures(PackagePageImage, [o for o in offers if o.is_package])
    images = renditions.load({picture.image_id for picture in pictures.values()})
    return {offer.pk: _shown(offer, pictures.get(offer.page_id), images) for offer in offers}


def _shown(offer: Offer, picture: GalleryImage | None, images: Mapping[int, CustomImage]) -> Shown:
    image = images.get(picture.image_id) if picture else None
    return Shown(
        name=page_name(offer),
        url=(offer.page.get_url() or "") if offer.page and offer.page.live else "",
        image=image,
        image_alt=picture.alt_text_of(image) if picture and image else "",
        valid_text=_valid_text(offer),
    )


def _first_pictures(
    model: type[GalleryImage], offers: Iterable[Offer]
) -> dict[int | None, GalleryImage]:
    """Return the first picture of each offer's page, by page id."""
    page_ids = {offer.page_id for offer in offers if offer.page_id}
    if not page_ids:
        return {}
    rows = model._default_manager.filter(page_id__in=page_ids).order_by("page_id", "-sort_order")
    return {row.page_id: row for row in rows}


def page_name(offer: Offer) -> str:
    """Return the name of what is sold, without the offer's own label."""
    return str(offer.page.title) if offer.page else offer.label


def full_name(offer: Offer) -> str:
    """Return name and label, as in "Low-Foam Daily Wash, 250 ml"."""
    return f"{offer.page.title}, {offer.label}" if offer.page else offer.label


def is_on_sale(offer: Offer, *, at: dt.datetime) -> bool:
    """Tell for a loaded offer and page, and a kit's parts, what `on_sale` asks the database."""
    if offer.is_gift_card and settings.SHOP_TAX == "stripe":  # Nobody could spend it.
        return False
    is_public = offer.page is not None and offer.page.live
    is_due = offer.is_within_dates(at) and offer.currency == settings.SHOP_CURRENCY
    if not is_public or not is_due or (offer.is_kit and not kits.can_be_packed(offer, at=at)):
        return False
    return any(offer.may_be_sold_into(market) for market in Market)


def _valid_text(offer: Offer) -> str:
    if not offer.validity_days:
        return ""
    return describe_validity(rule=offer.validity_rule, days=offer.validity_days)


def name_to_put_back(sku: str) -> str:
    """Return the full name of what has this SKU and can be put back; empty if there is none.

    A gift card goes for good: for whom it was is forgotten with it.
    """
    if not SKU.fullmatch(sku):
        return ""
    found = Offer.objects.filter(sku=sku).exclude(kind=OfferKind.GIFT_CARD)
    offer = found.select_related("page").first()
    return full_name(offer) if offer else ""
