"""What customers have of ours, and what else of ours would fit, on a day after a session."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from accounts.models import User
from catalog.cards import Card, ProductCard, kept_cards
from catalog.models import ProductPage
from checkout.owned_products import pages_owned_by
from treatments.aftercare import Fit, Rules, of_care
from treatments.models import CareTag

SUGGESTED: Final = 3
# Some of those that fit are sold out, or are sold elsewhere.
_LOOKED_AT: Final = 12


@dataclass(frozen=True, slots=True)
class OwnProduct:
    """Something that a customer has bought; its address is empty once we have it no more."""

    page_id: int
    title: str
    url: str
    tag_ids: frozenset[int]


def own_products(user: User, *, request: HttpRequest) -> list[OwnProduct]:
    """Return the products that a customer has, by name."""
    pages = ProductPage.objects.filter(pk__in=pages_owned_by(user)).prefetch_related("care_tags")
    return [
        OwnProduct(
            page_id=page.pk,
            title=page.title,
            url=(page.get_url(request) or "") if page.live else "",
            tag_ids=frozenset(tag.pk for tag in page.care_tags.all()),
        )
        for page in pages.order_by("title", "pk")
    ]


def suggestions(
    rules: Rules, *, day: int, leaving_out: Collection[int], at: dt.datetime, request: HttpRequest
) -> list[Card]:
    """Return cards of a few products that can be bought and are gentle enough on that day."""
    gentle = {tag for tag in rules.care if of_care(rules, [tag], day=day).fit is Fit.GENTLE}
    others = CareTag.objects.exclude(pk__in=gentle)
    pages = ProductPage.objects.live().public().filter(care_tags__in=gentle)
    fitting = pages.exclude(care_tags__in=others).exclude(pk__in=leaving_out).distinct()
    ids = list(fitting.order_by("path").values_list("pk", flat=True)[:_LOOKED_AT])
    found = kept_cards(ids, at, request=request)
    shown = [found[page_id] for page_id in ids if page_id in found]
    return [card for card in shown if _can_be_had(card, day=day)][:SUGGESTED]


def _can_be_had(card: Card, *, day: int) -> bool:
    """Tell whether a card offers something to buy that says itself that it is gentle by then."""
    if not isinstance(card, ProductCard) or card.availability is None:
        return False
    is_gentle = card.gentle_from_day is not None and card.gentle_from_day <= day
    return is_gentle and card.availability.is_buyable
