"""How an offer looks outside its page: name, address and picture, for lists of lines."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings

from catalog.cards import cards_for_pages
from catalog.models import Offer
from cms.models import CustomImage
from treatments.validity import describe_validity


@dataclass(frozen=True)
class Shown:
    """What a line shows of its offer. Without a page there is no address and no picture."""

    name: str
    url: str
    image: CustomImage | None
    image_alt: str
    valid_text: str


def shown_offers(offers: Iterable[Offer], *, at: dt.datetime) -> dict[int, Shown]:
    """Return how offers look, by their id, in a fixed number of queries.

    The offers' pages must have been loaded with them.
    """
    offers = list(offers)
    pages = {offer.page.pk: offer.page for offer in offers if offer.page}
    cards = dict(zip(pages, cards_for_pages(list(pages.values()), at), strict=True))
    return {
        offer.pk: Shown(
            name=page_name(offer),
            url=card.url if card else "",
            image=card.image if card else None,
            image_alt=card.image_alt if card else "",
            valid_text=_valid_text(offer),
        )
        for offer in offers
        for card in [cards.get(offer.page_id)]
    }


def page_name(offer: Offer) -> str:
    """Return the name of what is sold, without the offer's own label."""
    return str(offer.page.title) if offer.page else offer.label


def full_name(offer: Offer) -> str:
    """Return name and label, as in "Low-Foam Daily Wash, 250 ml"."""
    return f"{offer.page.title}, {offer.label}" if offer.page else offer.label


def is_on_sale(offer: Offer, *, at: dt.datetime) -> bool:
    """Tell for a loaded offer and page what `Offer.objects.on_sale` tells in the database."""
    is_public = offer.page is not None and offer.page.live
    return is_public and offer.is_within_dates(at) and offer.currency == settings.SHOP_CURRENCY


def _valid_text(offer: Offer) -> str:
    if not offer.validity_days:
        return ""
    return describe_validity(rule=offer.validity_rule, days=offer.validity_days)
