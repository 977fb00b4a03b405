import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
import modelcluster.fields
import wagtail.fields

from append_only.tables import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("storefront", "0001_initial"),
        ("storefront", "0002_searching"),
        ("storefront", "0003_readers"),
    ]

    initial = True

    dependencies = [
        ("catalog", "0001_squashed_0013_stock_takes"),
        ("cms", "0001_squashed_0003_when_a_picture_was_drawn"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="JobRun",
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
                        ("last_started_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "last_finished_at",
                            models.DateTimeField(
                                blank=True, help_text="When it last ended well.", null=True
                            ),
                        ),
                        ("last_error", models.CharField(blank=True, max_length=500)),
                        (
                            "failures",
                            models.PositiveIntegerField(
                                default=0, help_text="Failures since it ended well."
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="HomePage",
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
                            "hero_image",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="cms.customimage",
                            ),
                        ),
                        ("promise_title", models.CharField(max_length=120)),
                        ("promise_text", models.TextField(blank=True, max_length=400)),
                        ("concern_title", models.CharField(blank=True, max_length=120)),
                        ("concern_text", models.TextField(blank=True, max_length=300)),
                        ("visit_title", models.CharField(blank=True, max_length=120)),
                        (
                            "visit_steps",
                            wagtail.fields.StreamField(
                                [("step", 2)],
                                blank=True,
                                block_lookup={
                                    0: ("wagtail.blocks.CharBlock", (), {"max_length": 120}),
                                    1: (
                                        "cms.blocks.text.RichBlock",
                                        (),
                                        {
                                            "features": ["bold", "italic", "link", "ol", "ul"],
                                            "required": False,
                                        },
                                    ),
                                    2: (
                                        "wagtail.blocks.StructBlock",
                                        [[("title", 0), ("text", 1)]],
                                        {},
                                    ),
                                },
                                help_text="How a visit works, step by step.",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "home page",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="HomePageProduct",
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
                            "home_page",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="featured_products",
                                to="storefront.homepage",
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="on_home_pages",
                                to="catalog.productpage",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["sort_order"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("home_page", "page"), name="home_page_shows_a_product_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HomePagePackage",
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
                            "home_page",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="featured_packages",
                                to="storefront.homepage",
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="on_home_pages",
                                to="catalog.packagepage",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["sort_order"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("home_page", "page"), name="home_page_shows_a_package_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ContentPage",
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
                    ],
                    options={
                        "verbose_name": "content page",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="ViewLogMark",
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
                            "inode",
                            models.PositiveBigIntegerField(
                                default=0, help_text="Which file it was."
                            ),
                        ),
                        (
                            "offset",
                            models.PositiveBigIntegerField(
                                default=0, help_text="Bytes that are counted."
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="MissingAddress",
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
                            "path",
                            models.CharField(max_length=500, unique=True, verbose_name="address"),
                        ),
                        ("times", models.PositiveIntegerField(default=0)),
                        ("first_at", models.DateTimeField(verbose_name="first asked for")),
                        (
                            "last_at",
                            models.DateTimeField(db_index=True, verbose_name="last asked for"),
                        ),
                        (
                            "is_ignored",
                            models.BooleanField(
                                default=False,
                                help_text="Somebody decided that it need not lead anywhere.",
                                verbose_name="left alone",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "missing address",
                        "verbose_name_plural": "missing addresses",
                        "ordering": ["-times", "-last_at"],
                    },
                ),
                migrations.CreateModel(
                    name="UnansweredTerm",
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
                        ("term", models.CharField(max_length=200)),
                        ("on", models.DateField(verbose_name="day")),
                        ("times", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["-on", "-times"],
                        "indexes": [models.Index(fields=["on"], name="unanswered_term_day")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("term", "on"), name="unanswered_term_once_a_day"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Synonym",
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
                            "words",
                            models.CharField(
                                help_text="Separated by commas: “shampoo, wash, cleanser”. A phrase may stand for a word.",
                                max_length=300,
                                unique=True,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["words"],
                    },
                ),
                migrations.CreateModel(
                    name="SearchWord",
                    fields=[
                        (
                            "word",
                            models.CharField(max_length=40, primary_key=True, serialize=False),
                        ),
                        (
                            "uses",
                            models.PositiveIntegerField(
                                help_text="On how many pages it stands, roughly."
                            ),
                        ),
                        (
                            "reading",
                            models.PositiveIntegerField(
                                help_text="The reading of the shop it was last seen in."
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["word"],
                    },
                ),
                migrations.CreateModel(
                    name="VocabularyMark",
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
                        ("reading", models.PositiveIntegerField(default=1)),
                        ("begun_at", models.DateTimeField()),
                        ("read_to", models.DateTimeField(blank=True, null=True)),
                        ("read_to_page", models.BigIntegerField(default=0)),
                        ("is_whole", models.BooleanField(default=False)),
                        ("version", models.PositiveIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="SiteSettings",
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
                            "announcement",
                            models.CharField(
                                blank=True,
                                help_text="A line above every page; empty shows none.",
                                max_length=160,
                            ),
                        ),
                        (
                            "delivery_note",
                            models.CharField(
                                blank=True,
                                help_text="Beside every product: how long delivery takes.",
                                max_length=160,
                            ),
                        ),
                        (
                            "returns_note",
                            models.CharField(
                                blank=True,
                                help_text="Beside every product: how returns work.",
                                max_length=160,
                            ),
                        ),
                        ("clinic_address", models.TextField(blank=True, max_length=400)),
                        ("clinic_phone", models.CharField(blank=True, max_length=40)),
                        ("clinic_email", models.EmailField(blank=True, max_length=254)),
                        (
                            "clinic_hours",
                            models.TextField(
                                blank=True,
                                help_text="One line per day.",
                                max_length=400,
                                verbose_name="opening hours",
                            ),
                        ),
                        ("company_name", models.CharField(blank=True, max_length=120)),
                        (
                            "company_imprint",
                            models.TextField(
                                blank=True,
                                help_text="Register entry, VAT number, who speaks for it.",
                                max_length=2000,
                                verbose_name="imprint",
                            ),
                        ),
                        (
                            "main_navigation",
                            wagtail.fields.StreamField(
                                [("link", 3)],
                                blank=True,
                                block_lookup={
                                    0: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {
                                            "help_text": "Without it the page's own title is shown.",
                                            "max_length": 60,
                                            "required": False,
                                        },
                                    ),
                                    1: ("wagtail.blocks.PageChooserBlock", (), {"required": False}),
                                    2: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {
                                            "help_text": "Such as /shop/ or https://…",
                                            "label": "Address",
                                            "max_length": 300,
                                            "required": False,
                                        },
                                    ),
                                    3: (
                                        "wagtail.blocks.StructBlock",
                                        [[("title", 0), ("page", 1), ("url", 2)]],
                                        {},
                                    ),
                                },
                            ),
                        ),
                        (
                            "footer_groups",
                            wagtail.fields.StreamField(
                                [("group", 6)],
                                blank=True,
                                block_lookup={
                                    0: ("wagtail.blocks.CharBlock", (), {"max_length": 60}),
                                    1: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {
                                            "help_text": "Without it the page's own title is shown.",
                                            "max_length": 60,
                                            "required": False,
                                        },
                                    ),
                                    2: ("wagtail.blocks.PageChooserBlock", (), {"required": False}),
                                    3: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {
                                            "help_text": "Such as /shop/ or https://…",
                                            "label": "Address",
                                            "max_length": 300,
                                            "required": False,
                                        },
                                    ),
                                    4: (
                                        "wagtail.blocks.StructBlock",
                                        [[("title", 1), ("page", 2), ("url", 3)]],
                                        {},
                                    ),
                                    5: ("wagtail.blocks.ListBlock", (4,), {"min_num": 1}),
                                    6: (
                                        "wagtail.blocks.StructBlock",
                                        [[("title", 0), ("links", 5)]],
                                        {},
                                    ),
                                },
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "shop and menus",
                    },
                ),
            ]
        ),
    ]
