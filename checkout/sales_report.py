"""What was sold and paid back on some days, period by period or thing by thing.

An order counts on the day on which it was paid, whatever became of it later; what was paid back of
it counts on the day on which the money had gone. What was paid too much, or too late for the goods,
was no sale, and its way back is none either. Nor is the sale of a gift card: what it pays for is.
Whatever the lines are, they sum to the same amounts.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat, Length, Substr
from wagtail.models import Page

from catalog.models import OfferKind
from checkout.countries import country_name
from checkout.models import (
    DiscountUse,
    Order,
    OrderLine,
    Payment,
    PaymentStatus,
    PaymentWay,
    RefundLine,
    RefundStatus,
)
from cms.periods import DAYS, TRUNCATED, span

PRODUCTS, CATEGORIES, ARTICLES, COUNTRIES = "product", "category", "article", "country"
DISCOUNTS: Final = "discount"
PAYMENT: Final = "payment"
LINK: Final = "LINK"
DELIVERY: Final = "Delivery"
_WITHOUT: Final[Mapping[str, str]] = {
    PRODUCTS: "?",
    CATEGORIES: "In no category",
    ARTICLES: "From no article",
    COUNTRIES: "Nothing to send",
    DISCOUNTS: "Without a discount",
    PAYMENT: "Nothing to pay",
}
# What orders hold of gift cards, to be taken off what they hold of all.
_NOT: Final = -Sum("total_minor")


@dataclass(frozen=True, slots=True)
class Sales:
    """Orders, pieces of goods and packages, and money in minor units, VAT included.

    An order of nothing but gift cards is one that sold nothing.
    """

    orders: int = 0
    pieces: int = 0
    gross_minor: int = 0
    vat_minor: int = 0
    back_minor: int = 0

    @property
    def kept_minor(self) -> int:
        """What is left once the money that went back in these days is taken off."""
        return self.gross_minor - self.back_minor

    def __add__(self, other: "Sales") -> "Sales":
        return Sales(
            self.orders + other.orders,
            self.pieces + other.pieces,
            self.gross_minor + other.gross_minor,
            self.vat_minor + other.vat_minor,
            self.back_minor + other.back_minor,
        )


@dataclass(frozen=True, slots=True)
class Report:
    """What was sold in all, and by what was asked for: periods in order, else the most first.

    An order of two things counts in both of their lines, so that only `total` knows how many orders
    there were.
    """

    total: Sales
    lines: list[tuple[str | dt.date, Sales]]


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of the days that are asked about; gift cards that were sold, by themselves."""

    orders: QuerySet[Order]
    lines: QuerySet[OrderLine]
    cards: QuerySet[OrderLine]
    back: QuerySet[RefundLine]


def report(*, from_on: dt.date, until_on: dt.date, by: str) -> Report:
    """Add up the sales of some days, both included, in a fixed number of queries.

    :param by: `DAYS`, `MONTHS`, `PRODUCTS`, `CATEGORIES`, `ARTICLES`, `COUNTRIES`, `DISCOUNTS`
        or `PAYMENT`.
    """
    rows = _rows(from_on, until_on)
    total = _total(rows)
    if by in TRUNCATED:
        return Report(total, sorted(_by_period(rows, by).items()))
    whole = {COUNTRIES: _by_country, DISCOUNTS: _by_discounts, PAYMENT: _by_payment}
    found = whole[by](rows) if by in whole else _by_thing(rows, by, total)
    return Report(total, sorted(found.items(), key=_most_first))


@dataclass(frozen=True, slots=True)
class TakenOff:
    """What one discount, or one of staff by hand, took off the orders of some days, minor units."""

    name: str
    orders: int
    amount_minor: int


def taken_off(*, from_on: dt.date, until_on: dt.date) -> list[TakenOff]:
    """Say what each discount took off the orders that were paid, the most first; one query."""
    paid = _rows(from_on, until_on).orders.values("pk")
    by_hand = When(by__isnull=False, then=Concat(Value("By hand: "), F("by__name")))
    uses = DiscountUse.objects.filter(order__in=paid).order_by()
    named = uses.values(called=Case(by_hand, default=F("name")))
    found = named.annotate(orders=Count("order", distinct=True), amount_minor=Sum("amount_minor"))
    each = (TakenOff(row["called"], row["orders"], row["amount_minor"]) for row in found)
    return sorted(each, key=lambda one: (-one.amount_minor, one.name))


