import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
import modelcluster.contrib.taggit
import modelcluster.fields
import wagtail.contrib.routable_page.models
import wagtail.fields
import wagtail.models.preview
import modelsearch.index

import blog.models.newsletter
import cms.rich_text
from append_only.operations import AppendOnly
from append_only.tables import CreateModels

REVIEW = "Clinical review"
ACCESS = ("wagtailadmin", "admin", "access_admin", "Can access Wagtail admin")
# What each group may do; the demo's roles and any shop's own can have the same rights besides.
GROUPS = {
    "Clinical reviewers": (
        ("blog", "approval", "give_review", "Can review articles clinically"),
        ACCESS,
    ),
    "Marketers": (
        ACCESS,
        ("blog", "newsletterissue", "view_newsletterissue", "Can view newsletterissue"),
        ("blog", "newsletterissue", "add_newsletterissue", "Can add newsletterissue"),
        ("blog", "newsletterissue", "change_newsletterissue", "Can change newsletterissue"),
        ("blog", "newsletterissue", "delete_newsletterissue", "Can delete newsletterissue"),
        ("blog", "newsletterissue", "send_newsletterissue", "Can send newsletterissue"),
        ("blog", "subscriber", "view_subscriber", "Can view subscriber"),
        ("blog", "subscriber", "change_subscriber", "Can change subscriber"),
        ("blog", "subscriber", "erase_subscriber", "Can erase subscriber"),
    ),
    "Comment moderators": (
        ACCESS,
        ("blog", "comment", "view_comment", "Can view comment"),
        ("blog", "comment", "moderate_comment", "Can approve, reject and answer comments"),
    ),
    "Clinical inbox": (
        ACCESS,
        ("blog", "privatequestion", "view_privatequestion", "Can view private question"),
        ("blog", "privatequestion", "answer_privatequestion", "Can mark as answered"),
    ),
}


def add_groups(apps, _schema_editor):
    """Rights are normally made after all migrations, so those that are given are made here."""
    groups = apps.get_model("auth", "Group")
    permissions = apps.get_model("auth", "Permission")
    content_types = apps.get_model("contenttypes", "ContentType")
    for name, rights in GROUPS.items():
        group, _ = groups.objects.get_or_create(name=name)
        for app_label, model, codename, title in rights:
            content_type, _ = content_types.objects.get_or_create(app_label=app_label, model=model)
            permission, _ = permissions.objects.get_or_create(
                content_type=content_type, codename=codename, defaults={"name": title}
            )
            group.permissions.add(permission)


def add_workflow(apps, _schema_editor):
    """Articles go through one task: somebody of the reviewers approves."""
    content_types = apps.get_model("contenttypes", "ContentType")
    kind, _ = content_types.objects.get_or_create(app_label="blog", model="clinicalreviewtask")
    task = apps.get_model("blog", "ClinicalReviewTask").objects.create(
        name=REVIEW, active=True, content_type=kind
    )
    workflow = apps.get_model("wagtailcore", "Workflow").objects.create(name=REVIEW, active=True)
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(
        workflow=workflow, task_id=task.pk, sort_order=0
    )


