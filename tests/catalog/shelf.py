"""A small shop of everything lists tell apart, and what they must say of it, worked out by hand."""

import datetime as dt
import random
import unicodedata
from dataclasses import dataclass
from typing import Any

from catalog import prices, stock
from catalog.availability import AvailabilityState
from catalog.cards import PackageCard, cards_for_pages
from catalog.models import (
    CategoryPage,
    Concern,
    FreeFrom,
    MovementKind,
    Offer,
    PackagePage,
    ProductPage,
    SkinFeel,
)
from catalog.selection import Selection
from freshness.changes import changed, offers_of
from tests.catalog.factories import (
    LONG_AGO,
    CatalogPageFactory,
    CategoryPageFactory,
    ConcernFactory,
    OfferFactory,
    PackagePageFactory,
    ProductPageFactory,
)
from treatments.models import CareTag

PRICES = [450, 1400, 1499, 1500, 2400, 2500, 3999, 4000, 7999, 8000, 12050]
BANDS = {"0-15": (0, 1500), "15-25": (1500, 2500), "25-40": (2500, 4000), "40-80": (4000, 8000)}


@dataclass
class Item:
    """What a list says of one page."""

    pk: int
    path: str
    title: str
    published: dt.datetime | None
    price: int | None
    is_sold_out: bool
    is_in_stock: bool
    is_package: bool
    answers: dict[str, set[str]]

    def fits(self, facet: str, value: str) -> bool:
        if facet == "price":
            low, high = BANDS.get(value, (8000, 10**9))
            return self.price is not None and low <= self.price < high
        if facet == "stock":
            return self.is_in_stock
        if facet == "gentle":
            return any(int(day) <= int(value) for day in self.answers["gentle"])
        return value in self.answers[facet]

    def fits_any(self, facet: str, values: tuple[str, ...]) -> bool:
        return not values or any(self.fits(facet, value) for value in values)

    def within(self, low: int | None, high: int | None) -> bool:
        if low is None and high is None:
            return True
        if self.price is None:
            return False
        return (low is None or low <= self.price) and (high is None or self.price <= high)


def stock_a_shop(dice: random.Random, *, products: int, packages: int) -> list[CategoryPage]:
    """Fill a shop with pages of random words, prices and stock."""
    CatalogPageFactory()
    categories = [CategoryPageFactory(title=name, slug=name.lower()) for name in ("Wash", "Care")]
    words = {
        "concerns": [ConcernFactory(slug=f"concern-{n}") for n in range(4)],
        "skin_feels": [SkinFeel.objects.create(name=f"F{n}", slug=f"feel-{n}") for n in range(3)],
        "free_from": [FreeFrom.objects.create(name=f"W{n}", slug=f"free-{n}") for n in range(3)],
        "care_tags": [
            CareTag.objects.create(name=f"T{day}", slug=f"tag-{day}", gentle_from_day=day)
            for day in (0, 2, 3, 6, 14, None)
        ],
    }
    for number in range(products):
        page = ProductPageFactory(
            title=f"{dice.choice(['Éau', 'eau', 'Balm', 'balm', 'Zinc'])} {number:03}",
            parent=dice.choice(categories),
            live=dice.random() < 0.9,
            first_published_at=LONG_AGO + dt.timedelta(days=dice.randrange(5)),
        )
        for relation, choices in words.items():
            getattr(page, relation).set(dice.sample(choices, dice.randrange(3)))
        page.save()
        for _ in range(dice.choice([0, 1, 1, 2])):
            offer = OfferFactory(
                page=page, price_minor=dice.choice(PRICES), on_hand=dice.choice([0, 0, 3, 20])
            )
            if dice.random() < 0.2:
                stock.configure(
                    offer_id=offer.pk, low_from=5, back_order_limit=4, back_order_days=9
                )
    for _ in range(packages):
        page = PackagePageFactory(parent=dice.choice(categories))
        OfferFactory(package=True, page=page, price_minor=dice.choice(PRICES) * 10)
    return categories


def shake(dice: random.Random, at: dt.datetime) -> None:
    """Change something that lists show."""
    page = dice.choice(list(ProductPage.objects.all()))
    offer = dice.choice(list(Offer.objects.filter(kind="PRODUCT")))
    what = dice.randrange(6)
    if what == 0:
        page.unpublish() if page.live else page.save_revision().publish()
    elif what == 1:
        page.concerns.set(dice.sample(list(Concern.objects.all()), 2))
        page.title = f"Anew {dice.randrange(1000):03}"
        page.save()
    elif what == 2:
        ProductPageFactory(parent=dice.choice(list(CategoryPage.objects.all())))
    elif what == 3 and page.offers.count() == 0:
        page.delete()
    elif what == 4:
        prices.change(
            offer_id=offer.pk,
            price_minor=offer.price_minor + dice.choice([1, 70, 1300]),
            reason="x",
            by=None,
            at=at,
        )
    else:
        kind = {"kind": MovementKind.COUNTED, "reason": "x", "by": None, "at": at}
        there = offer.stock.available
        stock.adjust(offer_id=offer.pk, change=-there or 7, **kind)
    changed(*offers_of(offer.page_id))