def by_day(*, from_on: dt.date, until_on: dt.date) -> list[tuple[dt.date, int]]:
    """Return what was sold on each day, in minor units, days without sales included."""
    rows = _rows(from_on, until_on)
    sold = _added(
        rows.orders.annotate(key=_period("paid_at", DAYS))
        .values("key")
        .annotate(gross=Sum("total_minor")),
        rows.cards.annotate(key=_period("order__paid_at", DAYS)).values("key").annotate(gross=_NOT),
    )
    days = (until_on - from_on).days + 1
    each = [from_on + dt.timedelta(days=past) for past in range(days)]
    return [(day, sold[day].gross_minor) for day in each]


def _most_first(item: tuple[Any, Sales]) -> tuple[int, str]:
    return -item[1].gross_minor, str(item[0])


def _rows(from_on: dt.date, until_on: dt.date) -> _Rows:
    start, end = span(from_on, until_on)
    orders = Order.objects.filter(paid_at__gte=start, paid_at__lt=end).order_by()
    lines = OrderLine.objects.filter(order__paid_at__gte=start, order__paid_at__lt=end).order_by()
    back = RefundLine.objects.filter(
        refund__status=RefundStatus.SUCCEEDED,
        refund__finished_at__gte=start,
        refund__finished_at__lt=end,
        refund__order__paid_at__isnull=False,
    ).order_by()
    return _Rows(
        orders,
        lines.exclude(kind=OfferKind.GIFT_CARD),
        lines.filter(kind=OfferKind.GIFT_CARD),
        back.exclude(line__kind=OfferKind.GIFT_CARD),
    )


def _total(rows: _Rows) -> Sales:
    sold = rows.orders.aggregate(orders=Count("pk"), gross=Sum("total_minor"), vat=Sum("vat_minor"))
    pieces = rows.lines.aggregate(pieces=Sum("quantity"))
    back = rows.back.aggregate(back=Sum("gross_minor"))
    return _sales(sold | pieces | back) + _sales(rows.cards.aggregate(gross=_NOT))


def _sales(figures: Mapping[str, Any]) -> Sales:
    return Sales(*(figures.get(name) or 0 for name in ("orders", "pieces", "gross", "vat", "back")))


def _added(*many: Iterable[Mapping[str, Any]]) -> dict[Any, Sales]:
    """Add figures up by their `key`, whichever query they come from."""
    found: dict[Any, Sales] = defaultdict(Sales)
    for figures in (figures for one in many for figures in one):
        found[figures["key"]] += _sales(figures)
    return found


def _period(moment: str, by: str) -> Combinable:
    return TRUNCATED[by](moment, output_field=DateField())


def _by_period(rows: _Rows, by: str) -> dict[dt.date, Sales]:
    return _of_whole_orders(
        rows,
        _period("paid_at", by),
        _period("order__paid_at", by),
        _period("refund__finished_at", by),
    )


def _by_country(rows: _Rows) -> dict[str, Sales]:
    found = _of_whole_orders(
        rows,
        F("delivery_country"),
        F("order__delivery_country"),
        F("refund__order__delivery_country"),
    )
    return {country_name(key) or _WITHOUT[COUNTRIES]: sales for key, sales in found.items()}


def _by_discounts(rows: _Rows) -> dict[str, Sales]:
    """Sum orders by all discounts that they had together, so that each counts once."""
    found = _of_whole_orders(
        rows,
        F("discount_names"),
        F("order__discount_names"),
        F("refund__order__discount_names"),
    )
    return {key or _WITHOUT[DISCOUNTS]: sales for key, sales in found.items()}


