import datetime
import uuid

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


class Migration(migrations.Migration):
    replaces = [
        ("checkout", "0001_squashed_0008_suitability"),
        ("checkout", "0009_address_book"),
        ("checkout", "0010_parcels"),
        ("checkout", "0011_orders_from_before_parcels"),
        ("checkout", "0012_customers_at_stripe"),
        ("checkout", "0013_notes_tags_and_views"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("catalog", "0001_squashed_0011_selling_leaves_goods_here"),
        ("treatments", "0001_squashed_0012_gifts"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeliveryAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        choices=[("COURIER", "Courier"), ("PICKUP", "Pick-up at the clinic")],
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
                                "\\Ahttps://.*\\{number\\}", "Write https://… with {number}."
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
        ),
        migrations.CreateModel(
            name="BasketLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    models.UniqueConstraint(fields=("page", "on"), name="addition_count_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="DeliveryRate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    money.fields.MinorUnitsField(default=0, verbose_name="from a goods value of"),
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            ],
            options={
                "ordering": ["-placed_at", "-pk"],
                "permissions": [
                    ("cancel_order", "Can cancel an unpaid order"),
                    ("refund_order", "Can pay back sessions and goods that were not sent"),
                    ("pack_order", "Can pack orders and hand them over"),
                    ("note_order", "Can write notes on orders and tag them"),
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
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total_minor",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("goods_minor"), "+", models.F("packages_minor")
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
                            ("paid_minor__gte", 0), ("total_minor__gte", 0), ("vat_minor__gte", 0)
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("order", "position"), name="order_line_position_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "total_minor",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("unit_price_minor"), "*", models.F("quantity")
                                ),
                            )
                        ),
                        name="order_line_total_is_price_times_quantity",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gte", 1)),
                        name="order_line_quantity_at_least_1",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLinePart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    models.UniqueConstraint(fields=("user", "name"), name="saved_view_name_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StripeEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("payment_intent", models.CharField(max_length=255, null=True, unique=True)),
                ("url", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("paid_at", models.DateTimeField(null=True)),
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
                ],
            },
        ),
        migrations.CreateModel(
            name="Refund",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("stripe_refund_id", models.CharField(max_length=255, null=True, unique=True)),
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
            ],
            options={
                "ordering": ["created_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_minor__gt", 0)), name="refund_is_positive"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            ],
        ),
        migrations.CreateModel(
            name="ItemToSend",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    models.PositiveIntegerField(default=0, help_text="Paid back instead of sent."),
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
                    models.UniqueConstraint(fields=("line", "part"), name="item_once_for_a_part"),
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                ("tracking_number", models.CharField(blank=True, db_index=True, max_length=60)),
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
                            ("status", "PACKED"), models.Q(("pickup_code", ""), _negated=True)
                        ),
                        fields=("pickup_code",),
                        name="shipment_code_names_one_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["PACKED", "HANDED_OVER", "CANCELLED"])),
                        name="shipment_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_over_at__isnull", False), ("status", "HANDED_OVER")),
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                    models.UniqueConstraint(fields=("shipment", "item"), name="shipment_line_once"),
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        fields=("basket", "suitability_check"), name="basket_check_is_kept_once"
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
                        fields=("order", "suitability_check"), name="order_check_is_kept_once"
                    )
                ],
            },
        ),
        AppendOnly("checkout_orderevent", "an order's timeline is append-only"),
    ]