def items(at: dt.datetime) -> list[Item]:
    """Work out what lists must know, from the pages and their cards."""
    pages: list[Any] = [
        *ProductPage.objects.live(),
        *PackagePage.objects.live(),
    ]
    cards = dict(zip([page.pk for page in pages], cards_for_pages(pages, at), strict=True))
    return [_item(page, cards[page.pk], at) for page in pages]


def _item(page: Any, card: Any, at: dt.datetime) -> Item:
    is_package = isinstance(card, PackageCard)
    offers = Offer.objects.on_sale(at).filter(page_id=page.pk).with_stock()
    day = None if is_package else page.gentle_from_day
    slugs = {"concern": "concerns", "feel": "skin_feels", "free": "free_from"}
    answers = {
        facet: set() if is_package else {word.slug for word in getattr(page, name).all()}
        for facet, name in slugs.items()
    }
    answers["gentle"] = set() if day is None else {str(day)}
    answers["category"] = {page.get_parent().slug}
    sold_out = not offers.exists() or (
        not is_package and card.availability.state == AvailabilityState.SOLD_OUT
    )
    in_stock = any(is_package or offer.stock.available > 0 for offer in offers)
    price = card.price_from.minor if card.price_from else None
    return Item(
        page.pk,
        page.path,
        page.title,
        page.first_published_at,
        price,
        sold_out,
        in_stock,
        is_package,
        answers,
    )


def random_selection(dice: random.Random) -> Selection:
    """Ask for anything a visitor can ask for."""
    values = {
        "category": ["wash", "care"],
        "concern": [f"concern-{n}" for n in range(4)],
        "feel": [f"feel-{n}" for n in range(3)],
        "free": [f"free-{n}" for n in range(3)],
        "price": [*BANDS, "80-"],
        "stock": ["1"],
    }
    chosen = {
        facet: tuple(sorted(dice.sample(each, dice.randrange(1, min(len(each), 3) + 1))))
        for facet, each in values.items()
        if dice.random() < 0.3
    }
    if dice.random() < 0.3:
        chosen["gentle"] = (str(dice.choice([0, 1, 2, 3, 5, 7, 10, 14])),)
    bounds = sorted(dice.sample(range(0, 13000, 50), 2))
    return Selection(
        chosen=chosen,
        price_min=bounds[0] if dice.random() < 0.15 else None,
        price_max=bounds[1] if dice.random() < 0.15 else None,
        sort=dice.choice(["featured", "price_up", "price_down", "newest", "name"]),
        page=dice.choice([1, 1, 2]),
    )


def expected(known: list[Item], asked: Selection) -> tuple[list[int], dict[tuple[str, str], int]]:
    """Return the pages in order, and the count of each value that a page has or that is chosen."""
    facets = ("category", "concern", "gentle", "feel", "free", "price", "stock")
    inside = [item for item in known if item.within(asked.price_min, asked.price_max)]
    fitting = [
        item
        for item in inside
        if all(item.fits_any(facet, asked.values(facet)) for facet in facets)
    ]
    counts = {}
    for facet in facets:
        others = [
            item
            for item in inside
            if all(item.fits_any(each, asked.values(each)) for each in facets if each != facet)
        ]
        for value in VALUES[facet]:
            if value in asked.values(facet) or any(item.fits(facet, value) for item in known):
                counts[facet, value] = sum(item.fits(facet, value) for item in others)
    return [item.pk for item in sorted(fitting, key=lambda item: order(item, asked.sort))], counts


VALUES = {
    "category": ["wash", "care"],
    "concern": [f"concern-{n}" for n in range(4)],
    "gentle": [str(day) for day in (0, 1, 2, 3, 5, 7, 10, 14)],
    "feel": [f"feel-{n}" for n in range(3)],
    "free": [f"free-{n}" for n in range(3)],
    "price": [*BANDS, "80-"],
    "stock": ["1"],
}


def order(item: Item, sort: str) -> tuple[Any, ...]:
    plain = unicodedata.normalize("NFKD", item.title.casefold())
    name = "".join(letter for letter in plain if not unicodedata.combining(letter))
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    published = item.published or never
    keys: dict[str, tuple[Any, ...]] = {
        "featured": (),
        "price_up": (item.price is None, item.price or 0),
        "price_down": (item.price is None, -(item.price or 0)),
        "newest": (-(published - never).total_seconds(),),
        "name": (name,),
    }
    return (item.is_sold_out, *keys[sort], item.path)