def _by_payment(rows: _Rows) -> dict[str, Sales]:
    """Sum orders by all ways in which they were paid, so that each counts once."""
    found = _of_whole_orders(rows, _ways(""), _ways("order__"), _ways("refund__order__"))
    said = {
        **{str(way.value): str(way.label) for way in PaymentWay},
        PaymentWay.STRIPE: "Online at Stripe",
        LINK: "Link by e-mail, at Stripe",
    }
    return {
        " + ".join(said[way] for way in key.split()) or _WITHOUT[PAYMENT]: sales
        for key, sales in found.items()
    }


def _ways(order: str) -> Combinable:
    """Name the ways in which an order was paid, a space after each; what staff placed by link."""
    paid = Payment.objects.filter(
        order=OuterRef(f"{order}pk"), status=PaymentStatus.SUCCEEDED
    ).order_by()
    by_link = When(**{f"{order}held_until__isnull": False}, then=Value(f"{LINK} "))
    each: list[Combinable] = []
    for way in PaymentWay:
        name: Combinable = Value(f"{way} ")
        if way == PaymentWay.STRIPE:
            name = Case(by_link, default=name)
        each.append(Case(When(Exists(paid.filter(way=way)), then=name), default=Value("")))
    return Concat(*each, output_field=CharField())


def _of_whole_orders(
    rows: _Rows, of_order: Combinable, of_line: Combinable, of_back: Combinable
) -> dict[Any, Sales]:
    """Sum orders, their pieces and what went back by a key of the order."""
    orders = rows.orders.annotate(key=of_order).values("key")
    return _added(
        orders.annotate(orders=Count("pk"), gross=Sum("total_minor"), vat=Sum("vat_minor")),
        rows.lines.annotate(key=of_line).values("key").annotate(pieces=Sum("quantity")),
        rows.cards.annotate(key=of_line).values("key").annotate(gross=_NOT),
        rows.back.annotate(key=of_back).values("key").annotate(back=Sum("gross_minor")),
    )


def _by_thing(rows: _Rows, by: str, total: Sales) -> dict[str, Sales]:
    """Sum lines by what they are of; delivery is what the lines do not hold."""
    sold = rows.lines.annotate(key=_thing(by)).values("key")
    back = rows.back.exclude(line=None).annotate(key=_thing(by, "line__")).values("key")
    found = _added(
        sold.annotate(
            orders=Count("order", distinct=True),
            pieces=Sum("quantity"),
            gross=Sum("total_minor"),
            vat=Sum("vat_minor"),
        ),
        back.annotate(back=Sum("gross_minor")),
    )
    of_lines = sum(found.values(), Sales())
    delivery = Sales(
        rows.orders.filter(delivery_minor__gt=0).count(),
        0,
        total.gross_minor - of_lines.gross_minor,
        total.vat_minor - of_lines.vat_minor,
        total.back_minor - of_lines.back_minor,
    )
    names = _names(by, rows)
    named: dict[str, Sales] = defaultdict(Sales)
    for key, sales in found.items():
        named[names.get(key, _WITHOUT[by])] += sales
    return named if delivery == Sales() else named | {DELIVERY: delivery}


def _thing(by: str, line: str = "") -> Combinable:
    if by == PRODUCTS:
        return F(f"{line}sku")
    if by == ARTICLES:
        return F(f"{line}added_from")
    path = f"{line}offer__page__path"
    return Substr(path, 1, Length(path) - Page.steplen)


def _names(by: str, rows: _Rows) -> dict[Any, str]:
    """Say how keys are read: what is sold by its newest name, pages by their title."""
    lines = OrderLine.objects.filter(
        Q(pk__in=rows.lines.values("pk")) | Q(pk__in=rows.back.exclude(line=None).values("line"))
    ).order_by()
    if by == PRODUCTS:
        found = lines.values("sku").annotate(name=Max("name"), label=Max("label"))
        return {
            row["sku"]: ", ".join(filter(None, [row["name"], row["label"], row["sku"]]))
            for row in found
        }
    keys = lines.annotate(key=_thing(by)).values("key").distinct()
    if by == ARTICLES:
        return dict(Page.objects.filter(pk__in=keys).values_list("pk", "title"))
    return dict(Page.objects.filter(path__in=keys).values_list("path", "title"))
