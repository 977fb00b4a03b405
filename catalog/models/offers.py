"""What can be bought, at which price, and every price it ever had."""

import datetime as dt
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from catalog.barcodes import validate_barcode
from catalog.markets import UNMEASURED, Market, may_be_sold
from claims.models import CheckedWords
from money.fields import MinorUnitsField
from money.money import Money
from treatments.validity import ValidityRule

# Stripe's code for general tangible goods; https://docs.stripe.com/tax/tax-codes
TANGIBLE_GOODS = "txcd_99999999"


class OfferKind(models.TextChoices):
    PRODUCT = "PRODUCT", "product"
    PACKAGE = "PACKAGE", "package"
    GIFT_CARD = "GIFT_CARD", "gift card"


class ContentUnit(models.TextChoices):
    ML = "ML", "ml"
    G = "G", "g"
    PIECE = "PIECE", "piece"


class OfferQuerySet(models.QuerySet["Offer"]):
    def on_sale(self, at: dt.datetime) -> "OfferQuerySet":
        """Those that may be sold at a moment: on a public page, in a market, within their dates.

        A kit ends with the first of its parts; a part without a page is sold in kits alone.
        """
        ended = Offer.objects.filter(part_of__kit=OuterRef("pk")).filter(
            Q(active_from__gt=at)
            | Q(active_until__lte=at)
            | Q(page__live=False)
            | Q(page__productpage__ready_markets="")
            | ~Q(currency=settings.SHOP_CURRENCY)
        )
        return (
            self.ready()
            .within_dates(at)
            .filter(
                Q(is_kit=False) | ~Exists(ended),
                page__live=True,
                currency=settings.SHOP_CURRENCY,
            )
        )

    def ready(self) -> "OfferQuerySet":
        """Those that say all that some market asks for; what is not sent always."""
        return self.filter(
            ~Q(kind=OfferKind.PRODUCT)
            | (
                Q(page__productpage__ready_markets__gt="")
                & (
                    Q(content_amount__isnull=False)
                    | Q(page__productpage__application__in=UNMEASURED)
                )
            )
        )

    def within_dates(self, at: dt.datetime) -> "OfferQuerySet":
        """Those whose time on sale a moment lies in, whatever their page says."""
        return self.filter(
            Q(active_from=None) | Q(active_from__lte=at),
            Q(active_until=None) | Q(active_until__gt=at),
        )

    def in_stock(self) -> "OfferQuerySet":
        """Those of which at least one can be had now or on back-order; what is not sent always.

        Of a kit there is one if there is enough of every part.
        """
        promised = F("stock__withheld") + F("stock__reserved") + F("stock__back_ordered")
        lacking = (
            Offer.objects.filter(part_of__kit=OuterRef("pk"))
            .annotate(pieces=F("part_of__quantity"))
            .filter(
                Q(stock=None)
                | Q(stock__on_hand__lt=promised + F("pieces"))
                & Q(stock__back_order_limit__lt=F("stock__back_ordered") + F("pieces"))
            )
        )
        return self.filter(
            ~Q(kind=OfferKind.PRODUCT)
            | Q(stock__on_hand__gt=promised)
            | Q(stock__back_order_limit__gt=F("stock__back_ordered"))
            | (Q(is_kit=True) & ~Exists(lacking))
        )

    def with_stock(self) -> "OfferQuerySet":
        return self.select_related("stock")