class Migration(migrations.Migration):
    replaces = [("blog", "0001_squashed_0013_video_captions"), ("blog", "0014_reviews_in_order")]

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cms", "0001_squashed_0003_when_a_picture_was_drawn"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="Topic",
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
                        (
                            "slug",
                            models.SlugField(
                                help_text="The last part of the topic's address.",
                                max_length=60,
                                unique=True,
                            ),
                        ),
                        (
                            "description",
                            models.TextField(
                                blank=True,
                                help_text="One or two sentences at the top of its page.",
                                max_length=300,
                            ),
                        ),
                        ("sort_order", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["sort_order", "name"],
                    },
                ),
                migrations.CreateModel(
                    name="Person",
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
                                help_text="As it stands under an article.", max_length=120
                            ),
                        ),
                        (
                            "slug",
                            models.SlugField(
                                help_text="The last part of their page's address.",
                                max_length=120,
                                unique=True,
                            ),
                        ),
                        (
                            "credentials",
                            models.CharField(
                                blank=True,
                                help_text="Degrees and training, such as “MD, dermatology”.",
                                max_length=160,
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                blank=True,
                                help_text="Such as “Dermatologist, Galea Scalp Studio”.",
                                max_length=120,
                                verbose_name="job",
                            ),
                        ),
                        (
                            "registration_number",
                            models.CharField(
                                blank=True,
                                help_text="The register and the number in it, so that readers can look them up.",
                                max_length=80,
                            ),
                        ),
                        (
                            "portrait",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="cms.customimage",
                            ),
                        ),
                        (
                            "bio",
                            cms.rich_text.CleanRichTextField(
                                blank=True,
                                help_text="What they do and why a reader may trust them, in a few sentences.",
                            ),
                        ),
                        (
                            "may_review",
                            models.BooleanField(
                                default=False,
                                help_text="A professional who can be named as clinical reviewer.",
                                verbose_name="may review articles",
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(
                                blank=True,
                                help_text="For the clinic alone; never shown to readers.",
                                max_length=254,
                                verbose_name="e-mail address",
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                blank=True,
                                help_text="How this person signs in here, if they do.",
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="person",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="account",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "people",
                        "ordering": ["name", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("name", ""), _negated=True),
                                name="person_has_a_name",
                            )
                        ],
                    },
                    bases=(models.Model, modelsearch.index.Indexed),
                ),
                migrations.CreateModel(
                    name="Approval",
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
                                    ("REVIEWED", "reviewed"),
                                    ("LET_THROUGH", "let through without review"),
                                ],
                                default="REVIEWED",
                                max_length=12,
                            ),
                        ),
                        (
                            "page",
                            models.ForeignKey(
                                db_constraint=False,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="approvals",
                                to=settings.WAGTAIL_PAGE_MODEL,
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                db_constraint=False,
                                null=True,
                                on_delete=django.db.models.deletion.DO_NOTHING,
                                related_name="+",
                                to="wagtailcore.revision",
                            ),
                        ),
                        ("page_title", models.CharField(max_length=255)),
                        ("content_hash", models.CharField(db_index=True, max_length=64)),
                        (
                            "reviewer",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="approvals",
                                to="blog.person",
                            ),
                        ),
                        ("reviewer_name", models.CharField(blank=True, max_length=120)),
                        ("reviewer_credentials", models.CharField(blank=True, max_length=255)),
                        (
                            "by",
                            models.ForeignKey(
                                help_text="The account it was given from; none when it came by a link.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "reason",
                            models.TextField(
                                blank=True, help_text="Why it may be read without a review."
                            ),
                        ),
                        ("approved_at", models.DateTimeField()),
                        ("next_review_on", models.DateField(null=True)),
                    ],
                    options={
                        "ordering": ["-approved_at", "-pk"],
                        "permissions": [
                            ("give_review", "Can review articles clinically"),
                            ("ask_for_review", "Can ask for clinical reviews"),
                            (
                                "let_through",
                                "Can publish an article without clinical review, for a reason",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["REVIEWED", "LET_THROUGH"])),
                                name="approval_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", "LET_THROUGH"),
                                    models.Q(
                                        ("next_review_on__isnull", False),
                                        ("reviewer__isnull", False),
                                        models.Q(("reviewer_name", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="approval_after_review_names_reviewer_and_next",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", "REVIEWED"),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="approval_without_review_has_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("content_hash", ""), _negated=True),
                                name="approval_names_a_content",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ArticlePage",
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
                            "approval",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="blog.approval",
                            ),
                        ),
                        (
                            "reviewer",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="reviewed_articles",
                                to="blog.person",
                                verbose_name="clinical reviewer",
                            ),
                        ),
                        ("last_reviewed_on", models.DateField(editable=False, null=True)),
                        ("next_review_on", models.DateField(editable=False, null=True)),
                        ("intro", models.TextField(max_length=400)),
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
                                    ("video", 33),
                                    ("product_card", 36),
                                    ("package_card", 38),
                                    ("treatment_card", 40),
                                    ("aftercare", 40),
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
                                    27: (
                                        "wagtail.blocks.URLBlock",
                                        (),
                                        {
                                            "help_text": "Where it is watched, such as https://www.youtube.com/watch?v=….",
                                            "label": "Address of the film",
                                        },
                                    ),
                                    28: (
                                        "wagtail.images.blocks.ImageChooserBlock",
                                        (),
                                        {
                                            "help_text": "Shown in its place: a still of ours, not theirs.",
                                            "label": "Picture",
                                        },
                                    ),
                                    29: (
                                        "wagtail.blocks.IntegerBlock",
                                        (),
                                        {"max_value": 600, "min_value": 1, "required": False},
                                    ),
                                    30: (
                                        "wagtail.blocks.TextBlock",
                                        (),
                                        {
                                            "help_text": "What it shows, for those who do not watch it.",
                                            "max_length": 600,
                                        },
                                    ),
                                    31: (
                                        "wagtail.blocks.BooleanBlock",
                                        (),
                                        {
                                            "help_text": "Written by a person, in the language of the article.",
                                            "label": "The film has captions",
                                            "required": False,
                                        },
                                    ),
                                    32: (
                                        "wagtail.blocks.TextBlock",
                                        (),
                                        {
                                            "help_text": "Every word that is said, for those who cannot hear it or would rather read.",
                                            "max_length": 20000,
                                            "required": False,
                                        },
                                    ),
                                    33: (
                                        "wagtail.blocks.StructBlock",
                                        [
                                            [
                                                ("title", 6),
                                                ("url", 27),
                                                ("image", 28),
                                                ("minutes", 29),
                                                ("summary", 30),
                                                ("has_captions", 31),
                                                ("transcript", 32),
                                            ]
                                        ],
                                        {},
                                    ),
                                    34: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {
                                            "help_text": "One line above the card. Say what it is for, and promise nothing.",
                                            "label": "Why it is here",
                                            "max_length": 200,
                                            "required": False,
                                        },
                                    ),
                                    35: (
                                        "wagtail.blocks.PageChooserBlock",
                                        (),
                                        {"label": "Product", "page_type": ["catalog.ProductPage"]},
                                    ),
                                    36: (
                                        "wagtail.blocks.StructBlock",
                                        [[("note", 34), ("page", 35)]],
                                        {},
                                    ),
                                    37: (
                                        "wagtail.blocks.PageChooserBlock",
                                        (),
                                        {"label": "Package", "page_type": ["catalog.PackagePage"]},
                                    ),
                                    38: (
                                        "wagtail.blocks.StructBlock",
                                        [[("note", 34), ("page", 37)]],
                                        {},
                                    ),
                                    39: (
                                        "wagtail.blocks.PageChooserBlock",
                                        (),
                                        {
                                            "label": "Treatment",
                                            "page_type": ["treatments.TreatmentPage"],
                                        },
                                    ),
                                    40: ("wagtail.blocks.StructBlock", [[("page", 39)]], {}),
                                },
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="written_articles",
                                to="blog.person",
                            ),
                        ),
                        (
                            "sources",
                            wagtail.fields.StreamField(
                                [("source", 4)],
                                blank=True,
                                block_lookup={
                                    0: ("wagtail.blocks.CharBlock", (), {"max_length": 250}),
                                    1: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"max_length": 120, "required": False},
                                    ),
                                    2: ("wagtail.blocks.URLBlock", (), {"required": False}),
                                    3: (
                                        "wagtail.blocks.IntegerBlock",
                                        (),
                                        {"max_value": 2200, "min_value": 1800, "required": False},
                                    ),
                                    4: (
                                        "wagtail.blocks.StructBlock",
                                        [[("title", 0), ("publisher", 1), ("url", 2), ("year", 3)]],
                                        {},
                                    ),
                                },
                                help_text="Write [1] in the text where the first source stands behind what you say.",
                            ),
                        ),
                        (
                            "read_next",
                            wagtail.fields.StreamField(
                                [("article", 0)],
                                blank=True,
                                block_lookup={
                                    0: (
                                        "wagtail.blocks.PageChooserBlock",
                                        (),
                                        {"label": "Article", "page_type": ["blog.ArticlePage"]},
                                    )
                                },
                                help_text="Shown before those that the shop finds by topic and words.",
                                null=True,
                                verbose_name="articles to read next",
                            ),
                        ),
                        (
                            "reading_minutes",
                            models.PositiveSmallIntegerField(default=1, editable=False),
                        ),
                        (
                            "takes_comments",
                            models.BooleanField(
                                db_default=True,
                                default=True,
                                help_text="Off: comments that are public stay, nobody adds another.",
                                verbose_name="readers may comment",
                            ),
                        ),
                        (
                            "topics",
                            modelcluster.fields.ParentalManyToManyField(
                                blank=True, related_name="articles", to="blog.topic"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "article",
                        "indexes": [
                            models.Index(
                                fields=["next_review_on", "page_ptr"], name="article_by_next_review"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("next_review_on__isnull", True),
                                    ("last_reviewed_on__isnull", True),
                                    ("next_review_on__gt", models.F("last_reviewed_on")),
                                    _connector="OR",
                                ),
                                name="article_is_reviewed_again_later",
                            )
                        ],
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="ArticleLikeness",
                    fields=[
                        (
                            "article",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="likeness",
                                serialize=False,
                                to="blog.articlepage",
                            ),
                        ),
                        ("words", models.JSONField(default=dict)),
                        ("others", models.JSONField(default=list)),
                        ("reckoned_at", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["reckoned_at"], name="likeness_by_when_reckoned")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ArticleTag",
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
                            "tag",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="%(app_label)s_%(class)s_items",
                                to="taggit.tag",
                            ),
                        ),
                        (
                            "content_object",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tagged_items",
                                to="blog.articlepage",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("content_object", "tag"), name="article_carries_a_tag_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CommentSettings",
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
                            "readers_may_comment",
                            models.BooleanField(
                                default=True,
                                help_text="Off: no article takes comments. Those that are public stay.",
                            ),
                        ),
                        (
                            "close_after_days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Days after an article was first published; empty keeps comments open.",
                                null=True,
                                validators=[django.core.validators.MinValueValidator(1)],
                                verbose_name="close after",
                            ),
                        ),
                        (
                            "mails_to_moderators",
                            models.BooleanField(
                                default=True,
                                help_text="Write to moderators about each comment that waits, with buttons to decide.",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "comments",
                    },
                ),
                migrations.CreateModel(
                    name="Comment",
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
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="comments",
                                to="blog.articlepage",
                            ),
                        ),
                        (
                            "parent",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="replies",
                                to="blog.comment",
                            ),
                        ),
                        (
                            "thread_at",
                            models.DateTimeField(
                                help_text="When the talk began that this belongs to."
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        (
                            "email",
                            models.EmailField(
                                blank=True,
                                help_text="Never shown to readers.",
                                max_length=254,
                                verbose_name="e-mail address",
                            ),
                        ),
                        ("text", models.TextField(max_length=5000)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("WAITING", "waiting"),
                                    ("APPROVED", "public"),
                                    ("REJECTED", "rejected"),
                                    ("SPAM", "spam"),
                                ],
                                default="WAITING",
                                max_length=8,
                            ),
                        ),
                        (
                            "is_from_staff",
                            models.BooleanField(default=False, verbose_name="by the clinic"),
                        ),
                        (
                            "staff_author",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("posted_at", models.DateTimeField(verbose_name="posted")),
                        (
                            "decided_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="decided"),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "submission_key",
                            models.CharField(
                                blank=True,
                                help_text="One form, one comment.",
                                max_length=43,
                                null=True,
                                unique=True,
                            ),
                        ),
                        (
                            "fingerprint",
                            models.CharField(
                                blank=True, help_text="Equal for equal words.", max_length=32
                            ),
                        ),
                        (
                            "network",
                            models.CharField(
                                blank=True,
                                help_text="Equal for one network on one day; no address can be read from it.",
                                max_length=32,
                            ),
                        ),
                        ("spam_score", models.FloatField(default=0.0)),
                        ("spam_reasons", models.JSONField(blank=True, default=list)),
                        (
                            "learned_as",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("WAITING", "waiting"),
                                    ("APPROVED", "public"),
                                    ("REJECTED", "rejected"),
                                    ("SPAM", "spam"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "open_reports",
                            models.PositiveSmallIntegerField(default=0, verbose_name="reports"),
                        ),
                    ],
                    options={
                        "verbose_name": "comment",
                        "ordering": ["-posted_at", "-pk"],
                        "permissions": [
                            ("moderate_comment", "Can approve, reject and answer comments")
                        ],
                        "indexes": [
                            models.Index(
                                models.F("article"),
                                models.OrderBy(models.F("thread_at"), descending=True),
                                condition=models.Q(("status", "APPROVED")),
                                name="comment_shown_on_article",
                            ),
                            models.Index(
                                fields=["status", "-posted_at", "-id"], name="comment_queue"
                            ),
                            models.Index(fields=["-posted_at", "-id"], name="comment_newest"),
                            models.Index(fields=["email", "-posted_at"], name="comment_of_person"),
                            models.Index(
                                fields=["fingerprint", "posted_at"], name="comment_same_words"
                            ),
                            models.Index(
                                condition=models.Q(("open_reports__gt", 0)),
                                fields=["-posted_at"],
                                name="comment_reported",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["WAITING", "APPROVED", "REJECTED", "SPAM"])
                                ),
                                name="comment_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("text", ""), _negated=True),
                                    models.Q(("name", ""), _negated=True),
                                ),
                                name="comment_says_something",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_from_staff", True),
                                    models.Q(("email", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="comment_of_reader_has_email",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CommentReport",
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
                            "comment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reports",
                                to="blog.comment",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("UNKIND", "It is unkind or insulting"),
                                    ("ADVERT", "It advertises something"),
                                    ("HEALTH", "It gives advice that may harm"),
                                    ("PRIVATE", "It tells something private about somebody"),
                                    ("OTHER", "Something else"),
                                ],
                                max_length=8,
                            ),
                        ),
                        ("note", models.TextField(blank=True, max_length=500)),
                        ("reported_at", models.DateTimeField()),
                        ("is_open", models.BooleanField(default=True)),
                    ],
                    options={
                        "verbose_name": "report of a comment",
                        "ordering": ["-reported_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ReplySubscription",
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
                            "comment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reply_subscription",
                                to="blog.comment",
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "verbose_name": "wish to be told of replies",
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("confirmed_at__isnull", True),
                                    ("confirmed_at__gte", models.F("asked_at")),
                                    _connector="OR",
                                ),
                                name="reply_subscription_is_confirmed_after_asking",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PrivateQuestion",
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
                            "article",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="blog.articlepage",
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                        (
                            "sealed_text",
                            models.TextField(
                                blank=True, help_text="Encrypted; empty once forgotten."
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("OPEN", "to be answered"), ("ANSWERED", "answered")],
                                default="OPEN",
                                max_length=8,
                            ),
                        ),
                        ("submission_key", models.CharField(max_length=43, unique=True)),
                        ("consent_text", models.CharField(max_length=300)),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                        ),
                    ],
                    options={
                        "verbose_name": "private question",
                        "ordering": ["-asked_at", "-pk"],
                        "permissions": [("answer_privatequestion", "Can mark as answered")],
                        "indexes": [
                            models.Index(
                                fields=["status", "-asked_at"], name="private_question_queue"
                            ),
                            models.Index(fields=["asked_at"], name="private_question_age"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("status__in", ["OPEN", "ANSWERED"])),
                                name="private_question_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answered_at__isnull", False), ("status", "ANSWERED")
                                    ),
                                    models.Q(("answered_at__isnull", True), ("status", "OPEN")),
                                    _connector="OR",
                                ),
                                name="private_question_answered_knows_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReviewRequest",
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
                                related_name="review_requests",
                                to="blog.articlepage",
                            ),
                        ),
                        (
                            "revision",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="wagtailcore.revision",
                            ),
                        ),
                        ("content_hash", models.CharField(max_length=64)),
                        (
                            "reviewer",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="review_requests",
                                to="blog.person",
                            ),
                        ),
                        (
                            "requested_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("message", models.TextField(blank=True, max_length=2000)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("WAITING", "waiting for an answer"),
                                    ("APPROVED", "approved"),
                                    ("CHANGES_ASKED", "changes asked for"),
                                    ("WITHDRAWN", "withdrawn"),
                                ],
                                db_index=True,
                                default="WAITING",
                                max_length=14,
                            ),
                        ),
                        ("requested_at", models.DateTimeField()),
                        ("expires_at", models.DateTimeField()),
                        ("nonce", models.CharField(max_length=32)),
                        ("token_digest", models.CharField(max_length=64, unique=True)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        ("signed_as", models.CharField(blank=True, max_length=120)),
                        ("remarks", models.TextField(blank=True)),
                        (
                            "remarks_on_parts",
                            models.JSONField(
                                blank=True,
                                default=dict,
                                help_text="What was said about single blocks, by their ids.",
                            ),
                        ),
                        (
                            "approval",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="request",
                                to="blog.approval",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "clinical review",
                        "ordering": ["-requested_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        ["WAITING", "APPROVED", "CHANGES_ASKED", "WITHDRAWN"],
                                    )
                                ),
                                name="review_request_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("approval__isnull", False), ("status", "APPROVED")),
                                    models.Q(
                                        models.Q(("status", "APPROVED"), _negated=True),
                                        ("approval__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="review_request_approved_has_its_approval",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "WAITING")),
                                fields=("page",),
                                name="review_request_one_waiting_per_page",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClinicalReviewTaskState",
                    fields=[
                        (
                            "taskstate_ptr",
                            models.OneToOneField(
                                auto_created=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                parent_link=True,
                                primary_key=True,
                                serialize=False,
                                to="wagtailcore.taskstate",
                            ),
                        ),
                    ],
                    bases=("wagtailcore.taskstate",),
                ),
                migrations.CreateModel(
                    name="ClinicalReviewTask",
                    fields=[
                        (
                            "task_ptr",
                            models.OneToOneField(
                                auto_created=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                parent_link=True,
                                primary_key=True,
                                serialize=False,
                                to="wagtailcore.task",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "clinical review task",
                    },
                    bases=("wagtailcore.task",),
                ),
                migrations.CreateModel(
                    name="ArticleRelatedPage",
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
                            "article",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="related_pages",
                                to="blog.articlepage",
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
                    ],
                    options={
                        "ordering": ["sort_order"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("article", "page"), name="article_leads_to_a_page_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportedPost",
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
                            "site",
                            models.CharField(help_text="The old site's address.", max_length=255),
                        ),
                        ("number", models.BigIntegerField(help_text="The post's number there.")),
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
                            "fingerprint",
                            models.CharField(
                                help_text="Differs when the post was edited.", max_length=64
                            ),
                        ),
                        (
                            "revision",
                            models.BigIntegerField(
                                help_text="What the import wrote last; a newer one was written here.",
                                null=True,
                            ),
                        ),
                        ("imported_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("site", "number"), name="imported_post_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ImportedPicture",
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
                        ("address", models.CharField(max_length=2000)),
                        ("address_digest", models.CharField(max_length=64, unique=True)),
                        ("content_digest", models.CharField(db_index=True, max_length=64)),
                        (
                            "attachment",
                            models.BigIntegerField(
                                help_text="Its number on the old site.", null=True
                            ),
                        ),
                        (
                            "image",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="cms.customimage",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="ImportedComment",
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
                            "site",
                            models.CharField(help_text="The old site's address.", max_length=255),
                        ),
                        ("number", models.BigIntegerField(help_text="The comment's number there.")),
                        (
                            "comment",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="blog.comment",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("site", "number"), name="imported_comment_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ArticleIndexPage",
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
                        "verbose_name": "list of articles",
                    },
                    bases=(
                        wagtail.contrib.routable_page.models.RoutablePageMixin,
                        "wagtailcore.page",
                    ),
                ),
                migrations.CreateModel(
                    name="Subscriber",
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
                                default=blog.models.newsletter.new_key,
                                editable=False,
                                max_length=22,
                                unique=True,
                            ),
                        ),
                        (
                            "email",
                            models.EmailField(
                                max_length=254, unique=True, verbose_name="e-mail address"
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("PENDING", "not confirmed yet"),
                                    ("CONFIRMED", "subscribed"),
                                    ("UNSUBSCRIBED", "unsubscribed"),
                                    ("SUPPRESSED", "never written to"),
                                ],
                                default="PENDING",
                                max_length=12,
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                help_text="Why nothing is sent to this address any more.",
                                max_length=200,
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="signed up on"
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        (
                            "mailed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="confirmation sent"
                            ),
                        ),
                        (
                            "confirmed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="confirmed"),
                        ),
                        (
                            "left_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="left"),
                        ),
                        (
                            "topics",
                            models.ManyToManyField(
                                blank=True,
                                help_text="None means all of them.",
                                related_name="+",
                                to="blog.topic",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-asked_at", "-pk"],
                        "permissions": [("erase_subscriber", "Can erase a subscriber")],
                        "indexes": [
                            models.Index(fields=["status", "id"], name="blog_subscriber_recipients")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        ["PENDING", "CONFIRMED", "UNSUBSCRIBED", "SUPPRESSED"],
                                    )
                                ),
                                name="subscriber_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "CONFIRMED"), _negated=True),
                                    ("confirmed_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="subscriber_has_confirmed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NewsletterConsent",
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
                        ("subscriber_key", models.CharField(db_index=True, max_length=22)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("ASKED", "signed up"),
                                    ("CONFIRMED", "confirmed"),
                                    ("TOPICS", "chose topics"),
                                    ("WITHDRAWN", "unsubscribed"),
                                    ("SUPPRESSED", "not written to any more"),
                                    ("READMITTED", "may sign up again"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("text", models.TextField(blank=True, verbose_name="text shown")),
                        ("text_version", models.CharField(blank=True, max_length=20)),
                        (
                            "source",
                            models.CharField(blank=True, max_length=200, verbose_name="page"),
                        ),
                        ("means", models.CharField(max_length=60, verbose_name="how")),
                        (
                            "topics",
                            models.JSONField(
                                default=list, help_text="Their names; none means all of them."
                            ),
                        ),
                        (
                            "change",
                            models.SmallIntegerField(
                                default=0,
                                help_text="By how many subscribers the list grew: 1, 0 or -1.",
                            ),
                        ),
                        ("happened_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["happened_at", "pk"],
                        "indexes": [
                            models.Index(fields=["happened_at"], name="blog_consent_happened_at")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "ASKED",
                                            "CONFIRMED",
                                            "TOPICS",
                                            "WITHDRAWN",
                                            "SUPPRESSED",
                                            "READMITTED",
                                        ],
                                    )
                                ),
                                name="consent_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("change__gte", -1), ("change__lte", 1)),
                                name="consent_changes_by_one",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MailTrouble",
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
                            "subscriber",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="troubles",
                                to="blog.subscriber",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("HARD_BOUNCE", "address does not exist"),
                                    ("SOFT_BOUNCE", "could not be delivered for now"),
                                    ("COMPLAINT", "marked as spam"),
                                ],
                                max_length=11,
                            ),
                        ),
                        (
                            "event_key",
                            models.CharField(
                                help_text="Never counted twice.", max_length=200, unique=True
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200)),
                        ("happened_at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["-happened_at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind__in", ["HARD_BOUNCE", "SOFT_BOUNCE", "COMPLAINT"])
                                ),
                                name="mail_trouble_kind_is_known",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NewsletterIssue",
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
                        ("subject", models.CharField(max_length=120)),
                        ("slug", models.SlugField(editable=False, max_length=120, unique=True)),
                        (
                            "preheader",
                            models.CharField(
                                blank=True,
                                help_text="What an inbox shows beside the subject; about 90 letters are seen.",
                                max_length=150,
                            ),
                        ),
                        (
                            "intro",
                            cms.rich_text.CleanRichTextField(
                                blank=True, max_length=3000, verbose_name="introduction"
                            ),
                        ),
                        (
                            "closing",
                            cms.rich_text.CleanRichTextField(
                                blank=True, help_text="Optional.", max_length=2000
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("DRAFT", "draft"),
                                    ("SCHEDULED", "scheduled"),
                                    ("SENDING", "being sent"),
                                    ("PAUSED", "paused"),
                                    ("SENT", "sent"),
                                    ("CANCELLED", "stopped"),
                                ],
                                default="DRAFT",
                                editable=False,
                                max_length=9,
                            ),
                        ),
                        (
                            "send_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="to be sent"
                            ),
                        ),
                        (
                            "started_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="sending began"
                            ),
                        ),
                        (
                            "finished_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="done"
                            ),
                        ),
                        ("enlisted_up_to", models.BigIntegerField(default=0, editable=False)),
                        (
                            "enlisted_at",
                            models.DateTimeField(blank=True, editable=False, null=True),
                        ),
                        ("sent_text", models.TextField(blank=True, editable=False)),
                        ("sent_html", models.TextField(blank=True, editable=False)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "topics",
                            modelcluster.fields.ParentalManyToManyField(
                                blank=True,
                                help_text="Who chose other topics does not get it. Without any it goes to everybody.",
                                related_name="+",
                                to="blog.topic",
                                verbose_name="for readers of",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "issue",
                        "ordering": ["-created_at", "-pk"],
                        "permissions": [("send_newsletterissue", "Can send an issue")],
                        "indexes": [
                            models.Index(fields=["status", "send_at"], name="blog_issue_due")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "DRAFT",
                                            "SCHEDULED",
                                            "SENDING",
                                            "PAUSED",
                                            "SENT",
                                            "CANCELLED",
                                        ],
                                    )
                                ),
                                name="issue_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "SCHEDULED"), _negated=True),
                                    ("send_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="issue_scheduled_knows_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["DRAFT", "SCHEDULED"]),
                                    ("started_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="issue_under_way_has_begun",
                            ),
                        ],
                    },
                    bases=(wagtail.models.preview.PreviewableMixin, models.Model),
                ),
                migrations.CreateModel(
                    name="IssueArticle",
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
                            "issue",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="articles",
                                to="blog.newsletterissue",
                            ),
                        ),
                        (
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="blog.articlepage",
                            ),
                        ),
                        (
                            "teaser",
                            models.TextField(
                                blank=True,
                                help_text="Without it the article's own introduction stands.",
                                max_length=400,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["sort_order"],
                        "abstract": False,
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("issue", "article"), name="issue_shows_an_article_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="IssueDelivery",
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
                            "issue",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="blog.newsletterissue",
                            ),
                        ),
                        (
                            "subscriber",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deliveries",
                                to="blog.subscriber",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("QUEUED", "waiting"),
                                    ("SENDING", "being sent"),
                                    ("SENT", "sent"),
                                    ("SKIPPED", "left meanwhile"),
                                    ("FAILED", "failed"),
                                ],
                                default="QUEUED",
                                max_length=7,
                            ),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        ("next_try_at", models.DateTimeField()),
                        ("lease_until", models.DateTimeField(blank=True, null=True)),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "error",
                            models.CharField(
                                blank=True, help_text="Its kind, never an address.", max_length=120
                            ),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "issue deliveries",
                        "ordering": ["pk"],
                        "indexes": [
                            models.Index(
                                fields=["issue", "status", "next_try_at"], name="blog_delivery_due"
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("issue", "subscriber"),
                                name="issue_goes_to_a_subscriber_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        ["QUEUED", "SENDING", "SENT", "SKIPPED", "FAILED"],
                                    )
                                ),
                                name="delivery_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sent_at__isnull", False), ("status", "SENT")),
                                    models.Q(
                                        models.Q(("status", "SENT"), _negated=True),
                                        ("sent_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="delivery_sent_knows_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("lease_until__isnull", False), ("status", "SENDING")),
                                    models.Q(
                                        models.Q(("status", "SENDING"), _negated=True),
                                        ("lease_until__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="delivery_leased_only_while_sending",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SendingPace",
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
                        ("minute", models.DateTimeField()),
                        ("used", models.PositiveIntegerField(default=0)),
                    ],
                ),
                migrations.CreateModel(
                    name="ArticleViews",
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
                            "article",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="blog.articlepage",
                            ),
                        ),
                        ("on", models.DateField(verbose_name="day")),
                        ("views", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["on"], name="article_views_day")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("article", "on"), name="article_views_once_a_day"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SpamWord",
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
                        ("word", models.CharField(max_length=40, unique=True)),
                        ("in_spam", models.IntegerField(default=0)),
                        ("in_approved", models.IntegerField(default=0)),
                    ],
                    options={
                        "verbose_name": "word of comments",
                        "ordering": ["word"],
                    },
                ),
                migrations.CreateModel(
                    name="PostingCount",
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
                        ("source", models.CharField(max_length=50)),
                        ("began_at", models.DateTimeField(db_index=True)),
                        ("count", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("source", "began_at"),
                                name="posting_count_is_one_for_each_stretch",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NetworkSalt",
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
                        ("day", models.DateField(unique=True)),
                        ("secret", models.BinaryField(max_length=32)),
                    ],
                    options={
                        "ordering": ["day"],
                    },
                ),
                migrations.AddField(
                    model_name="articlepage",
                    name="tags",
                    field=modelcluster.contrib.taggit.ClusterTaggableManager(
                        blank=True,
                        help_text="A comma-separated list of tags.",
                        through="blog.ArticleTag",
                        to="taggit.Tag",
                        verbose_name="Tags",
                    ),
                ),
            ]
        ),
        AppendOnly(
            "blog_approval",
            "An approval is never changed or deleted; an edit drops it, a new one replaces it.",
        ),
        AppendOnly("blog_newsletterconsent", "what was agreed to is append-only"),
        migrations.RunPython(add_groups, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(add_workflow, migrations.RunPython.noop, elidable=False),
    ]
