"""What is in a kit as its page shows it: read once, nothing left to ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from catalog.availability import availability
from catalog.models.offers import Offer
from cms.models import CustomImage
from money.money import Money


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of a kit. Without a public page of its own there is no address to go to."""

    name: str
    label: str
    quantity: int
    url: str
    price: Money
    image: CustomImage | None
    is_buyable: bool

    @property
    def full_name(self) -> str:
        return f"{self.name}, {self.label}" if self.label else self.name


@dataclass(frozen=True, slots=True)
class KitView:
    """One kit. `alone` is what its parts cost one by one today, told only if that is more."""

    label: str
    price: Money
    parts: tuple[PartView, ...]
    alone: Money | None

    @property
    def saving(self) -> Money | None:
        return self.alone - self.price if self.alone else None


def image_ids(offers: Sequence[Offer]) -> set[int]:
    """Return the pictures that the parts of kits among these offers are shown with."""
    return {
        each.picture_id
        for offer in offers
        if offer.is_kit
        for each in offer.parts.all()
        if each.picture_id
    }


def kit_views(
    offers: Sequence[Offer], images: dict[int, CustomImage], *, request: HttpRequest | None
) -> list[KitView]:
    """Show the kits among offers whose parts have been loaded; no query."""
    return [_kit(offer, images, request) for offer in offers if offer.is_kit]


def _kit(kit: Offer, images: dict[int, CustomImage], request: HttpRequest | None) -> KitView:
    parts = list(kit.parts.all())
    # What cannot be bought by itself has no price that one could save.
    are_sold = all(each.part.page is not None and each.part.page.live for each in parts)
    alone = Money(sum(each.part.price_minor * each.quantity for each in parts), kit.currency)
    return KitView(
        label=kit.label,
        price=kit.price,
        parts=tuple(
            PartView(
                name=str(each.part.page.title) if each.part.page else each.part.label,
                label=each.part.label if each.part.page else "",
                quantity=each.quantity,
                url=_url(each.part, request),
                price=each.part.price,
                image=images.get(each.picture_id or 0),
                is_buyable=availability(each.part).max_quantity >= each.quantity,
            )
            for each in parts
        ),
        alone=alone if are_sold and alone > kit.price else None,
    )


def _url(part: Offer, request: HttpRequest | None) -> str:
    if part.page is None or not part.page.live:
        return ""
    return part.page.get_url(request) or ""