class Offer(CheckedWords):
    """One sellable line: a SKU with a price; the page that shows it owns none of its facts.

    It names its page, not the other way round, so publishing an old revision of the page cannot
    move a price or change what is sold. `catalog.prices` alone writes `price_minor`, `currency`
    and `lowest_before_minor`. An offer that was ever priced is never deleted: it is ended.
    """

    sku = models.CharField(
        "SKU",
        max_length=40,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9][A-Z0-9-]*$", "Use capitals, digits and hyphens.")],
    )
    page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="offers",
        help_text=(
            "The product or package page that shows it; without one it is sold in kits alone."
        ),
    )
    label = models.CharField(max_length=60, help_text="Tells it from its siblings: “250 ml”.")
    kind = models.CharField(max_length=10, choices=OfferKind, default=OfferKind.PRODUCT)
    price_minor = MinorUnitsField("price")
    currency = models.CharField(max_length=3, default="EUR", editable=False)
    lowest_before_minor = models.BigIntegerField(
        "lowest price of the 30 days before the reduction", null=True, blank=True, editable=False
    )
    vat_rate_bp = models.PositiveIntegerField(
        "VAT rate", default=1900, help_text="In basis points: 1900 is 19 %."
    )
    tax_code = models.CharField(max_length=20, default=TANGIBLE_GOODS)
    content_amount = models.DecimalField(
        "content",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01"))],
    )
    content_unit = models.CharField(max_length=5, choices=ContentUnit, blank=True)
    weight_grams = models.PositiveIntegerField(
        "weight in grams", default=0, help_text="Packed; decides what delivery costs."
    )
    barcode = models.CharField(
        max_length=14,
        blank=True,
        validators=[validate_barcode],
        help_text="The EAN or GTIN on the box.",
    )
    active_from = models.DateTimeField("on sale from", null=True, blank=True)
    active_until = models.DateTimeField("on sale until", null=True, blank=True)
    sort_order = models.PositiveIntegerField(default=0)
    # Told by its parts, and kept here so that what is no kit asks nobody. `catalog.kits` writes it.
    is_kit = models.BooleanField(default=False, db_default=False, editable=False)

    treatment = models.ForeignKey(
        "treatments.Treatment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="offers",
    )
    sessions = models.PositiveSmallIntegerField(null=True, blank=True)
    validity_days = models.PositiveSmallIntegerField("valid for days", null=True, blank=True)
    validity_rule = models.CharField(max_length=20, choices=ValidityRule.choices, blank=True)
    refund_terms_version = models.CharField(
        max_length=20, blank=True, help_text="The terms that hold for unused sessions: “2026-01”."
    )

    words_left_out: ClassVar = {
        "sku": "a code",
        "currency": "a code",
        "tax_code": "a code of Stripe's",
        "barcode": "a number",
        "refund_terms_version": "a version",
    }

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["sort_order", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(price_minor__gte=0), name="offer_price_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(vat_rate_bp__lte=10_000), name="offer_vat_is_at_most_the_price"
            ),
            models.CheckConstraint(
                condition=Q(content_amount=None, content_unit="")
                | (Q(content_amount__gt=0) & Q(content_unit__in=ContentUnit.values)),
                name="offer_content_has_amount_and_unit",
            ),
            models.CheckConstraint(
                condition=Q(active_from=None)
                | Q(active_until=None)
                | Q(active_until__gt=F("active_from")),
                name="offer_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[OfferKind.PRODUCT, OfferKind.GIFT_CARD],
                    treatment=None,
                    sessions=None,
                    validity_days=None,
                    validity_rule="",
                    refund_terms_version="",
                )
                | (
                    Q(kind=OfferKind.PACKAGE, treatment__isnull=False)
                    & Q(sessions__gte=1, validity_days__gte=1, validity_days__lte=3660)
                    & Q(validity_rule__in=ValidityRule.values)
                    & ~Q(refund_terms_version="")
                ),
                name="offer_of_a_package_says_what_it_grants",
            ),
            models.CheckConstraint(
                condition=Q(is_kit=False) | Q(kind=OfferKind.PRODUCT),
                name="offer_of_a_package_is_no_kit",
            ),
            models.CheckConstraint(
                condition=~Q(kind=OfferKind.GIFT_CARD) | Q(vat_rate_bp=0, price_minor__gte=1),
                name="offer_of_a_gift_card_has_value_and_no_vat",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku} ({self.label})"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def is_package(self) -> bool:
        return self.kind == OfferKind.PACKAGE

    @property
    def is_gift_card(self) -> bool:
        return self.kind == OfferKind.GIFT_CARD

    @property
    def is_goods(self) -> bool:
        """Whether it lies on a shelf and is sent; packages and gift cards are not."""
        return self.kind == OfferKind.PRODUCT

    @property
    def content_text(self) -> str:
        """The content as a box says it: “250 ml”, or nothing."""
        if self.content_amount is None:
            return ""
        amount = f"{self.content_amount:f}"
        number = amount.rstrip("0").rstrip(".") if "." in amount else amount
        unit = ContentUnit(self.content_unit).label
        plural = "s" if self.content_unit == ContentUnit.PIECE and number != "1" else ""
        return f"{number} {unit}{plural}"

    @property
    def stock_text(self) -> str:
        """How many can be sold now, for staff; what is not sent never runs out."""
        if not self.is_goods:
            return "always"
        if self.is_kit:
            return "as its parts allow"
        return str(self.stock.available) if hasattr(self, "stock") else "no stock opened"

    def may_be_sold_into(self, market: Market | None) -> bool:
        """Tell whether a market's law allows it; reads `page.productpage`, so select it along.

        A kit needs every part of it allowed.

        :param market: none for a country whose law the shop does not know.
        """
        if not self.is_goods:
            return True
        page = getattr(self.page, "productpage", None)
        if page is None or not may_be_sold(self, page, market):
            return False
        parts = [each.part for each in self.parts.all()] if self.is_kit else []
        return all(part.page is None or part.may_be_sold_into(market) for part in parts)

    def is_within_dates(self, at: dt.datetime) -> bool:
        """Tell whether a moment lies in its time on sale, whatever its page says."""
        return (self.active_from is None or self.active_from <= at) and (
            self.active_until is None or at < self.active_until
        )

    def clean(self) -> None:
        super().clean()
        if (self.content_amount is None) != (self.content_unit == ""):
            raise ValidationError({"content_unit": "Give the content and its unit, or neither."})
        grants = {
            "treatment": self.treatment_id,
            "sessions": self.sessions,
            "validity_days": self.validity_days,
            "validity_rule": self.validity_rule,
            "refund_terms_version": self.refund_terms_version,
        }
        if self.is_package:
            message = "A package needs this."
            wrong = [name for name, value in grants.items() if not value]
        else:
            message = "Only a package has this."
            wrong = [name for name, value in grants.items() if value]
        if wrong:
            raise ValidationError(dict.fromkeys(wrong, message))
        if self.is_gift_card and self.vat_rate_bp:
            raise ValidationError({"vat_rate_bp": "Selling a gift card has no VAT: type 0."})


class OfferPrice(models.Model):
    """A price an offer had from a moment on; never updated, never deleted."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="prices")
    price_minor = MinorUnitsField("price")
    currency = models.CharField(max_length=3)
    is_reduction = models.BooleanField("announced as a reduction", default=False)
    valid_from = models.DateTimeField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="Who set it; nobody when the shop itself did.",
    )
    reason = models.CharField(max_length=200)

    class Meta:
        ordering: ClassVar = ["offer", "valid_from", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["offer", "valid_from"], name="offer_price_one_per_moment"
            ),
            models.CheckConstraint(
                condition=Q(price_minor__gte=0), name="offer_price_history_is_not_negative"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="offer_price_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id}: {self.price} from {self.valid_from:%Y-%m-%d %H:%M}"

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)
