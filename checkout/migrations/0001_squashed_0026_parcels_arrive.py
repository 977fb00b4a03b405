import datetime
import uuid
from typing import Any

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import checkout.models.basket
import checkout.models.order
import checkout.weekdays
import money.fields
from append_only.operations import AppendOnly
from append_only.tables import CreateModels

# What `checkout.order_search` asks by; SQLite's shops are small and have no such index.
INDEX = "order_buyer_by_words"


def add_index(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f'CREATE INDEX "{INDEX}" ON "checkout_order" USING gin'
            " (to_tsvector('simple', \"name\"))"
        )


def drop_index(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'DROP INDEX IF EXISTS "{INDEX}"')


class Migration(migrations.Migration):
    replaces = [
        ("checkout", "0001_squashed_0013_notes_tags_and_views"),
        ("checkout", "0014_refund_lines"),
        ("checkout", "0015_invoices"),
        ("checkout", "0016_sales_reports"),
        ("checkout", "0017_large_refunds"),
        ("checkout", "0018_withdrawals"),
        ("checkout", "0019_e_invoices"),
        ("checkout", "0020_orders_made_by_staff"),
        ("checkout", "0021_orders_found_by_their_words"),
        ("checkout", "0022_stripe_bookings"),
        ("checkout", "0023_returns_and_disputes"),
        ("checkout", "0024_discounts"),
        ("checkout", "0025_batches_in_parcels"),
        ("checkout", "0026_parcels_arrive"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("catalog", "0001_squashed_0013_stock_takes"),
        ("treatments", "0001_squashed_0014_frozen_passes"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="DeliveryAddress",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="delivery_addresses",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("label", models.CharField(blank=True, max_length=40)),
                        ("name", models.CharField(max_length=150)),
                        ("line1", models.CharField(max_length=150)),
                        ("line2", models.CharField(blank=True, max_length=150)),
                        ("postcode", models.CharField(max_length=20)),
                        ("city", models.CharField(max_length=100)),
                        ("country", models.CharField(max_length=2)),
                        ("is_default", models.BooleanField(default=False)),
                        ("added_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "delivery address",
                        "verbose_name_plural": "delivery addresses",
                        "ordering": ["-is_default", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("is_default", True)),
                                fields=("user",),
                                name="delivery_address_one_default",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeliveryZone",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, unique=True)),
                        (
                            "countries",
                            models.CharField(
                                help_text="Two-letter country codes with commas between, such as DE, AT.",
                                max_length=400,
                            ),
                        ),
                        ("sort_order", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["sort_order", "name"],
                    },
                ),
                migrations.CreateModel(
                    name="DeliveryMethod",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "zone",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="methods",
                                to="checkout.deliveryzone",
                            ),
                        ),
                        ("code", models.SlugField(max_length=40, unique=True)),
                        ("name", models.CharField(max_length=80)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("COURIER", "Courier"),
                                    ("PICKUP", "Pick-up at the clinic"),
                                ],
                                default="COURIER",
                                max_length=10,
                            ),
                        ),
                        ("carrier", models.CharField(blank=True, max_length=80)),
                        (
                            "tracking_link",
                            models.CharField(
                                blank=True,
                                db_default="",
                                help_text="Where a parcel is followed, with {number} for its number.",
                                max_length=200,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "\\Ahttps://.*\\{number\\}",
                                        "Write https://… with {number}.",
                                    )
                                ],
                            ),
                        ),
                        (
                            "min_days",
                            models.PositiveSmallIntegerField(
                                default=1, verbose_name="fastest, in working days"
                            ),
                        ),
                        (
                            "max_days",
                            models.PositiveSmallIntegerField(
                                default=3, verbose_name="slowest, in working days"
                            ),
                        ),
                        (
                            "cut_off",
                            models.TimeField(
                                db_default=datetime.time(14, 0),
                                default=datetime.time(14, 0),
                                help_text="What is ordered before this time leaves as an order of the same day.",
                                verbose_name="order by",
                            ),
                        ),
                        (
                            "handling_days",
                            models.PositiveSmallIntegerField(
                                db_default=0,
                                default=0,
                                help_text="Working days between the order and the day on which it leaves.",
                                verbose_name="days to pack",
                            ),
                        ),
                        (
                            "leaves_on",
                            checkout.weekdays.WeekdaysField(
                                db_default="12345",
                                default="12345",
                                max_length=7,
                                verbose_name="leaves us on",
                            ),
                        ),
                        (
                            "arrives_on",
                            checkout.weekdays.WeekdaysField(
                                db_default="12345",
                                default="12345",
                                max_length=7,
                                verbose_name="is delivered on",
                            ),
                        ),
                        (
                            "free_from_minor",
                            money.fields.MinorUnitsField(
                                blank=True, null=True, verbose_name="free from a goods value of"
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="offered")),
                        ("sort_order", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["sort_order", "name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("max_days__gte", models.F("min_days"))),
                                name="delivery_method_slowest_not_before_fastest",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Basket",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "key",
                            models.CharField(
                                default=checkout.models.basket.new_key,
                                editable=False,
                                max_length=43,
                                unique=True,
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="basket",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("country", models.CharField(blank=True, max_length=2)),
                        (
                            "delivery_method",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                to="checkout.deliverymethod",
                            ),
                        ),
                        (
                            "checkout_token",
                            models.CharField(
                                default=checkout.models.basket.new_key, max_length=43, unique=True
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("updated_at", models.DateTimeField()),
                    ],
                    options={},
                ),
                migrations.CreateModel(
                    name="BasketLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "basket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="checkout.basket",
                            ),
                        ),
                        (
                            "offer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="catalog.offer",
                            ),
                        ),
                        ("quantity", models.PositiveSmallIntegerField()),
                        ("price_seen_minor", models.BigIntegerField()),
                        ("added_at", models.DateTimeField()),
                        (
                            "added_from",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.WAGTAIL_PAGE_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["added_at", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("basket", "offer"), name="basket_line_once_per_offer"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gte", 1), ("quantity__lte", 99)),
                                name="basket_line_quantity_from_1_to_99",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AdditionCount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.WAGTAIL_PAGE_MODEL,
                            ),
                        ),
                        ("on", models.DateField(verbose_name="day")),
                        ("times", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["on"], name="addition_count_day")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("page", "on"), name="addition_count_once_a_day"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeliveryRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "method",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rates",
                                to="checkout.deliverymethod",
                            ),
                        ),
                        (
                            "up_to_grams",
                            models.PositiveIntegerField(
                                blank=True, help_text="Empty: any weight.", null=True
                            ),
                        ),
                        (
                            "from_value_minor",
                            money.fields.MinorUnitsField(
                                default=0, verbose_name="from a goods value of"
                            ),
                        ),
                        ("price_minor", money.fields.MinorUnitsField(verbose_name="price")),
                    ],
                    options={
                        "ordering": ["up_to_grams", "from_value_minor"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("price_minor__gte", 0)),
                                name="delivery_rate_is_never_negative",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Holiday",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="day")),
                        ("name", models.CharField(max_length=80)),
                        (
                            "country",
                            models.CharField(
                                blank=True,
                                help_text="Empty: the shop is closed and no carrier drives. A two-letter code such as AT: only there nothing is delivered.",
                                max_length=2,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["on", "country"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("on", "country"), name="holiday_once_per_country"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Order",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "number",
                            models.CharField(
                                default=checkout.models.order.new_number,
                                editable=False,
                                max_length=11,
                                unique=True,
                            ),
                        ),
                        (
                            "access_token",
                            models.CharField(
                                default=checkout.models.basket.new_key,
                                editable=False,
                                max_length=43,
                                unique=True,
                            ),
                        ),
                        ("checkout_token", models.CharField(max_length=43, unique=True)),
                        (
                            "basket",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="orders",
                                to="checkout.basket",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="orders",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("email", models.EmailField(db_index=True, max_length=254)),
                        ("name", models.CharField(max_length=150)),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("AWAITING_PAYMENT", "Awaiting payment"),
                                    ("PAYMENT_PROCESSING", "Bank is confirming"),
                                    ("PAID", "Paid"),
                                    ("SHIPPED", "Shipped"),
                                    ("COMPLETED", "Completed"),
                                    ("CANCELLED", "Cancelled"),
                                    ("EXPIRED", "Expired"),
                                    ("REFUNDING", "Being refunded"),
                                    ("REFUNDED", "Refunded"),
                                    ("NEEDS_REVIEW", "Needs review"),
                                ],
                                db_index=True,
                                default="AWAITING_PAYMENT",
                                max_length=20,
                            ),
                        ),
                        ("review_reason", models.CharField(blank=True, max_length=400)),
                        ("currency", models.CharField(max_length=3)),
                        ("goods_minor", models.BigIntegerField()),
                        ("packages_minor", models.BigIntegerField()),
                        ("delivery_minor", models.BigIntegerField()),
                        ("vat_minor", models.BigIntegerField()),
                        ("total_minor", models.BigIntegerField()),
                        ("paid_minor", models.BigIntegerField(default=0)),
                        ("refunded_minor", models.BigIntegerField(default=0)),
                        ("refund_reserved_minor", models.BigIntegerField(default=0)),
                        ("needs_delivery", models.BooleanField()),
                        ("delivery_name", models.CharField(blank=True, max_length=150)),
                        ("delivery_line1", models.CharField(blank=True, max_length=150)),
                        ("delivery_line2", models.CharField(blank=True, max_length=150)),
                        ("delivery_postcode", models.CharField(blank=True, max_length=20)),
                        ("delivery_city", models.CharField(blank=True, max_length=100)),
                        ("delivery_country", models.CharField(blank=True, max_length=2)),
                        ("delivery_method_code", models.CharField(blank=True, max_length=40)),
                        ("delivery_method_name", models.CharField(blank=True, max_length=80)),
                        ("delivery_method_kind", models.CharField(blank=True, max_length=10)),
                        ("delivery_estimate", models.CharField(blank=True, max_length=80)),
                        ("arrives_from_on", models.DateField(blank=True, null=True)),
                        ("arrives_until_on", models.DateField(blank=True, null=True)),
                        (
                            "fulfilment",
                            models.CharField(
                                choices=[
                                    ("NOTHING_TO_SEND", "Nothing to send"),
                                    ("UNFULFILLED", "Not sent"),
                                    ("PARTLY", "Partly sent"),
                                    ("FULFILLED", "Sent"),
                                ],
                                db_default="NOTHING_TO_SEND",
                                default="NOTHING_TO_SEND",
                                max_length=15,
                            ),
                        ),
                        ("pieces_to_pack", models.PositiveIntegerField(db_default=0, default=0)),
                        ("parcels_waiting", models.PositiveIntegerField(db_default=0, default=0)),
                        ("terms_version", models.CharField(max_length=40)),
                        ("placed_at", models.DateTimeField(db_index=True)),
                        ("expires_at", models.DateTimeField(null=True)),
                        ("paid_at", models.DateTimeField(null=True)),
                        ("held_until", models.DateTimeField(null=True)),
                        (
                            "delivery_discount_minor",
                            models.BigIntegerField(db_default=0, default=0),
                        ),
                        (
                            "discount_names",
                            models.CharField(blank=True, db_default="", default="", max_length=200),
                        ),
                    ],
                    options={
                        "ordering": ["-placed_at", "-pk"],
                        "permissions": [
                            ("cancel_order", "Can cancel an unpaid order"),
                            ("refund_order", "Can pay back goods, delivery and unused sessions"),
                            ("refund_large", "Can pay back large amounts"),
                            ("pack_order", "Can pack orders and hand them over"),
                            ("send_disputed", "Can hand over goods whose payment is disputed"),
                            ("note_order", "Can write notes on orders and tag them"),
                            ("report_order", "Can read reports on sales"),
                            ("sell_order", "Can make orders for customers and take cash"),
                        ],
                        "indexes": [
                            models.Index(fields=["status", "expires_at"], name="order_by_expiry"),
                            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
                            models.Index(
                                fields=["status", "-placed_at", "-id"], name="order_status_newest"
                            ),
                            models.Index(
                                fields=["fulfilment", "-placed_at", "-id"], name="order_sent_newest"
                            ),
                            models.Index(
                                fields=["delivery_country", "-placed_at", "-id"],
                                name="order_country_newest",
                            ),
                            models.Index(
                                fields=["delivery_method_code", "-placed_at", "-id"],
                                name="order_method_newest",
                            ),
                            models.Index(
                                condition=models.Q(("pieces_to_pack__gt", 0), ("status", "PAID")),
                                fields=["arrives_until_on", "placed_at", "id"],
                                name="order_to_pack",
                            ),
                            models.Index(
                                condition=models.Q(("parcels_waiting__gt", 0), ("status", "PAID")),
                                fields=["placed_at", "id"],
                                name="order_to_hand_over",
                            ),
                            models.Index(
                                condition=models.Q(("paid_at__isnull", False)),
                                fields=["paid_at"],
                                name="order_paid",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "total_minor",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("goods_minor"),
                                                "+",
                                                models.F("packages_minor"),
                                            ),
                                            "+",
                                            models.F("delivery_minor"),
                                        ),
                                    )
                                ),
                                name="order_total_is_the_sum_of_its_parts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "paid_minor__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("refunded_minor"),
                                            "+",
                                            models.F("refund_reserved_minor"),
                                        ),
                                    ),
                                    ("refund_reserved_minor__gte", 0),
                                    ("refunded_minor__gte", 0),
                                ),
                                name="order_refunds_within_what_was_paid",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("paid_minor__gte", 0),
                                    ("total_minor__gte", 0),
                                    ("vat_minor__gte", 0),
                                ),
                                name="order_amounts_are_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="checkout.order",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "offer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.offer",
                            ),
                        ),
                        ("kind", models.CharField(max_length=10)),
                        ("sku", models.CharField(max_length=40)),
                        ("name", models.CharField(max_length=200)),
                        ("label", models.CharField(blank=True, max_length=80)),
                        ("unit_price_minor", models.BigIntegerField()),
                        ("quantity", models.PositiveSmallIntegerField()),
                        ("total_minor", models.BigIntegerField()),
                        ("vat_rate_bp", models.PositiveIntegerField(null=True)),
                        ("vat_minor", models.BigIntegerField()),
                        ("tax_code", models.CharField(blank=True, max_length=20)),
                        (
                            "treatment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="treatments.treatment",
                            ),
                        ),
                        ("sessions", models.PositiveSmallIntegerField(null=True)),
                        ("validity_days", models.PositiveSmallIntegerField(null=True)),
                        ("validity_rule", models.CharField(blank=True, max_length=20)),
                        ("refund_terms_version", models.CharField(blank=True, max_length=40)),
                        (
                            "single_price_minor",
                            models.BigIntegerField(
                                help_text="What one session cost on its own; used ones count so in a refund.",
                                null=True,
                            ),
                        ),
                        (
                            "added_from",
                            models.ForeignKey(
                                help_text="The page that told of it, if it was put into the basket there.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.WAGTAIL_PAGE_MODEL,
                            ),
                        ),
                        ("discount_minor", models.BigIntegerField(db_default=0, default=0)),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("order", "position"), name="order_line_position_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gte", 1)),
                                name="order_line_quantity_at_least_1",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "total_minor",
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("unit_price_minor"),
                                                "*",
                                                models.F("quantity"),
                                            ),
                                            "-",
                                            models.F("discount_minor"),
                                        ),
                                    )
                                ),
                                name="order_line_total_is_price_less_discount",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("discount_minor__gte", 0), ("total_minor__gte", 0)
                                ),
                                name="order_line_discount_within_its_price",
                            ),
                        ],
                        "indexes": [models.Index(fields=["sku"], name="order_line_sku")],
                    },
                ),
                migrations.CreateModel(
                    name="OrderLinePart",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="checkout.orderline",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        (
                            "offer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.offer",
                            ),
                        ),
                        ("sku", models.CharField(max_length=40)),
                        ("name", models.CharField(max_length=200)),
                        ("label", models.CharField(blank=True, max_length=80)),
                        ("quantity", models.PositiveSmallIntegerField(help_text="In one kit.")),
                        ("vat_rate_bp", models.PositiveIntegerField()),
                        ("gross_minor", models.BigIntegerField()),
                        ("vat_minor", models.BigIntegerField()),
                    ],
                    options={
                        "ordering": ["line", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("line", "position"), name="line_part_position_once"
                            ),
                            models.UniqueConstraint(
                                fields=("line", "offer"), name="line_part_once_per_offer"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gte", 1)),
                                name="line_part_quantity_at_least_1",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("gross_minor__gte", 0), ("vat_minor__gte", 0)),
                                name="line_part_amounts_are_not_negative",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="checkout.order",
                            ),
                        ),
                        ("kind", models.CharField(max_length=40)),
                        ("message", models.CharField(max_length=400)),
                        ("details", models.JSONField(default=dict)),
                        (
                            "actor",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("happened_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["happened_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="OrderNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="checkout.order",
                            ),
                        ),
                        ("text", models.TextField(max_length=2000)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("written_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-written_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="OrderTag",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="tags",
                                to="checkout.order",
                            ),
                        ),
                        ("name", models.CharField(db_index=True, max_length=40)),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(fields=("order", "name"), name="order_tag_once")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SavedView",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="order_views",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        ("query", models.CharField(max_length=1000)),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "name"), name="saved_view_name_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StripeEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("stripe_id", models.CharField(max_length=255, unique=True)),
                        ("type", models.CharField(max_length=80)),
                        ("object_id", models.CharField(max_length=255)),
                        ("livemode", models.BooleanField()),
                        ("received_at", models.DateTimeField()),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("next_try_at", models.DateTimeField(db_index=True, null=True)),
                        ("handled_at", models.DateTimeField(null=True)),
                        ("error", models.CharField(blank=True, max_length=400)),
                    ],
                    options={
                        "ordering": ["-received_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ReconciliationRun",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("started_at", models.DateTimeField(db_index=True)),
                        ("finished_at", models.DateTimeField(null=True)),
                        ("checked", models.PositiveIntegerField(default=0)),
                        ("repaired", models.PositiveIntegerField(default=0)),
                        ("differences", models.JSONField(default=list)),
                    ],
                    options={
                        "ordering": ["-started_at"],
                        "permissions": [
                            (
                                "repair_reconciliationrun",
                                "Can settle what Stripe and the shop differ about",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Payment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="payments",
                                to="checkout.order",
                            ),
                        ),
                        ("attempt", models.PositiveSmallIntegerField()),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("OPENING", "Being opened"),
                                    ("OPEN", "Open"),
                                    ("CLOSING", "Being closed"),
                                    ("PROCESSING", "Bank is confirming"),
                                    ("SUCCEEDED", "Succeeded"),
                                    ("FAILED", "Failed"),
                                    ("CLOSED", "Closed"),
                                    ("MISMATCHED", "Does not match the order"),
                                ],
                                db_index=True,
                                default="OPENING",
                                max_length=12,
                            ),
                        ),
                        ("idempotency_key", models.CharField(max_length=80, unique=True)),
                        ("params", models.JSONField()),
                        ("amount_minor", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        ("session_id", models.CharField(max_length=255, null=True, unique=True)),
                        (
                            "payment_intent",
                            models.CharField(max_length=255, null=True, unique=True),
                        ),
                        ("url", models.TextField(blank=True)),
                        ("created_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("paid_at", models.DateTimeField(null=True)),
                        (
                            "reference",
                            models.CharField(blank=True, db_default="", default="", max_length=60),
                        ),
                        (
                            "taken_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("STRIPE", "Stripe"),
                                    ("CASH", "Cash"),
                                    ("TERMINAL", "Card terminal"),
                                ],
                                db_default="STRIPE",
                                default="STRIPE",
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["order", "attempt"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("order", "attempt"), name="payment_attempt_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("status__in", ["OPENING", "OPEN", "CLOSING", "PROCESSING"])
                                ),
                                fields=("order",),
                                name="one_payable_session_per_order",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("way", "STRIPE"),
                                    models.Q(
                                        ("payment_intent", None),
                                        ("session_id", None),
                                        ("taken_by__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="payment_by_hand_is_not_at_stripe",
                            ),
                        ],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("way", "STRIPE"), _negated=True),
                                fields=["paid_at"],
                                name="payment_taken_by_hand",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Refund",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refunds",
                                to="checkout.payment",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refunds",
                                to="checkout.order",
                            ),
                        ),
                        ("amount_minor", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("PENDING", "Pending"),
                                    ("SUCCEEDED", "Succeeded"),
                                    ("FAILED", "Failed"),
                                ],
                                default="PENDING",
                                max_length=10,
                            ),
                        ),
                        ("idempotency_key", models.CharField(max_length=80, unique=True)),
                        (
                            "stripe_refund_id",
                            models.CharField(max_length=255, null=True, unique=True),
                        ),
                        ("reason", models.CharField(max_length=200)),
                        ("failure", models.CharField(blank=True, max_length=400)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        ("next_try_at", models.DateTimeField()),
                        ("finished_at", models.DateTimeField(null=True)),
                        (
                            "handed_back_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(blank=True, db_default="", default="", max_length=60),
                        ),
                    ],
                    options={
                        "ordering": ["created_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("amount_minor__gt", 0)),
                                name="refund_is_positive",
                            )
                        ],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "SUCCEEDED")),
                                fields=["finished_at"],
                                name="refund_gone",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Dispute",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="disputes",
                                to="checkout.payment",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="disputes",
                                to="checkout.order",
                            ),
                        ),
                        ("stripe_dispute_id", models.CharField(max_length=255, unique=True)),
                        ("amount_minor", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        ("status", models.CharField(max_length=40)),
                        ("reason", models.CharField(max_length=80)),
                        ("opened_at", models.DateTimeField()),
                        ("updated_at", models.DateTimeField()),
                        (
                            "booked_as",
                            models.OneToOneField(
                                help_text="What was lost, as the books have it; Stripe knows no such refund.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lost_dispute",
                                to="checkout.refund",
                            ),
                        ),
                        (
                            "due_at",
                            models.DateTimeField(
                                help_text="Until when evidence is taken.", null=True
                            ),
                        ),
                    ],
                    options={},
                ),
                migrations.CreateModel(
                    name="ItemToSend",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items_to_send",
                                to="checkout.order",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items_to_send",
                                to="checkout.orderline",
                            ),
                        ),
                        (
                            "part",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="items_to_send",
                                to="checkout.orderlinepart",
                            ),
                        ),
                        (
                            "offer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.offer",
                            ),
                        ),
                        ("ordered", models.PositiveIntegerField()),
                        (
                            "called_off",
                            models.PositiveIntegerField(
                                default=0, help_text="Paid back instead of sent."
                            ),
                        ),
                        (
                            "packed",
                            models.PositiveIntegerField(
                                default=0, help_text="In parcels, sent ones included."
                            ),
                        ),
                        ("handed_over", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "verbose_name": "item to send",
                        "verbose_name_plural": "items to send",
                        "ordering": ["order", "line__position", "part__position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("line", "part"), name="item_once_for_a_part"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("part", None)),
                                fields=("line",),
                                name="item_once_for_a_line",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "ordered__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("packed"), "+", models.F("called_off")
                                        ),
                                    )
                                ),
                                name="item_packed_within_what_was_paid",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("packed__gte", models.F("handed_over"))),
                                name="item_leaves_in_a_parcel",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Shipment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shipments",
                                to="checkout.order",
                            ),
                        ),
                        (
                            "position",
                            models.PositiveSmallIntegerField(
                                help_text="The first parcel of an order is 1."
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(
                                help_text="What it was packed for.", max_length=60, unique=True
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("PACKED", "Packed"),
                                    ("HANDED_OVER", "Handed over"),
                                    ("CANCELLED", "Unpacked"),
                                ],
                                default="PACKED",
                                max_length=12,
                            ),
                        ),
                        ("is_pickup", models.BooleanField()),
                        ("pickup_code", models.CharField(blank=True, max_length=6)),
                        ("carrier", models.CharField(blank=True, max_length=80)),
                        (
                            "tracking_number",
                            models.CharField(blank=True, db_index=True, max_length=60),
                        ),
                        ("tracking_url", models.URLField(blank=True, max_length=300)),
                        ("weight_grams", models.PositiveIntegerField(blank=True, null=True)),
                        ("packed_at", models.DateTimeField()),
                        (
                            "packed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("handed_over_at", models.DateTimeField(null=True)),
                        (
                            "handed_over_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("cancelled_at", models.DateTimeField(null=True)),
                        ("arrived_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "ordering": ["order", "position"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "PACKED")),
                                fields=["packed_at"],
                                name="shipment_waiting",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("order", "position"), name="shipment_position_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("status", "PACKED"),
                                    models.Q(("pickup_code", ""), _negated=True),
                                ),
                                fields=("pickup_code",),
                                name="shipment_code_names_one_waiting",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["PACKED", "HANDED_OVER", "CANCELLED"])
                                ),
                                name="shipment_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("handed_over_at__isnull", False), ("status", "HANDED_OVER")
                                    ),
                                    models.Q(
                                        models.Q(("status", "HANDED_OVER"), _negated=True),
                                        ("handed_over_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="shipment_handed_over_knows_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ShipmentLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "shipment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="checkout.shipment",
                            ),
                        ),
                        (
                            "item",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="checkout.itemtosend",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                    ],
                    options={
                        "ordering": ["item"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("shipment", "item"), name="shipment_line_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gte", 1)),
                                name="shipment_line_of_at_least_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StripeCustomer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stripe_customers",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "is_live",
                            models.BooleanField(
                                help_text="Test keys and live keys know different customers."
                            ),
                        ),
                        ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ("customer_id", models.CharField(blank=True, max_length=255)),
                        ("made_at", models.DateTimeField()),
                        (
                            "delete_from",
                            models.DateTimeField(
                                blank=True,
                                help_text="When Stripe is to be asked to delete it, or asked again.",
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "customer at Stripe",
                        "verbose_name_plural": "customers at Stripe",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("user", "is_live"), name="stripe_customer_once_per_account"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("customer_id", ""), _negated=True),
                                fields=("customer_id",),
                                name="stripe_customer_belongs_to_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BasketCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "basket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="suitability_checks",
                                to="checkout.basket",
                            ),
                        ),
                        (
                            "suitability_check",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="treatments.suitabilitycheck",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("basket", "suitability_check"),
                                name="basket_check_is_kept_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OrderCheck",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="suitability_checks",
                                to="checkout.order",
                            ),
                        ),
                        (
                            "suitability_check",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="treatments.suitabilitycheck",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("order", "suitability_check"),
                                name="order_check_is_kept_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RefundLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "quantity",
                            models.PositiveIntegerField(
                                help_text="Pieces that are paid back with it."
                            ),
                        ),
                        (
                            "called_off",
                            models.PositiveIntegerField(
                                help_text="Of them, those that were never sent."
                            ),
                        ),
                        (
                            "restocked",
                            models.PositiveIntegerField(
                                help_text="Of them, those back on the shelf."
                            ),
                        ),
                        ("gross_minor", models.BigIntegerField()),
                        ("vat_minor", models.BigIntegerField()),
                        (
                            "line",
                            models.ForeignKey(
                                help_text="None for delivery.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="refund_lines",
                                to="checkout.orderline",
                            ),
                        ),
                        (
                            "refund",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="checkout.refund",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["refund", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("refund", "line"), name="refund_line_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("line", None)),
                                fields=("refund",),
                                name="refund_of_delivery_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("gross_minor__gte", models.F("vat_minor")),
                                    ("vat_minor__gte", 0),
                                ),
                                name="refund_line_holds_its_vat",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "quantity__gte",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("called_off"), "+", models.F("restocked")
                                        ),
                                    )
                                ),
                                name="refund_line_within_its_pieces",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RefundRate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("vat_rate_bp", models.PositiveIntegerField()),
                        ("gross_minor", models.BigIntegerField()),
                        ("vat_minor", models.BigIntegerField()),
                        (
                            "refund_line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="rates",
                                to="checkout.refundline",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["refund_line", "vat_rate_bp"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("refund_line", "vat_rate_bp"), name="refund_rate_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("gross_minor__gte", models.F("vat_minor")),
                                    ("vat_minor__gte", 0),
                                ),
                                name="refund_rate_holds_its_vat",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvoiceSeller",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("company", models.CharField(blank=True, max_length=120)),
                        (
                            "line1",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="street and number"
                            ),
                        ),
                        (
                            "line2",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="second line"
                            ),
                        ),
                        ("postcode", models.CharField(blank=True, max_length=20)),
                        ("city", models.CharField(blank=True, max_length=80)),
                        (
                            "country",
                            models.CharField(
                                default="DE",
                                help_text="Two letters, such as DE.",
                                max_length=2,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[A-Z]{2}$", "Two capital letters, such as DE."
                                    )
                                ],
                            ),
                        ),
                        (
                            "vat_id",
                            models.CharField(
                                blank=True,
                                help_text="Such as DE123456789, without spaces.",
                                max_length=20,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[A-Z]{2}[0-9A-Z+*]{2,13}$", "Such as DE123456789."
                                    )
                                ],
                                verbose_name="VAT identification number",
                            ),
                        ),
                        (
                            "register",
                            models.CharField(
                                blank=True,
                                help_text="Court and number.",
                                max_length=120,
                                verbose_name="register entry",
                            ),
                        ),
                        (
                            "directors",
                            models.CharField(
                                blank=True, max_length=160, verbose_name="who speaks for it"
                            ),
                        ),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        ("email", models.EmailField(blank=True, max_length=254)),
                        ("iban", models.CharField(blank=True, max_length=34, verbose_name="IBAN")),
                        ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
                        (
                            "has_xml",
                            models.BooleanField(
                                db_default=True,
                                default=True,
                                help_text="Every PDF holds the same document for machines, too (EN 16931, Factur-X).",
                                verbose_name="e-invoices",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "invoices",
                    },
                ),
                migrations.CreateModel(
                    name="Invoice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("INVOICE", "Invoice"),
                                    ("CREDIT_NOTE", "Credit note"),
                                    ("CORRECTION", "Credit note taken back"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("series", models.CharField(max_length=8)),
                        ("year", models.PositiveSmallIntegerField()),
                        ("serial", models.PositiveIntegerField()),
                        ("number", models.CharField(max_length=24, unique=True)),
                        ("issued_at", models.DateTimeField()),
                        ("currency", models.CharField(max_length=3)),
                        ("net_minor", models.BigIntegerField()),
                        ("vat_minor", models.BigIntegerField()),
                        ("gross_minor", models.BigIntegerField()),
                        ("content", models.JSONField()),
                        ("content_hash", models.CharField(max_length=64)),
                        (
                            "corrects",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="corrected_by",
                                to="checkout.invoice",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoices",
                                to="checkout.order",
                            ),
                        ),
                        (
                            "payment",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoices",
                                to="checkout.payment",
                            ),
                        ),
                        (
                            "refund",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="invoices",
                                to="checkout.refund",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-issued_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["issued_at", "id"], name="invoice_by_issue")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("series", "year", "serial"), name="invoice_serial_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "INVOICE")),
                                fields=("order",),
                                name="invoice_once_per_order",
                            ),
                            models.UniqueConstraint(
                                fields=("refund", "kind"), name="invoice_once_per_refund"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "gross_minor",
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net_minor"), "+", models.F("vat_minor")
                                        ),
                                    )
                                ),
                                name="invoice_gross_is_net_and_vat",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("net_minor__gte", 0), ("vat_minor__gte", 0)),
                                name="invoice_amounts_are_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("corrects", None), ("kind", "INVOICE"), ("refund", None)
                                    ),
                                    models.Q(
                                        models.Q(("kind", "INVOICE"), _negated=True),
                                        ("corrects__isnull", False),
                                        ("refund__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="invoice_correction_names_what_it_corrects",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="InvoiceBuyer",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("sealed", models.TextField()),
                        ("keep_until_on", models.DateField(db_index=True)),
                        (
                            "invoice",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="buyer",
                                to="checkout.invoice",
                            ),
                        ),
                    ],
                    options={},
                ),
                migrations.CreateModel(
                    name="InvoiceCounter",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("series", models.CharField(max_length=8)),
                        ("year", models.PositiveSmallIntegerField()),
                        ("last", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("series", "year"), name="invoice_counter_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RefundSettings",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "large_above_minor",
                            money.fields.MinorUnitsField(
                                default=25000,
                                help_text="When more than this goes back for one order, all its refunds together, it takes the permission to pay back large amounts, and a sign-in of the last 15 minutes.",
                                validators=[django.core.validators.MinValueValidator(0)],
                                verbose_name="large above",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "refunds",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("large_above_minor__gte", 0)),
                                name="large_refunds_begin_somewhere",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Withdrawal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(
                                help_text="The form it came with.", max_length=64, unique=True
                            ),
                        ),
                        ("stated_at", models.DateTimeField()),
                        (
                            "refund_due_on",
                            models.DateField(help_text="14 days later; it may wait for the goods."),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="withdrawals",
                                to="checkout.order",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-stated_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="WithdrawalDecision",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("is_accepted", models.BooleanField()),
                        ("decided_at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "withdrawal",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="decision",
                                to="checkout.withdrawal",
                            ),
                        ),
                    ],
                    options={},
                ),
                migrations.CreateModel(
                    name="WithdrawalLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                        ("is_opened", models.BooleanField(help_text="As the buyer says.")),
                        ("standing", models.CharField(max_length=20)),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="checkout.orderline",
                            ),
                        ),
                        (
                            "withdrawal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="checkout.withdrawal",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["withdrawal", "line__position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("withdrawal", "line"), name="withdrawal_line_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gte", 1)),
                                name="withdrawal_line_names_a_piece",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeskBasket",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("email", models.EmailField(max_length=254)),
                        ("name", models.CharField(max_length=150)),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        ("line1", models.CharField(blank=True, max_length=150)),
                        ("line2", models.CharField(blank=True, max_length=150)),
                        ("postcode", models.CharField(blank=True, max_length=20)),
                        ("city", models.CharField(blank=True, max_length=100)),
                        ("begun_at", models.DateTimeField()),
                        (
                            "basket",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="desk",
                                to="checkout.basket",
                            ),
                        ),
                        (
                            "begun_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "customer",
                            models.ForeignKey(
                                help_text="The account it is for; none for a guest.",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="desk_baskets",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-begun_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="StripeBooking",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("stripe_id", models.CharField(max_length=255, unique=True)),
                        ("kind", models.CharField(max_length=48)),
                        ("amount_minor", models.BigIntegerField()),
                        ("fee_minor", models.BigIntegerField()),
                        ("currency", models.CharField(max_length=3)),
                        ("booked_at", models.DateTimeField(db_index=True)),
                        ("source", models.CharField(blank=True, db_index=True, max_length=255)),
                        (
                            "payment_intent",
                            models.CharField(blank=True, db_index=True, max_length=255),
                        ),
                        ("payment_key", models.CharField(blank=True, db_index=True, max_length=80)),
                    ],
                    options={
                        "ordering": ["-booked_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Return",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(
                                help_text="The form it came with.", max_length=64, unique=True
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("ASKED", "To decide"),
                                    ("APPROVED", "Awaiting the goods"),
                                    ("REJECTED", "Rejected"),
                                    ("CALLED_OFF", "Called off"),
                                    ("RECEIVED", "To inspect"),
                                    ("INSPECTED", "To settle"),
                                    ("REFUNDED", "Paid back"),
                                    ("EXCHANGED", "Exchanged"),
                                    ("CLOSED", "Closed without money"),
                                ],
                                default="ASKED",
                                max_length=10,
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("DAMAGED", "It arrived damaged"),
                                    ("WRONG", "It is not what I ordered"),
                                    ("NOT_AS_EXPECTED", "It is not as I expected"),
                                    ("TOO_LATE", "It came too late"),
                                    ("CHANGED_MIND", "I have changed my mind"),
                                    ("OTHER", "Something else"),
                                    ("WITHDRAWN", "Withdrawal from the contract"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("words", models.TextField(blank=True, max_length=1000)),
                        (
                            "wish",
                            models.CharField(
                                choices=[
                                    ("REFUND", "My money back"),
                                    ("EXCHANGE", "Another one for it"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        (
                            "answer",
                            models.CharField(
                                blank=True,
                                help_text="What staff wrote to the buyer.",
                                max_length=500,
                            ),
                        ),
                        ("decided_at", models.DateTimeField(null=True)),
                        ("label", models.BinaryField(null=True)),
                        ("received_at", models.DateTimeField(null=True)),
                        ("inspected_at", models.DateTimeField(null=True)),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "inspected_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="returns",
                                to="checkout.order",
                            ),
                        ),
                        (
                            "refund",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="of_return",
                                to="checkout.refund",
                            ),
                        ),
                        (
                            "replacement",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="replaces",
                                to="checkout.order",
                            ),
                        ),
                        (
                            "withdrawal",
                            models.OneToOneField(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="opened_return",
                                to="checkout.withdrawal",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-asked_at", "-pk"],
                        "permissions": [
                            (
                                "handle_return",
                                "Can decide on returns, take them in and inspect them",
                            )
                        ],
                        "indexes": [
                            models.Index(
                                fields=["status", "-asked_at", "-id"], name="return_status_newest"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "ASKED",
                                            "APPROVED",
                                            "REJECTED",
                                            "CALLED_OFF",
                                            "RECEIVED",
                                            "INSPECTED",
                                            "REFUNDED",
                                            "EXCHANGED",
                                            "CLOSED",
                                        ],
                                    )
                                ),
                                name="return_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("refund__isnull", False), ("status", "REFUNDED")),
                                    models.Q(
                                        models.Q(("status", "REFUNDED"), _negated=True),
                                        ("refund__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="return_paid_back_by_a_refund",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("replacement__isnull", False), ("status", "EXCHANGED")
                                    ),
                                    models.Q(
                                        models.Q(("status", "EXCHANGED"), _negated=True),
                                        ("replacement__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="return_exchanged_for_an_order",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                        (
                            "sellable",
                            models.PositiveIntegerField(
                                db_default=0,
                                default=0,
                                help_text="Of the pieces, those that are back on the shelf.",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="return_lines",
                                to="checkout.orderline",
                            ),
                        ),
                        (
                            "return_of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="checkout.return",
                            ),
                        ),
                        (
                            "wanted",
                            models.ForeignKey(
                                help_text="What the buyer would like for it.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.offer",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["return_of", "line__position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("return_of", "line"), name="return_line_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("quantity__gte", 1), ("quantity__gte", models.F("sellable"))
                                ),
                                name="return_line_within_its_pieces",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReturnPhoto",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField()),
                        ("data", models.BinaryField(help_text="A JPEG.")),
                        (
                            "return_of",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="photos",
                                to="checkout.return",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["return_of", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("return_of", "position"), name="return_photo_position_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Discount",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(
                                help_text="As buyers read it, such as “Spring: 10 % off”.",
                                max_length=60,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("PERCENT", "Percent off"),
                                    ("AMOUNT", "Amount off"),
                                    ("FREE_DELIVERY", "Free delivery"),
                                    ("FURTHER_PIECES", "Buy some, get further pieces for less"),
                                ],
                                max_length=14,
                                verbose_name="what it does",
                            ),
                        ),
                        (
                            "percent",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="From 1 to 100. For further pieces: 100 gives them for nothing.",
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                            ),
                        ),
                        (
                            "amount_minor",
                            money.fields.MinorUnitsField(
                                blank=True, null=True, verbose_name="amount"
                            ),
                        ),
                        (
                            "buy",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="For further pieces: so many at their full price…",
                                null=True,
                                verbose_name="buy",
                            ),
                        ),
                        (
                            "get",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="… and so many for less, the cheapest first.",
                                null=True,
                                verbose_name="and get",
                            ),
                        ),
                        (
                            "trigger",
                            models.CharField(
                                choices=[
                                    ("CODE", "Whoever enters a code"),
                                    ("AUTOMATIC", "Everybody, by itself"),
                                ],
                                max_length=9,
                                verbose_name="who gets it",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                blank=True,
                                help_text="One that many may enter, such as SPRING10. Codes for one use are made later.",
                                max_length=24,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[A-Z0-9]{3,24}$", "3 to 24 letters and digits."
                                    )
                                ],
                            ),
                        ),
                        (
                            "with_packages",
                            models.BooleanField(
                                default=False, verbose_name="also for packages of sessions"
                            ),
                        ),
                        (
                            "minimum_minor",
                            money.fields.MinorUnitsField(
                                blank=True,
                                help_text="What it is for must come to so much before anything is taken off.",
                                null=True,
                                verbose_name="from a value of",
                            ),
                        ),
                        (
                            "first_order_only",
                            models.BooleanField(
                                default=False,
                                help_text="By itself only for who is signed in.",
                                verbose_name="for first orders only",
                            ),
                        ),
                        (
                            "is_combinable",
                            models.BooleanField(
                                default=False,
                                help_text="Buyers get all of these together, or the best of those that stand alone.",
                                verbose_name="together with others",
                            ),
                        ),
                        (
                            "starts_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="from"),
                        ),
                        (
                            "ends_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="until"),
                        ),
                        (
                            "max_uses",
                            models.PositiveIntegerField(
                                blank=True,
                                help_text="Empty for as many as there are orders.",
                                null=True,
                                verbose_name="uses in all",
                            ),
                        ),
                        (
                            "max_uses_each",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="By account and by e-mail address; by itself only for who is signed in.",
                                null=True,
                                verbose_name="uses for each person",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="on")),
                        (
                            "reason",
                            models.CharField(
                                blank=True, help_text="For staff alone.", max_length=200
                            ),
                        ),
                        ("used", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "categories",
                            models.ManyToManyField(
                                blank=True,
                                help_text="With nothing chosen here and below, it is for everything.",
                                related_name="+",
                                to="catalog.categorypage",
                                verbose_name="only in these categories",
                            ),
                        ),
                        (
                            "offers",
                            models.ManyToManyField(
                                blank=True,
                                related_name="+",
                                to="catalog.offer",
                                verbose_name="only for these offers",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-is_active", "name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("code", ""), _negated=True),
                                fields=("code",),
                                name="discount_code_once",
                                violation_error_message="Another discount has this code.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("max_uses", None),
                                    ("used__lte", models.F("max_uses")),
                                    _connector="OR",
                                ),
                                name="discount_used_no_more_than_allowed",
                                violation_error_message="It has been used more often than that already.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("percent", None),
                                    models.Q(("percent__gte", 1), ("percent__lte", 100)),
                                    _connector="OR",
                                ),
                                name="discount_percent_from_1_to_100",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount_minor", None), ("amount_minor__gt", 0), _connector="OR"
                                ),
                                name="discount_amount_is_positive",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DiscountCode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("code", models.CharField(max_length=24, unique=True)),
                        ("is_used", models.BooleanField(default=False)),
                        ("made_at", models.DateTimeField()),
                        (
                            "discount",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="codes",
                                to="checkout.discount",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                    },
                ),
                migrations.CreateModel(
                    name="DiscountUse",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("code", models.CharField(blank=True, max_length=24)),
                        (
                            "amount_minor",
                            models.BigIntegerField(
                                help_text="Off all lines and delivery together."
                            ),
                        ),
                        (
                            "delivery_minor",
                            models.BigIntegerField(help_text="Of it, off the charge for delivery."),
                        ),
                        ("taken_at", models.DateTimeField()),
                        ("released_at", models.DateTimeField(null=True)),
                        (
                            "discount",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uses",
                                to="checkout.discount",
                            ),
                        ),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="discount_uses",
                                to="checkout.order",
                            ),
                        ),
                        (
                            "single",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="uses",
                                to="checkout.discountcode",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("order", "discount"), name="discount_use_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("amount_minor__gte", models.F("delivery_minor")),
                                    ("delivery_minor__gte", 0),
                                ),
                                name="discount_use_holds_its_delivery",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EnteredCode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("entered_at", models.DateTimeField()),
                        (
                            "basket",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="entered_codes",
                                to="checkout.basket",
                            ),
                        ),
                        (
                            "discount",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="entered",
                                to="checkout.discount",
                            ),
                        ),
                        (
                            "single",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="entered",
                                to="checkout.discountcode",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("basket", "discount"), name="entered_code_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LineReduction",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("amount_minor", models.BigIntegerField()),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reductions",
                                to="checkout.orderline",
                            ),
                        ),
                        (
                            "use",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reductions",
                                to="checkout.discountuse",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("use", "line"), name="line_reduction_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("amount_minor__gt", 0)),
                                name="line_reduction_takes_something",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recall",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("is_drill", models.BooleanField()),
                        ("reason", models.CharField(max_length=200)),
                        ("subject", models.CharField(max_length=120)),
                        ("text", models.TextField(max_length=4000)),
                        ("found_orders", models.PositiveIntegerField()),
                        ("found_pieces", models.PositiveIntegerField()),
                        (
                            "took_ms",
                            models.PositiveIntegerField(help_text="How long it took to find them."),
                        ),
                        ("started_at", models.DateTimeField()),
                        ("sent_at", models.DateTimeField(null=True)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recalls",
                                to="catalog.batch",
                            ),
                        ),
                        (
                            "sent_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-started_at", "-pk"],
                        "permissions": [("start_recall", "Can start and send recalls")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="recall_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_drill", False), ("sent_at", None), _connector="OR"
                                ),
                                name="recall_drill_is_never_sent",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecallNotice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                        (
                            "order",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recall_notices",
                                to="checkout.order",
                            ),
                        ),
                        (
                            "recall",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="checkout.recall",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["recall_id", "order_id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("recall", "order"), name="recall_notice_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gte", 1)),
                                name="recall_notice_of_at_least_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ParcelBatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parcels",
                                to="catalog.batch",
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="checkout.shipmentline",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "parcel batches",
                        "ordering": ["line", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("line", "batch"), name="parcel_batch_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gte", 1)),
                                name="parcel_batch_of_at_least_one",
                            ),
                        ],
                    },
                ),
            ],
        ),
        AppendOnly("checkout_orderevent", "an order's timeline is append-only"),
        AppendOnly("checkout_invoice", "An invoice is never changed; write a credit note."),
        AppendOnly("checkout_withdrawal", "a statement of withdrawal is append-only"),
        AppendOnly("checkout_withdrawalline", "a statement of withdrawal is append-only"),
        AppendOnly("checkout_withdrawaldecision", "a decision is append-only"),
        migrations.RunPython(add_index, drop_index),
    ]
