from decimal import Decimal

import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
import modelcluster.fields
import wagtail.fields

import catalog.barcodes
import catalog.models.market_field
import catalog.models.product_facts
import cms.rich_text
import money.fields
from append_only.operations import AppendOnly
from append_only.tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("catalog", "0001_squashed_0011_selling_leaves_goods_here"),
        ("catalog", "0012_batches"),
        ("catalog", "0013_stock_takes"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cms", "0001_squashed_0003_when_a_picture_was_drawn"),
        ("treatments", "0001_squashed_0014_frozen_passes"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Concern",
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
                        ("name", models.CharField(max_length=60, unique=True)),
                        ("slug", models.SlugField(max_length=60, unique=True)),
                        (
                            "blurb",
                            models.CharField(
                                blank=True, help_text="One line under the name.", max_length=200
                            ),
                        ),
                        ("sort_order", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["sort_order", "name"],
                    },
                ),
                migrations.CreateModel(
                    name="SkinFeel",
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
                        ("name", models.CharField(max_length=60, unique=True)),
                        ("slug", models.SlugField(max_length=60, unique=True)),
                        ("sort_order", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["sort_order", "name"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="FreeFrom",
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
                        ("name", models.CharField(max_length=60, unique=True)),
                        ("slug", models.SlugField(max_length=60, unique=True)),
                        ("sort_order", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "verbose_name": "free-from claim",
                        "ordering": ["sort_order", "name"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ResponsiblePerson",
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
                        ("name", models.CharField(max_length=120)),
                        (
                            "postal_address",
                            models.TextField(
                                help_text="As on the box, with the country.", max_length=400
                            ),
                        ),
                        (
                            "electronic_address",
                            models.CharField(
                                help_text="An e-mail address, or the address of a page with a form.",
                                max_length=200,
                            ),
                        ),
                        (
                            "market",
                            models.CharField(
                                choices=[("EU", "European Union"), ("GB", "Great Britain")],
                                max_length=2,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "responsible persons",
                        "ordering": ["market", "name", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("market", "name"), name="responsible_person_once_per_market"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("market__in", ["EU", "GB"])),
                                name="responsible_person_market_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("name", ""), _negated=True),
                                    models.Q(("postal_address", ""), _negated=True),
                                    models.Q(("electronic_address", ""), _negated=True),
                                ),
                                name="responsible_person_can_be_reached",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ProductPage",
                    fields=[
                        (
                            "page_ptr",
                            models.OneToOneField(
                                auto_created=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                parent_link=True,
                                primary_key=True,
                                serialize=False,
                                to=settings.WAGTAIL_PAGE_MODEL,
                            ),
                        ),
                        (
                            "social_image",
                            models.ForeignKey(
                                blank=True,
                                help_text="Shown when somebody shares the page; without it the page's first picture is.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="cms.customimage",
                            ),
                        ),
                        (
                            "benefit",
                            models.CharField(
                                help_text="What it does, in one line.", max_length=140
                            ),
                        ),
                        ("intro", models.TextField(blank=True, max_length=600)),
                        (
                            "body",
                            wagtail.fields.StreamField(
                                [
                                    ("text", 0),
                                    ("figure", 4),
                                    ("steps", 10),
                                    ("do_dont", 14),
                                    ("care_card", 17),
                                    ("callout", 19),
                                    ("faq", 23),
                                    ("quote", 25),
                                    ("table", 26),
                                ],
                                blank=True,
                                block_lookup={
                                    0: ("cms.blocks.text.TextBlock", (), {}),
                                    1: ("wagtail.images.blocks.ImageChooserBlock", (), {}),
                                    2: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {
                                            "help_text": "Only where the picture's own text alternative does not fit.",
                                            "label": "Text alternative here",
                                            "max_length": 255,
                                            "required": False,
                                        },
                                    ),
                                    3: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"max_length": 250, "required": False},
                                    ),
                                    4: (
                                        "wagtail.blocks.StructBlock",
                                        [[("image", 1), ("alt", 2), ("caption", 3)]],
                                        {},
                                    ),
                                    5: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"max_length": 120, "required": False},
                                    ),
                                    6: ("wagtail.blocks.CharBlock", (), {"max_length": 120}),
                                    7: (
                                        "cms.blocks.text.RichBlock",
                                        (),
                                        {
                                            "features": ["bold", "italic", "link", "ol", "ul"],
                                            "required": False,
                                        },
                                    ),
                                    8: (
                                        "wagtail.blocks.StructBlock",
                                        [[("title", 6), ("text", 7)]],
                                        {},
                                    ),
                                    9: ("wagtail.blocks.ListBlock", (8,), {"min_num": 1}),
                                    10: (
                                        "wagtail.blocks.StructBlock",
                                        [[("title", 5), ("steps", 9)]],
                                        {},
                                    ),
                                    11: ("wagtail.blocks.CharBlock", (), {"max_length": 200}),
                                    12: (
                                        "wagtail.blocks.ListBlock",
                                        (11,),
                                        {"default": [], "label": "Do"},
                                    ),
                                    13: (
                                        "wagtail.blocks.ListBlock",
                                        (11,),
                                        {"default": [], "label": "Do not"},
                                    ),
                                    14: (
                                        "wagtail.blocks.StructBlock",
                                        [[("title", 5), ("do", 12), ("dont", 13)]],
                                        {},
                                    ),
                                    15: (
                                        "wagtail.blocks.ChoiceBlock",
                                        [],
                                        {
                                            "choices": [
                                                (
                                                    "non_urgent",
                                                    "Ask the clinic, a pharmacist or a GP",
                                                ),
                                                ("urgent", "Ask for an urgent appointment"),
                                                ("emergency", "Call emergency services"),
                                            ]
                                        },
                                    ),
                                    16: (
                                        "cms.blocks.text.RichBlock",
                                        (),
                                        {"features": ["bold", "italic", "link", "ol", "ul"]},
                                    ),
                                    17: (
                                        "wagtail.blocks.StructBlock",
                                        [[("level", 15), ("title", 6), ("text", 16)]],
                                        {},
                                    ),
                                    18: (
                                        "wagtail.blocks.ChoiceBlock",
                                        [],
                                        {
                                            "choices": [
                                                ("note", "Note"),
                                                ("tip", "Tip"),
                                                ("warning", "Warning"),
                                            ]
                                        },
                                    ),
                                    19: (
                                        "wagtail.blocks.StructBlock",
                                        [[("kind", 18), ("title", 5), ("text", 16)]],
                                        {},
                                    ),
                                    20: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {
                                            "default": "Questions and answers",
                                            "max_length": 120,
                                            "required": False,
                                        },
                                    ),
                                    21: (
                                        "wagtail.blocks.StructBlock",
                                        [[("question", 11), ("answer", 16)]],
                                        {},
                                    ),
                                    22: ("wagtail.blocks.ListBlock", (21,), {"min_num": 1}),
                                    23: (
                                        "wagtail.blocks.StructBlock",
                                        [[("title", 20), ("questions", 22)]],
                                        {},
                                    ),
                                    24: ("wagtail.blocks.TextBlock", (), {"max_length": 600}),
                                    25: (
                                        "wagtail.blocks.StructBlock",
                                        [[("quote", 24), ("attribution", 5), ("role", 5)]],
                                        {},
                                    ),
                                    26: (
                                        "wagtail.contrib.typed_table_block.blocks.TypedTableBlock",
                                        [[("text", 3)]],
                                        {},
                                    ),
                                },
                            ),
                        ),
                        (
                            "function",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="In plain words, as on the box: “leave-on scalp serum”.",
                                max_length=120,
                                verbose_name="what it is",
                            ),
                        ),
                        (
                            "application",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("LEAVE_ON", "stays on"),
                                    ("RINSE_OFF", "is rinsed off"),
                                    ("SET", "a set: each part says so itself"),
                                    ("NOT_COSMETIC", "not a cosmetic, such as a brush"),
                                ],
                                db_default="",
                                default="",
                                max_length=12,
                                verbose_name="on the skin",
                            ),
                        ),
                        (
                            "ingredients_inci",
                            models.TextField(
                                blank=True,
                                help_text="The full list, in the order of the box.",
                                verbose_name="ingredients (INCI)",
                            ),
                        ),
                        (
                            "warnings",
                            models.TextField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Word for word as on the box, one to a line.",
                                max_length=1000,
                            ),
                        ),
                        (
                            "has_no_warnings",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="Tick it once you have looked; an empty field alone says nothing.",
                                verbose_name="the box carries no warnings",
                            ),
                        ),
                        (
                            "period_after_opening_months",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="keeps for months once opened"
                            ),
                        ),
                        (
                            "durability_note",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Such as “best before the day on the tube”, or why it does not spoil.",
                                max_length=120,
                                verbose_name="instead of a period after opening",
                            ),
                        ),
                        (
                            "made_in",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=60,
                                verbose_name="country of origin",
                            ),
                        ),
                        (
                            "eu_responsible_person",
                            models.ForeignKey(
                                blank=True,
                                limit_choices_to={"market": "EU"},
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.responsibleperson",
                                verbose_name="responsible person in the European Union",
                            ),
                        ),
                        (
                            "gb_responsible_person",
                            models.ForeignKey(
                                blank=True,
                                limit_choices_to={"market": "GB"},
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.responsibleperson",
                                verbose_name="responsible person in Great Britain",
                            ),
                        ),
                        (
                            "sold_in",
                            catalog.models.market_field.MarketsField(
                                blank=True,
                                db_default="EU GB",
                                default=catalog.models.product_facts.every_market,
                                help_text="It can be published only once every fact these markets ask for is there.",
                                max_length=40,
                                verbose_name="sold in",
                            ),
                        ),
                        (
                            "is_discontinued",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="The page stays and leads on; lists, search and feeds leave it out.",
                                verbose_name="no longer made",
                            ),
                        ),
                        (
                            "replaced_by",
                            models.ForeignKey(
                                blank=True,
                                help_text="What to buy instead, if anything.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.WAGTAIL_PAGE_MODEL,
                            ),
                        ),
                        (
                            "ready_markets",
                            catalog.models.market_field.MarketsField(
                                blank=True, db_default="", default=(), editable=False, max_length=40
                            ),
                        ),
                        (
                            "scale_image",
                            models.ForeignKey(
                                blank=True,
                                help_text="In a hand, or beside something everybody knows.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="cms.customimage",
                                verbose_name="picture that shows the size",
                            ),
                        ),
                        (
                            "scale_note",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Such as “15 cm high, fits a washbag”.",
                                max_length=140,
                                verbose_name="its size in words",
                            ),
                        ),
                        ("how_to_use", cms.rich_text.CleanRichTextField(blank=True)),
                        ("suited_to", models.TextField(blank=True, max_length=600)),
                        (
                            "not_for",
                            models.TextField(blank=True, max_length=600, verbose_name="not for"),
                        ),
                        (
                            "key_ingredients",
                            wagtail.fields.StreamField(
                                [("ingredient", 3)],
                                blank=True,
                                block_lookup={
                                    0: ("wagtail.blocks.CharBlock", (), {"max_length": 80}),
                                    1: (
                                        "wagtail.blocks.DecimalBlock",
                                        (),
                                        {
                                            "decimal_places": 2,
                                            "help_text": "Percent of the product, where the maker says so.",
                                            "max_value": Decimal("100"),
                                            "min_value": Decimal("0"),
                                            "required": False,
                                        },
                                    ),
                                    2: ("wagtail.blocks.CharBlock", (), {"max_length": 160}),
                                    3: (
                                        "wagtail.blocks.StructBlock",
                                        [[("name", 0), ("percent", 1), ("purpose", 2)]],
                                        {},
                                    ),
                                },
                            ),
                        ),
                        (
                            "ph_from",
                            models.DecimalField(
                                blank=True,
                                decimal_places=1,
                                max_digits=3,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(14),
                                ],
                                verbose_name="pH from",
                            ),
                        ),
                        (
                            "ph_to",
                            models.DecimalField(
                                blank=True,
                                decimal_places=1,
                                max_digits=3,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(0),
                                    django.core.validators.MaxValueValidator(14),
                                ],
                                verbose_name="pH to",
                            ),
                        ),
                        (
                            "concerns",
                            modelcluster.fields.ParentalManyToManyField(
                                blank=True, related_name="products", to="catalog.concern"
                            ),
                        ),
                        (
                            "skin_feels",
                            modelcluster.fields.ParentalManyToManyField(
                                blank=True, related_name="products", to="catalog.skinfeel"
                            ),
                        ),
                        (
                            "free_from",
                            modelcluster.fields.ParentalManyToManyField(
                                blank=True, related_name="products", to="catalog.freefrom"
                            ),
                        ),
                        (
                            "care_tags",
                            modelcluster.fields.ParentalManyToManyField(
                                blank=True, related_name="products", to="treatments.caretag"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "product page",
                    },
                    bases=("wagtailcore.page", models.Model),
                ),
                migrations.CreateModel(
                    name="ProductPageImage",
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
                        ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                        (
                            "image",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="cms.customimage",
                            ),
                        ),
                        (
                            "alt",
                            models.CharField(
                                blank=True,
                                help_text="Only where the picture's own text alternative does not fit.",
                                max_length=255,
                                verbose_name="text alternative here",
                            ),
                        ),
                        (
                            "page",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="gallery_images",
                                to="catalog.productpage",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["sort_order"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="PackagePage",
                    fields=[
                        (
                            "page_ptr",
                            models.OneToOneField(
                                auto_created=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                parent_link=True,
                                primary_key=True,
                                serialize=False,
                                to=settings.WAGTAIL_PAGE_MODEL,
                            ),
                        ),
                        (
                            "social_image",
                            models.ForeignKey(
                                blank=True,
                                help_text="Shown when somebody shares the page; without it the page's first picture is.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="cms.customimage",
                            ),
                        ),
                        (
                            "benefit",
                            models.CharField(
                                help_text="What it does, in one line.", max_length=140
                            ),
                        ),
                        ("intro", models.TextField(blank=True, max_length=600)),
                        (
                            "body",
                            wagtail.fields.StreamField(
                                [
                                    ("text", 0),
                                    ("figure", 4),
                                    ("steps", 10),
                                    ("do_dont", 14),
                                    ("care_card", 17),
                                    ("callout", 19),
                                    ("faq", 23),
                                    ("quote", 25),
                                    ("table", 26),
                                ],
                                blank=True,
                                block_lookup={
                                    0: ("cms.blocks.text.TextBlock", (), {}),
                                    1: ("wagtail.images.blocks.ImageChooserBlock", (), {}),
                                    2: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {
                                            "help_text": "Only where the picture's own text alternative does not fit.",
                                            "label": "Text alternative here",
                                            "max_length": 255,
                                            "required": False,
                                        },
                                    ),
                                    3: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"max_length": 250, "required": False},
                                    ),
                                    4: (
                                        "wagtail.blocks.StructBlock",
                                        [[("image", 1), ("alt", 2), ("caption", 3)]],
                                        {},
                                    ),
                                    5: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"max_length": 120, "required": False},
                                    ),
                                    6: ("wagtail.blocks.CharBlock", (), {"max_length": 120}),
                                    7: (
                                        "cms.blocks.text.RichBlock",
                                        (),
                                        {
                                            "features": ["bold", "italic", "link", "ol", "ul"],
                                            "required": False,
                                        },
                                    ),
                                    8: (
                                        "wagtail.blocks.StructBlock",
                                        [[("title", 6), ("text", 7)]],
                                        {},
                                    ),
                                    9: ("wagtail.blocks.ListBlock", (8,), {"min_num": 1}),
                                    10: (
                                        "wagtail.blocks.StructBlock",
                                        [[("title", 5), ("steps", 9)]],
                                        {},
                                    ),
                                    11: ("wagtail.blocks.CharBlock", (), {"max_length": 200}),
                                    12: (
                                        "wagtail.blocks.ListBlock",
                                        (11,),
                                        {"default": [], "label": "Do"},
                                    ),
                                    13: (
                                        "wagtail.blocks.ListBlock",
                                        (11,),
                                        {"default": [], "label": "Do not"},
                                    ),
                                    14: (
                                        "wagtail.blocks.StructBlock",
                                        [[("title", 5), ("do", 12), ("dont", 13)]],
                                        {},
                                    ),
                                    15: (
                                        "wagtail.blocks.ChoiceBlock",
                                        [],
                                        {
                                            "choices": [
                                                (
                                                    "non_urgent",
                                                    "Ask the clinic, a pharmacist or a GP",
                                                ),
                                                ("urgent", "Ask for an urgent appointment"),
                                                ("emergency", "Call emergency services"),
                                            ]
                                        },
                                    ),
                                    16: (
                                        "cms.blocks.text.RichBlock",
                                        (),
                                        {"features": ["bold", "italic", "link", "ol", "ul"]},
                                    ),
                                    17: (
                                        "wagtail.blocks.StructBlock",
                                        [[("level", 15), ("title", 6), ("text", 16)]],
                                        {},
                                    ),
                                    18: (
                                        "wagtail.blocks.ChoiceBlock",
                                        [],
                                        {
                                            "choices": [
                                                ("note", "Note"),
                                                ("tip", "Tip"),
                                                ("warning", "Warning"),
                                            ]
                                        },
                                    ),
                                    19: (
                                        "wagtail.blocks.StructBlock",
                                        [[("kind", 18), ("title", 5), ("text", 16)]],
                                        {},
                                    ),
                                    20: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {
                                            "default": "Questions and answers",
                                            "max_length": 120,
                                            "required": False,
                                        },
                                    ),
                                    21: (
                                        "wagtail.blocks.StructBlock",
                                        [[("question", 11), ("answer", 16)]],
                                        {},
                                    ),
                                    22: ("wagtail.blocks.ListBlock", (21,), {"min_num": 1}),
                                    23: (
                                        "wagtail.blocks.StructBlock",
                                        [[("title", 20), ("questions", 22)]],
                                        {},
                                    ),
                                    24: ("wagtail.blocks.TextBlock", (), {"max_length": 600}),
                                    25: (
                                        "wagtail.blocks.StructBlock",
                                        [[("quote", 24), ("attribution", 5), ("role", 5)]],
                                        {},
                                    ),
                                    26: (
                                        "wagtail.contrib.typed_table_block.blocks.TypedTableBlock",
                                        [[("text", 3)]],
                                        {},
                                    ),
                                },
                            ),
                        ),
                        (
                            "treatment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="package_pages",
                                to="treatments.treatment",
                            ),
                        ),
                        ("how_to_book", cms.rich_text.CleanRichTextField(blank=True)),
                        (
                            "refund_rule",
                            cms.rich_text.CleanRichTextField(
                                blank=True, help_text="What comes back for sessions nobody used."
                            ),
                        ),
                        (
                            "transfer_rule",
                            cms.rich_text.CleanRichTextField(
                                blank=True, help_text="Who else may use the sessions."
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "package page",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="PackagePageImage",
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
                        ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                        (
                            "image",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="cms.customimage",
                            ),
                        ),
                        (
                            "alt",
                            models.CharField(
                                blank=True,
                                help_text="Only where the picture's own text alternative does not fit.",
                                max_length=255,
                                verbose_name="text alternative here",
                            ),
                        ),
                        (
                            "page",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="gallery_images",
                                to="catalog.packagepage",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["sort_order"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="Offer",
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
                            "sku",
                            models.CharField(
                                max_length=40,
                                unique=True,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "^[A-Z0-9][A-Z0-9-]*$", "Use capitals, digits and hyphens."
                                    )
                                ],
                                verbose_name="SKU",
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                blank=True,
                                help_text="The product or package page that shows it; without one it is sold in kits alone.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="offers",
                                to=settings.WAGTAIL_PAGE_MODEL,
                            ),
                        ),
                        (
                            "label",
                            models.CharField(
                                help_text="Tells it from its siblings: “250 ml”.", max_length=60
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("PRODUCT", "product"), ("PACKAGE", "package")],
                                default="PRODUCT",
                                max_length=10,
                            ),
                        ),
                        ("price_minor", money.fields.MinorUnitsField(verbose_name="price")),
                        ("currency", models.CharField(default="EUR", editable=False, max_length=3)),
                        (
                            "lowest_before_minor",
                            models.BigIntegerField(
                                blank=True,
                                editable=False,
                                null=True,
                                verbose_name="lowest price of the 30 days before the reduction",
                            ),
                        ),
                        (
                            "vat_rate_bp",
                            models.PositiveIntegerField(
                                default=1900,
                                help_text="In basis points: 1900 is 19 %.",
                                verbose_name="VAT rate",
                            ),
                        ),
                        ("tax_code", models.CharField(default="txcd_99999999", max_length=20)),
                        (
                            "content_amount",
                            models.DecimalField(
                                blank=True,
                                decimal_places=2,
                                max_digits=9,
                                null=True,
                                validators=[
                                    django.core.validators.MinValueValidator(Decimal("0.01"))
                                ],
                                verbose_name="content",
                            ),
                        ),
                        (
                            "content_unit",
                            models.CharField(
                                blank=True,
                                choices=[("ML", "ml"), ("G", "g"), ("PIECE", "piece")],
                                max_length=5,
                            ),
                        ),
                        (
                            "weight_grams",
                            models.PositiveIntegerField(
                                default=0,
                                help_text="Packed; decides what delivery costs.",
                                verbose_name="weight in grams",
                            ),
                        ),
                        (
                            "barcode",
                            models.CharField(
                                blank=True,
                                help_text="The EAN or GTIN on the box.",
                                max_length=14,
                                validators=[catalog.barcodes.validate_barcode],
                            ),
                        ),
                        (
                            "active_from",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="on sale from"
                            ),
                        ),
                        (
                            "active_until",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="on sale until"
                            ),
                        ),
                        ("sort_order", models.PositiveIntegerField(default=0)),
                        (
                            "is_kit",
                            models.BooleanField(db_default=False, default=False, editable=False),
                        ),
                        (
                            "treatment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="offers",
                                to="treatments.treatment",
                            ),
                        ),
                        ("sessions", models.PositiveSmallIntegerField(blank=True, null=True)),
                        (
                            "validity_days",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="valid for days"
                            ),
                        ),
                        (
                            "validity_rule",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("FROM_PURCHASE", "from the purchase"),
                                    ("FROM_FIRST_USE", "from the first session"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "refund_terms_version",
                            models.CharField(
                                blank=True,
                                help_text="The terms that hold for unused sessions: “2026-01”.",
                                max_length=20,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["sort_order", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("price_minor__gte", 0)),
                                name="offer_price_is_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("vat_rate_bp__lte", 10000)),
                                name="offer_vat_is_at_most_the_price",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("content_amount", None), ("content_unit", "")),
                                    models.Q(
                                        ("content_amount__gt", 0),
                                        ("content_unit__in", ["ML", "G", "PIECE"]),
                                    ),
                                    _connector="OR",
                                ),
                                name="offer_content_has_amount_and_unit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("active_from", None),
                                    ("active_until", None),
                                    ("active_until__gt", models.F("active_from")),
                                    _connector="OR",
                                ),
                                name="offer_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind", "PRODUCT"),
                                        ("refund_terms_version", ""),
                                        ("sessions", None),
                                        ("treatment", None),
                                        ("validity_days", None),
                                        ("validity_rule", ""),
                                    ),
                                    models.Q(
                                        ("kind", "PACKAGE"),
                                        ("treatment__isnull", False),
                                        ("sessions__gte", 1),
                                        ("validity_days__gte", 1),
                                        ("validity_days__lte", 3660),
                                        ("validity_rule__in", ["FROM_PURCHASE", "FROM_FIRST_USE"]),
                                        models.Q(("refund_terms_version", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="offer_of_a_package_says_what_it_grants",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_kit", False), ("kind", "PRODUCT"), _connector="OR"
                                ),
                                name="offer_of_a_package_is_no_kit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OfferPrice",
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
                            "offer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="prices",
                                to="catalog.offer",
                            ),
                        ),
                        ("price_minor", money.fields.MinorUnitsField(verbose_name="price")),
                        ("currency", models.CharField(max_length=3)),
                        (
                            "is_reduction",
                            models.BooleanField(
                                default=False, verbose_name="announced as a reduction"
                            ),
                        ),
                        ("valid_from", models.DateTimeField()),
                        (
                            "set_by",
                            models.ForeignKey(
                                blank=True,
                                help_text="Who set it; nobody when the shop itself did.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reason", models.CharField(max_length=200)),
                    ],
                    options={
                        "ordering": ["offer", "valid_from", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("offer", "valid_from"), name="offer_price_one_per_moment"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("price_minor__gte", 0)),
                                name="offer_price_history_is_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="offer_price_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportRun",
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
                            "owner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("PRODUCTS", "products"), ("PICTURES", "pictures")],
                                default="PRODUCTS",
                                max_length=10,
                            ),
                        ),
                        ("file_name", models.CharField(max_length=200)),
                        (
                            "reason",
                            models.CharField(
                                help_text="Stands beside every price and movement.", max_length=200
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("CHECKING", "being checked"),
                                    ("REFUSED", "refused"),
                                    ("READY", "checked, waiting for you"),
                                    ("APPLYING", "being applied"),
                                    ("INDEXING", "applied, being indexed"),
                                    ("APPLIED", "applied"),
                                    ("UNDOING", "being undone"),
                                    ("UNDONE", "undone"),
                                    ("EXPIRED", "expired"),
                                ],
                                default="CHECKING",
                                max_length=10,
                            ),
                        ),
                        ("stage", models.CharField(blank=True, max_length=60)),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("total", models.PositiveIntegerField(default=0)),
                        ("message", models.CharField(blank=True, max_length=300)),
                        (
                            "report",
                            models.JSONField(
                                default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                            ),
                        ),
                        ("problem_count", models.PositiveIntegerField(default=0)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("lease_until", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField()),
                        (
                            "expires_at",
                            models.DateTimeField(
                                help_text="When the uploaded file is thrown away."
                            ),
                        ),
                        ("applied_at", models.DateTimeField(blank=True, null=True)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "import",
                        "ordering": ["-pk"],
                        "default_permissions": ("add", "view"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "CHECKING",
                                            "REFUSED",
                                            "READY",
                                            "APPLYING",
                                            "INDEXING",
                                            "APPLIED",
                                            "UNDOING",
                                            "UNDONE",
                                            "EXPIRED",
                                        ],
                                    )
                                ),
                                name="import_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="import_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportPart",
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
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="parts",
                                to="catalog.importrun",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("content", models.BinaryField()),
                    ],
                    options={
                        "ordering": ["run", "number"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("run", "number"), name="import_part_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportProblem",
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
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="problems",
                                to="catalog.importrun",
                            ),
                        ),
                        (
                            "row",
                            models.PositiveIntegerField(
                                help_text="As the spreadsheet counts; 1 is the heading."
                            ),
                        ),
                        ("column", models.CharField(blank=True, max_length=60)),
                        ("message", models.CharField(max_length=300)),
                    ],
                    options={
                        "ordering": ["run", "row", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ImportedChange",
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
                            "run",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="changes",
                                to="catalog.importrun",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("PAGE_ADDED", "product added"),
                                    ("PAGE_CHANGED", "product changed"),
                                    ("OFFER_ADDED", "offer added"),
                                    ("OFFER_CHANGED", "offer changed"),
                                    ("PRICE_CHANGED", "price changed"),
                                    ("STOCK_MOVED", "stock moved"),
                                    ("RULES_CHANGED", "stock settings changed"),
                                    ("PICTURE_ADDED", "picture added"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("row", models.PositiveIntegerField()),
                        (
                            "page",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.WAGTAIL_PAGE_MODEL,
                            ),
                        ),
                        (
                            "offer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.offer",
                            ),
                        ),
                        (
                            "before",
                            models.JSONField(
                                default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                            ),
                        ),
                        (
                            "after",
                            models.JSONField(
                                default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["run", "pk"],
                        "indexes": [models.Index(fields=["run", "kind"], name="imported_by_kind")],
                    },
                ),
                migrations.CreateModel(
                    name="OfferPart",
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
                            "kit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="catalog.offer",
                            ),
                        ),
                        (
                            "part",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="part_of",
                                to="catalog.offer",
                            ),
                        ),
                        ("quantity", models.PositiveSmallIntegerField(default=1)),
                        ("sort_order", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["sort_order", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kit", "part"), name="offer_part_once_per_kit"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("kit", models.F("part")), _negated=True),
                                name="offer_part_is_not_its_kit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gte", 1)),
                                name="offer_part_of_at_least_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Stock",
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
                            "offer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="stock",
                                to="catalog.offer",
                            ),
                        ),
                        ("on_hand", models.PositiveIntegerField(default=0)),
                        ("reserved", models.PositiveIntegerField(default=0)),
                        (
                            "back_order_limit",
                            models.PositiveIntegerField(
                                default=0,
                                help_text="How many may be sold before they have arrived.",
                            ),
                        ),
                        ("back_ordered", models.PositiveIntegerField(default=0)),
                        (
                            "back_order_days",
                            models.PositiveSmallIntegerField(
                                default=14,
                                help_text="What a buyer on back-order is told.",
                                verbose_name="days until they arrive",
                            ),
                        ),
                        (
                            "low_from",
                            models.PositiveIntegerField(
                                default=5,
                                help_text="From how few on the page says “3 left”.",
                                verbose_name="low from",
                            ),
                        ),
                        (
                            "cost_minor",
                            models.PositiveBigIntegerField(
                                blank=True,
                                editable=False,
                                help_text="What the newest piece cost, without VAT.",
                                null=True,
                            ),
                        ),
                        (
                            "in_batches",
                            models.PositiveIntegerField(blank=True, editable=False, null=True),
                        ),
                        ("right_until_on", models.DateField(blank=True, editable=False, null=True)),
                        (
                            "withheld",
                            models.PositiveIntegerField(
                                db_default=0,
                                default=0,
                                editable=False,
                                help_text="Stopped, or expiring too soon.",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "stock",
                        "ordering": ["offer__sku"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("reserved__gte", 0), ("reserved__lte", models.F("on_hand"))
                                ),
                                name="stock_reserves_no_more_than_it_has",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("back_ordered__gte", 0),
                                    ("back_ordered__lte", models.F("back_order_limit")),
                                ),
                                name="stock_back_orders_stay_within_their_limit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("in_batches", None),
                                    ("in_batches", models.F("on_hand")),
                                    _connector="OR",
                                ),
                                name="stock_is_what_its_batches_have",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("withheld", 0),
                                    models.Q(
                                        ("in_batches__isnull", False),
                                        ("withheld__lte", models.F("on_hand")),
                                    ),
                                    _connector="OR",
                                ),
                                name="stock_withholds_no_more_than_it_has",
                            ),
                        ],
                        "permissions": [("value_stock", "Can read what the stock is worth")],
                    },
                ),
                migrations.CreateModel(
                    name="StockMovement",
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
                            "stock",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="movements",
                                to="catalog.stock",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("RECEIVED", "received"),
                                    ("SOLD", "sold"),
                                    ("COUNTED", "counted"),
                                    ("DAMAGED", "damaged"),
                                    ("RETURNED", "returned"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "quantity",
                            models.IntegerField(help_text="Added, or taken when negative."),
                        ),
                        ("reason", models.CharField(max_length=200)),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                help_text="Who did it; nobody when the shop itself did.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reference",
                            models.CharField(blank=True, max_length=120, null=True, unique=True),
                        ),
                        ("happened_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-happened_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind__in", ["RECEIVED", "RETURNED"]), ("quantity__gt", 0)
                                    ),
                                    models.Q(
                                        ("kind__in", ["SOLD", "DAMAGED"]), ("quantity__lt", 0)
                                    ),
                                    models.Q(
                                        ("kind", "COUNTED"),
                                        models.Q(("quantity", 0), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="stock_movement_goes_the_way_of_its_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="stock_movement_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reservation",
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
                        ("reference", models.CharField(max_length=120)),
                        (
                            "offer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reservations",
                                to="catalog.offer",
                            ),
                        ),
                        ("quantity", models.PositiveIntegerField()),
                        ("handed_over", models.PositiveIntegerField(db_default=0, default=0)),
                        ("is_back_order", models.BooleanField(default=False)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("HELD", "held"),
                                    ("SOLD", "sold"),
                                    ("CONSUMED", "handed over"),
                                    ("RELEASED", "released"),
                                ],
                                default="HELD",
                                max_length=10,
                            ),
                        ),
                        ("expires_at", models.DateTimeField()),
                        ("created_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["offer", "pk"],
                        "indexes": [
                            models.Index(
                                fields=["status", "expires_at"], name="reservation_by_expiry"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("reference", "offer"),
                                name="reservation_once_per_reference_and_offer",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gte", 1)),
                                name="reservation_of_at_least_one",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("handed_over__gte", 0),
                                    ("handed_over__lte", models.F("quantity")),
                                ),
                                name="reservation_hands_over_what_it_holds",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["HELD", "SOLD", "CONSUMED", "RELEASED"])
                                ),
                                name="reservation_status_is_known",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BoughtTogether",
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
                        (
                            "other_page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.WAGTAIL_PAGE_MODEL,
                            ),
                        ),
                        ("count", models.PositiveIntegerField()),
                    ],
                    options={
                        "verbose_name_plural": "bought together",
                        "ordering": ["page", "-count", "other_page"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("page", "other_page"), name="bought_together_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("page", models.F("other_page")), _negated=True),
                                name="bought_together_with_another_page",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PackagePageRecommendation",
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
                        ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                        (
                            "related_page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.WAGTAIL_PAGE_MODEL,
                                verbose_name="page",
                            ),
                        ),
                        (
                            "page",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="goes_well_with",
                                to="catalog.packagepage",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["sort_order"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ProductPageRecommendation",
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
                        ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                        (
                            "related_page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.WAGTAIL_PAGE_MODEL,
                                verbose_name="page",
                            ),
                        ),
                        (
                            "page",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="goes_well_with",
                                to="catalog.productpage",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["sort_order"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="CatalogPage",
                    fields=[
                        (
                            "page_ptr",
                            models.OneToOneField(
                                auto_created=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                parent_link=True,
                                primary_key=True,
                                serialize=False,
                                to=settings.WAGTAIL_PAGE_MODEL,
                            ),
                        ),
                        (
                            "social_image",
                            models.ForeignKey(
                                blank=True,
                                help_text="Shown when somebody shares the page; without it the page's first picture is.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="cms.customimage",
                            ),
                        ),
                        ("intro", models.TextField(blank=True, max_length=600)),
                    ],
                    options={
                        "verbose_name": "catalogue page",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="CategoryPage",
                    fields=[
                        (
                            "page_ptr",
                            models.OneToOneField(
                                auto_created=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                parent_link=True,
                                primary_key=True,
                                serialize=False,
                                to=settings.WAGTAIL_PAGE_MODEL,
                            ),
                        ),
                        (
                            "social_image",
                            models.ForeignKey(
                                blank=True,
                                help_text="Shown when somebody shares the page; without it the page's first picture is.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="cms.customimage",
                            ),
                        ),
                        ("intro", models.TextField(blank=True, max_length=600)),
                        (
                            "image",
                            models.ForeignKey(
                                blank=True,
                                help_text="Shown where the category is offered as a way in.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="cms.customimage",
                            ),
                        ),
                        (
                            "blurb",
                            models.CharField(
                                blank=True, help_text="One line under the title.", max_length=200
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "category page",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="PlannedPrice",
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
                            "offer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="planned_prices",
                                to="catalog.offer",
                            ),
                        ),
                        ("price_minor", money.fields.MinorUnitsField(verbose_name="price")),
                        (
                            "is_reduction",
                            models.BooleanField(
                                default=False, verbose_name="announced as a reduction"
                            ),
                        ),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        (
                            "ends_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="until"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("PLANNED", "planned"),
                                    ("RUNNING", "running"),
                                    ("DONE", "done"),
                                    ("OVERTAKEN", "overtaken"),
                                    ("CANCELLED", "cancelled"),
                                    ("REFUSED", "refused"),
                                ],
                                default="PLANNED",
                                max_length=10,
                            ),
                        ),
                        (
                            "started",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plan",
                                to="catalog.offerprice",
                            ),
                        ),
                        ("reason", models.CharField(max_length=200)),
                        (
                            "planned_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("planned_at", models.DateTimeField()),
                        ("settled_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True, help_text="Why it ended as it did.", max_length=400
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["starts_at", "pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status__in", ("PLANNED", "RUNNING"))),
                                fields=["starts_at"],
                                name="planned_price_open",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("price_minor__gte", 0)),
                                name="planned_price_is_not_negative",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_at", None),
                                    ("ends_at__gt", models.F("starts_at")),
                                    _connector="OR",
                                ),
                                name="planned_price_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="planned_price_says_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "PLANNED",
                                            "RUNNING",
                                            "DONE",
                                            "OVERTAKEN",
                                            "CANCELLED",
                                            "REFUSED",
                                        ],
                                    )
                                ),
                                name="planned_price_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "RUNNING"), _negated=True),
                                    models.Q(
                                        ("ends_at__isnull", False), ("started__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="planned_price_runs_from_a_price_to_an_end",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PriceRound",
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
                        ("token", models.CharField(max_length=43, unique=True)),
                        (
                            "rule",
                            models.CharField(help_text="What was done, in words.", max_length=200),
                        ),
                        ("reason", models.CharField(max_length=160)),
                        (
                            "made_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                        (
                            "undone_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("undone_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "verbose_name": "bulk price change",
                        "ordering": ["-made_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("reason", ""), _negated=True),
                                name="price_round_says_why",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PriceRoundLine",
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
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="catalog.priceround",
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
                        (
                            "before",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.offerprice",
                            ),
                        ),
                        (
                            "after",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.offerprice",
                            ),
                        ),
                        (
                            "plan",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.plannedprice",
                            ),
                        ),
                        ("undo_note", models.CharField(blank=True, max_length=400)),
                    ],
                    options={
                        "ordering": ["offer__sku", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("round", "offer"), name="price_round_line_once_per_offer"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("after__isnull", False),
                                    ("plan__isnull", False),
                                    _connector="OR",
                                ),
                                name="price_round_line_did_something",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SalesCount",
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
                            "offer",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sales",
                                to="catalog.offer",
                            ),
                        ),
                        (
                            "sold_30",
                            models.PositiveIntegerField(default=0, verbose_name="sold in 30 days"),
                        ),
                        (
                            "sold_90",
                            models.PositiveIntegerField(default=0, verbose_name="sold in 90 days"),
                        ),
                        ("counted_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["offer"],
                    },
                ),
                migrations.CreateModel(
                    name="Batch",
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
                            "code",
                            models.CharField(
                                blank=True,
                                max_length=40,
                                validators=[
                                    django.core.validators.RegexValidator(
                                        "\\A[A-Z0-9][A-Z0-9./_-]*\\Z",
                                        "Use capitals, digits, and . / _ - between them.",
                                    )
                                ],
                                verbose_name="batch number",
                            ),
                        ),
                        (
                            "expires_on",
                            models.DateField(blank=True, null=True, verbose_name="best before"),
                        ),
                        ("use_months", models.PositiveSmallIntegerField(default=0)),
                        ("sold_until_on", models.DateField(blank=True, null=True)),
                        ("arrived_on", models.DateField()),
                        ("on_hand", models.PositiveIntegerField(default=0)),
                        (
                            "packed",
                            models.PositiveIntegerField(
                                default=0, help_text="Of those on hand: in parcels that wait."
                            ),
                        ),
                        ("stopped_at", models.DateTimeField(blank=True, null=True)),
                        ("stop_reason", models.CharField(blank=True, max_length=200)),
                        (
                            "offer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batches",
                                to="catalog.offer",
                            ),
                        ),
                        (
                            "stopped_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "batches",
                        "ordering": [
                            "offer__sku",
                            models.OrderBy(models.F("expires_on"), nulls_last=True),
                            "pk",
                        ],
                        "indexes": [
                            models.Index(fields=["sold_until_on"], name="batch_by_last_day_of_sale")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("offer", "code"), name="batch_once_for_an_offer"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("packed__gte", 0), ("packed__lte", models.F("on_hand"))
                                ),
                                name="batch_packs_no_more_than_it_has",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("expires_on", None), ("sold_until_on", None)),
                                    ("sold_until_on__lte", models.F("expires_on")),
                                    _connector="OR",
                                ),
                                name="batch_is_sold_before_it_expires",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("stop_reason", ""), ("stopped_at", None)),
                                    models.Q(
                                        ("stopped_at__isnull", False),
                                        models.Q(("stop_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="batch_stopped_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="BatchMove",
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
                            models.IntegerField(help_text="Added, or taken when negative."),
                        ),
                        ("happened_at", models.DateTimeField()),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="moves",
                                to="catalog.batch",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "movement",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="batch_moves",
                                to="catalog.stockmovement",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-happened_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("quantity", 0), _negated=True),
                                name="batch_move_moves_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GoodsReceipt",
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
                        ("supplier", models.CharField(max_length=120)),
                        (
                            "reference",
                            models.CharField(
                                help_text="The number on the supplier's paper.",
                                max_length=80,
                                verbose_name="delivery note",
                            ),
                        ),
                        (
                            "token",
                            models.CharField(
                                help_text="The form it came with.", max_length=32, unique=True
                            ),
                        ),
                        ("received_at", models.DateTimeField()),
                        (
                            "received_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "goods receipt",
                        "ordering": ["-received_at", "-pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("supplier", "reference"),
                                name="goods_receipt_once_for_a_delivery_note",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GoodsReceiptLine",
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
                        ("quantity", models.PositiveIntegerField()),
                        (
                            "cost_minor",
                            models.PositiveBigIntegerField(
                                blank=True,
                                help_text="What one piece cost us, without VAT.",
                                null=True,
                            ),
                        ),
                        (
                            "batch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.batch",
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
                        (
                            "receipt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="catalog.goodsreceipt",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["receipt", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("receipt", "position"),
                                name="goods_receipt_line_position_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("quantity__gte", 1)),
                                name="goods_receipt_line_of_at_least_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StockTake",
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
                                help_text="Such as “Shelf by the door, autumn”.", max_length=80
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("OPEN", "being counted"),
                                    ("APPROVED", "approved"),
                                    ("CANCELLED", "given up"),
                                ],
                                default="OPEN",
                                max_length=9,
                            ),
                        ),
                        ("started_at", models.DateTimeField()),
                        ("ended_at", models.DateTimeField(null=True)),
                        (
                            "reason",
                            models.CharField(
                                blank=True, help_text="Why it was approved.", max_length=160
                            ),
                        ),
                        (
                            "ended_by",
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
                        "permissions": [("approve_stocktake", "Can approve stock takes")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["OPEN", "APPROVED", "CANCELLED"])
                                ),
                                name="stock_take_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at", None), ("status", "OPEN")),
                                    models.Q(
                                        models.Q(("status", "OPEN"), _negated=True),
                                        ("ended_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="stock_take_ended_knows_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "APPROVED"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="stock_take_approved_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StockTakeLine",
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
                            "batch",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="catalog.batch",
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
                        (
                            "take",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lines",
                                to="catalog.stocktake",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["take_id", "offer__sku", "pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("take", "offer", "batch"),
                                name="stock_take_line_once_for_a_batch",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("batch", None)),
                                fields=("take", "offer"),
                                name="stock_take_line_once_for_an_offer",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StockCount",
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
                        ("counted", models.PositiveIntegerField()),
                        ("stood", models.PositiveIntegerField()),
                        ("counted_at", models.DateTimeField()),
                        (
                            "counted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "line",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="counts",
                                to="catalog.stocktakeline",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["line_id", "pk"],
                    },
                ),
            ],
        ),
        AppendOnly("catalog_offerprice", "offer prices are append-only"),
        AppendOnly("catalog_stockmovement", "stock movements are append-only"),
        AppendOnly("catalog_batchmove", "moves of batches are append-only"),
        AppendOnly("catalog_stockcount", "what was counted is append-only"),
    ]
