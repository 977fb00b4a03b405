import uuid
from typing import Any

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
import modelcluster.fields
import wagtail.fields

import cms.rich_text
import treatments.models.suitability
from append_only.operations import AppendOnly
from append_only.tables import CreateModels

# Telephone numbers are known by their ends; SQLite's shops are small and have no such index.
INDEX = "session_pass_phone_backwards"


def add_index(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f'CREATE INDEX "{INDEX}" ON "treatments_sessionpass"'
            ' (reverse("holder_phone") text_pattern_ops)'
        )


def drop_index(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f'DROP INDEX IF EXISTS "{INDEX}"')


class Migration(migrations.Migration):
    replaces = [
        ("treatments", "0001_squashed_0012_gifts"),
        ("treatments", "0013_gifts_called_off_and_given_back"),
        ("treatments", "0014_frozen_passes"),
    ]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("cms", "0001_squashed_0003_when_a_picture_was_drawn"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        CreateModels(
            [
                migrations.CreateModel(
                    name="AftercareStop",
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
                            "email",
                            models.EmailField(
                                max_length=254, unique=True, verbose_name="e-mail address"
                            ),
                        ),
                        ("stopped_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "stop of aftercare mails",
                        "verbose_name_plural": "stops of aftercare mails",
                    },
                ),
                migrations.CreateModel(
                    name="CalendarLink",
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
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="calendar_link",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("token", models.CharField(editable=False, max_length=43, unique=True)),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "verbose_name": "calendar link",
                    },
                ),
                migrations.CreateModel(
                    name="Treatment",
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
                        ("name", models.CharField(max_length=120, unique=True)),
                        ("slug", models.SlugField(max_length=80, unique=True)),
                        (
                            "summary",
                            models.CharField(
                                help_text="One sentence, shown on cards and passes.", max_length=300
                            ),
                        ),
                        (
                            "duration_minutes",
                            models.PositiveSmallIntegerField(verbose_name="minutes in the chair"),
                        ),
                        (
                            "free_cancel_hours",
                            models.PositiveSmallIntegerField(
                                db_default=24,
                                default=24,
                                help_text="Until then it can be cancelled or moved, and the session is free again.",
                                validators=[django.core.validators.MaxValueValidator(336)],
                                verbose_name="hours before an appointment",
                            ),
                        ),
                        (
                            "late_cancel_counts",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="Only if your terms say so. Customers are told before they ask and cancel.",
                                verbose_name="later, the session counts as used",
                            ),
                        ),
                        (
                            "is_active",
                            models.BooleanField(default=True, verbose_name="offered today"),
                        ),
                        ("sort_order", models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["sort_order", "name"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("duration_minutes__gte", 5), ("duration_minutes__lte", 480)
                                ),
                                name="treatment_lasts_five_minutes_to_eight_hours",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SessionPass",
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
                            "public_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                        ),
                        (
                            "owner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="session_passes",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "holder_email",
                            models.EmailField(
                                db_index=True,
                                max_length=254,
                                verbose_name="holder's e-mail address",
                            ),
                        ),
                        (
                            "treatment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="passes",
                                to="treatments.treatment",
                            ),
                        ),
                        (
                            "grant_reference",
                            models.CharField(
                                help_text="What it was granted for; never twice.",
                                max_length=120,
                                unique=True,
                            ),
                        ),
                        (
                            "validity_rule",
                            models.CharField(
                                choices=[
                                    ("FROM_PURCHASE", "from the purchase"),
                                    ("FROM_FIRST_USE", "from the first session"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("validity_days", models.PositiveSmallIntegerField()),
                        ("starts_on", models.DateField(blank=True, null=True)),
                        (
                            "expires_on",
                            models.DateField(
                                blank=True,
                                help_text="The last day on which it may be used.",
                                null=True,
                                verbose_name="last day",
                            ),
                        ),
                        (
                            "package_name",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                max_length=300,
                                verbose_name="sold as",
                            ),
                        ),
                        ("vat_rate_bp", models.PositiveIntegerField(editable=False, null=True)),
                        (
                            "paid_minor",
                            models.BigIntegerField(db_default=0, default=0, editable=False),
                        ),
                        (
                            "paid_sessions",
                            models.PositiveSmallIntegerField(
                                db_default=0,
                                default=0,
                                editable=False,
                                help_text="Sessions that were sold for that money; a pass that was passed on has fewer.",
                            ),
                        ),
                        (
                            "pause_days",
                            models.PositiveSmallIntegerField(
                                db_default=0,
                                default=0,
                                editable=False,
                                help_text="Days for which its holder may pause it, as promised with the sale.",
                            ),
                        ),
                        (
                            "holder_phone",
                            models.CharField(
                                blank=True,
                                db_default="",
                                default="",
                                help_text="Digits alone.",
                                max_length=20,
                            ),
                        ),
                        ("created_at", models.DateTimeField()),
                        (
                            "claimed_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="When the guest's account took it over.",
                                null=True,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "pass",
                        "verbose_name_plural": "passes",
                        "ordering": ["-created_at", "-pk"],
                        "permissions": [
                            ("redeem_sessionpass", "Can redeem sessions at the desk"),
                            (
                                "override_sessionpass",
                                "Can allow a session sooner than the protocol does",
                            ),
                            ("adjust_sessionpass", "Can adjust and extend passes"),
                        ],
                        "indexes": [
                            models.Index(fields=["expires_on"], name="session_pass_by_last_day"),
                            models.Index(fields=["-created_at", "-id"], name="session_pass_newest"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("validity_rule__in", ["FROM_PURCHASE", "FROM_FIRST_USE"])
                                ),
                                name="session_pass_validity_rule_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("validity_days__gte", 1), ("validity_days__lte", 3660)
                                ),
                                name="session_pass_is_valid_one_day_to_ten_years",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("expires_on__isnull", True), ("starts_on__isnull", True)
                                    ),
                                    models.Q(
                                        ("expires_on__gte", models.F("starts_on")),
                                        ("starts_on__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="session_pass_starts_before_it_expires",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("validity_rule", "FROM_FIRST_USE"),
                                    ("starts_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="session_pass_from_purchase_has_started",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("grant_reference", ""), _negated=True),
                                name="session_pass_names_its_grant",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Practitioner",
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
                        ("name", models.CharField(max_length=120, unique=True)),
                        ("job_title", models.CharField(max_length=120)),
                        (
                            "is_active",
                            models.BooleanField(default=True, verbose_name="gives sessions today"),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                    },
                ),
                migrations.CreateModel(
                    name="Protocol",
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
                            "treatment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="protocols",
                                to="treatments.treatment",
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField(editable=False)),
                        (
                            "what_is_new",
                            models.CharField(
                                help_text="Why this version was written; for staff.", max_length=200
                            ),
                        ),
                        (
                            "min_days",
                            models.PositiveSmallIntegerField(
                                help_text="A session sooner than this is refused, unless a clinician gives a reason.",
                                verbose_name="days between sessions, at least",
                            ),
                        ),
                        (
                            "recommended_days",
                            models.PositiveSmallIntegerField(
                                verbose_name="days between sessions, recommended"
                            ),
                        ),
                        (
                            "most_in_course",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Empty if there is no limit.",
                                null=True,
                                verbose_name="sessions in a course, at most",
                            ),
                        ),
                        (
                            "rest_days",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="How long after a full course the next one may begin.",
                                null=True,
                                verbose_name="days of rest after a course",
                            ),
                        ),
                        (
                            "preparation",
                            models.TextField(
                                help_text="What customers do, and leave off, before a session."
                            ),
                        ),
                        (
                            "sources",
                            models.TextField(help_text="What the rules rest on, one a line."),
                        ),
                        (
                            "reviewed_by",
                            models.CharField(
                                help_text="Name and profession of who stands for these rules.",
                                max_length=120,
                            ),
                        ),
                        ("reviewed_on", models.DateField()),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "protocol",
                        "ordering": ["treatment", "-version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("treatment", "version"), name="protocol_version_is_unique"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("min_days__lte", 365),
                                    ("recommended_days__gte", models.F("min_days")),
                                    ("recommended_days__lte", 365),
                                ),
                                name="protocol_recommends_no_less_than_it_asks",
                                violation_error_message="Recommend at least as many days as you ask for.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("most_in_course__isnull", True),
                                        ("rest_days__isnull", True),
                                    ),
                                    models.Q(
                                        ("most_in_course__isnull", False),
                                        ("rest_days__isnull", False),
                                        ("most_in_course__gte", 1),
                                        ("rest_days__gte", models.F("min_days")),
                                        ("rest_days__lte", 730),
                                    ),
                                    _connector="OR",
                                ),
                                name="protocol_course_has_a_rest",
                                violation_error_message="A course needs both its sessions and its rest, and the rest is at least as long as the days between sessions.",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerEntry",
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
                            "session_pass",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="entries",
                                to="treatments.sessionpass",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("GRANT", "granted"),
                                    ("HOLD", "set aside"),
                                    ("RELEASE", "no longer set aside"),
                                    ("REDEEM", "redeemed"),
                                    ("RESTORE", "put back"),
                                    ("EXTEND", "extended"),
                                    ("PAUSE", "paused"),
                                    ("RESUME", "pause ended"),
                                    ("TRANSFER_OUT", "passed on"),
                                    ("TRANSFER_IN", "received"),
                                    ("REFUND", "refunded"),
                                    ("EXPIRE", "expired"),
                                    ("ADJUST", "put right by staff"),
                                    ("PROTOCOL", "moved to another protocol"),
                                    ("FREEZE", "frozen"),
                                    ("THAW", "no longer frozen"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "sessions",
                            models.SmallIntegerField(
                                help_text="Sessions added, or taken when negative."
                            ),
                        ),
                        (
                            "held",
                            models.SmallIntegerField(
                                db_default=0,
                                default=0,
                                help_text="Sessions set aside, or free again when negative.",
                            ),
                        ),
                        (
                            "days",
                            models.SmallIntegerField(
                                db_default=0, default=0, help_text="Days added."
                            ),
                        ),
                        (
                            "from_on",
                            models.DateField(help_text="The first day of a pause.", null=True),
                        ),
                        (
                            "until_on",
                            models.DateField(help_text="The first day after a pause.", null=True),
                        ),
                        (
                            "about",
                            models.ForeignKey(
                                db_index=False,
                                help_text="The entry that this one answers, such as the session it puts back.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="answers",
                                to="treatments.ledgerentry",
                            ),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                db_index=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="treatments.practitioner",
                            ),
                        ),
                        (
                            "protocol",
                            models.ForeignKey(
                                db_index=False,
                                help_text="The protocol that holds for the pass from here on.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="treatments.protocol",
                            ),
                        ),
                        (
                            "is_override",
                            models.BooleanField(
                                db_default=False,
                                default=False,
                                help_text="A clinician allowed it sooner than usual.",
                            ),
                        ),
                        ("balance_after", models.SmallIntegerField(null=True)),
                        ("held_after", models.SmallIntegerField(null=True)),
                        ("reference", models.CharField(max_length=120, unique=True)),
                        (
                            "reason",
                            models.CharField(
                                help_text="What happened; customers read it.", max_length=200
                            ),
                        ),
                        (
                            "note_digest",
                            models.CharField(
                                db_default="",
                                default="",
                                help_text="The hash of what staff wrote beside it, which is kept apart.",
                                max_length=64,
                            ),
                        ),
                        (
                            "actor",
                            models.ForeignKey(
                                blank=True,
                                help_text="Who did it; nobody when the shop itself did.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("happened_at", models.DateTimeField()),
                        ("previous_hash", models.CharField(editable=False, max_length=64)),
                        (
                            "entry_hash",
                            models.CharField(editable=False, max_length=64, unique=True),
                        ),
                    ],
                    options={
                        "verbose_name_plural": "ledger entries",
                        "ordering": ["session_pass", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("balance_after__isnull", True),
                                        ("held_after__isnull", True),
                                    ),
                                    models.Q(
                                        ("balance_after__isnull", False),
                                        ("held_after__isnull", False),
                                        ("balance_after__gte", models.F("held_after")),
                                        ("held_after__gte", 0),
                                    ),
                                    _connector="OR",
                                ),
                                name="ledger_entry_leaves_no_less_than_is_held",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_override", False),
                                    models.Q(
                                        ("kind", "REDEEM"),
                                        models.Q(("note_digest", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="ledger_entry_override_has_a_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("reference", ""), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                ),
                                name="ledger_entry_says_what_for",
                            ),
                            models.UniqueConstraint(
                                fields=("session_pass", "previous_hash"),
                                name="ledger_entry_chain_never_forks",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "GRANT",
                                            "HOLD",
                                            "RELEASE",
                                            "REDEEM",
                                            "RESTORE",
                                            "EXTEND",
                                            "PAUSE",
                                            "RESUME",
                                            "TRANSFER_OUT",
                                            "TRANSFER_IN",
                                            "REFUND",
                                            "EXPIRE",
                                            "ADJUST",
                                            "PROTOCOL",
                                            "FREEZE",
                                            "THAW",
                                        ],
                                    )
                                ),
                                name="ledger_entry_kind_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind__in", ["GRANT", "RESTORE", "TRANSFER_IN"]),
                                        ("held", 0),
                                        ("sessions__gt", 0),
                                        ("days", 0),
                                        ("from_on__isnull", True),
                                        ("until_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("kind__in", ["TRANSFER_OUT", "REFUND"]),
                                        ("held", 0),
                                        ("sessions__lt", 0),
                                        ("days", 0),
                                        ("from_on__isnull", True),
                                        ("until_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("held__lte", 0),
                                        ("kind__in", ["REDEEM", "EXPIRE"]),
                                        ("sessions__lt", 0),
                                        ("days", 0),
                                        ("from_on__isnull", True),
                                        ("until_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("held__gt", 0),
                                        ("kind", "HOLD"),
                                        ("sessions", 0),
                                        ("days", 0),
                                        ("from_on__isnull", True),
                                        ("until_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("held__lt", 0),
                                        ("kind", "RELEASE"),
                                        ("sessions", 0),
                                        ("days", 0),
                                        ("from_on__isnull", True),
                                        ("until_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("held", 0),
                                        ("kind", "ADJUST"),
                                        models.Q(("sessions", 0), _negated=True),
                                        ("days", 0),
                                        ("from_on__isnull", True),
                                        ("until_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("days__gt", 0),
                                        ("from_on__isnull", True),
                                        ("kind", "EXTEND"),
                                        ("until_on__isnull", True),
                                        ("held", 0),
                                        ("sessions", 0),
                                    ),
                                    models.Q(
                                        ("days", 0),
                                        ("from_on__isnull", False),
                                        ("kind", "PAUSE"),
                                        ("until_on__isnull", False),
                                        ("until_on__gt", models.F("from_on")),
                                        ("held", 0),
                                        ("sessions", 0),
                                    ),
                                    models.Q(
                                        ("days", 0),
                                        ("from_on__isnull", True),
                                        ("kind", "RESUME"),
                                        ("until_on__isnull", False),
                                        ("held", 0),
                                        ("sessions", 0),
                                    ),
                                    models.Q(
                                        ("kind", "PROTOCOL"),
                                        ("protocol__isnull", False),
                                        ("held", 0),
                                        ("sessions", 0),
                                        ("days", 0),
                                        ("from_on__isnull", True),
                                        ("until_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("kind", "FREEZE"),
                                        ("held", 0),
                                        ("sessions", 0),
                                        ("days", 0),
                                        ("from_on__isnull", True),
                                        ("until_on__isnull", True),
                                    ),
                                    models.Q(
                                        ("days__gte", 0),
                                        ("from_on__isnull", True),
                                        ("kind", "THAW"),
                                        ("until_on__isnull", True),
                                        ("held", 0),
                                        ("sessions", 0),
                                    ),
                                    _connector="OR",
                                ),
                                name="ledger_entry_moves_as_its_kind_may",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind__in", ["RESTORE", "RELEASE", "RESUME", "THAW"]),
                                        _negated=True,
                                    ),
                                    ("about__isnull", False),
                                    _connector="OR",
                                ),
                                name="ledger_entry_names_what_it_answers",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Appointment",
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
                            "public_id",
                            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                        ),
                        (
                            "session_pass",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointments",
                                to="treatments.sessionpass",
                                verbose_name="pass",
                            ),
                        ),
                        (
                            "hold",
                            models.OneToOneField(
                                help_text="The entry that sets the session aside.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointment",
                                to="treatments.ledgerentry",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("ASKED", "to be answered"),
                                    ("SUGGESTED", "other times suggested"),
                                    ("CONFIRMED", "confirmed"),
                                    ("DECLINED", "declined"),
                                    ("CANCELLED", "cancelled"),
                                    ("LAPSED", "run out unanswered"),
                                    ("KEPT", "kept"),
                                    ("MISSED", "missed"),
                                ],
                                default="ASKED",
                                max_length=9,
                            ),
                        ),
                        (
                            "starts_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="begins"),
                        ),
                        ("was_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "minutes",
                            models.PositiveSmallIntegerField(help_text="How long it takes."),
                        ),
                        (
                            "practitioner",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="treatments.practitioner",
                            ),
                        ),
                        (
                            "free_until",
                            models.DateTimeField(
                                blank=True,
                                help_text="Until when it can be cancelled or moved, as promised.",
                                null=True,
                            ),
                        ),
                        (
                            "late_cancel_counts",
                            models.BooleanField(
                                help_text="Whether a session that is cancelled later counts as used, as promised."
                            ),
                        ),
                        (
                            "last_day_on",
                            models.DateField(
                                help_text="The last of the days that are on the table."
                            ),
                        ),
                        (
                            "sealed_words",
                            models.TextField(
                                blank=True, help_text="Encrypted; empty once forgotten."
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(
                                blank=True, help_text="What the clinic wrote.", max_length=300
                            ),
                        ),
                        (
                            "changes",
                            models.PositiveSmallIntegerField(
                                default=0,
                                help_text="Counts every change, so that calendars know the newest.",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        ("changed_at", models.DateTimeField(verbose_name="last changed")),
                        (
                            "answered_by",
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
                        "ordering": ["-asked_at", "-pk"],
                        "permissions": [
                            ("answer_appointment", "Can answer requests for appointments")
                        ],
                        "indexes": [
                            models.Index(
                                fields=["status", "starts_at"], name="appointment_by_status"
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "ASKED",
                                            "SUGGESTED",
                                            "CONFIRMED",
                                            "DECLINED",
                                            "CANCELLED",
                                            "LAPSED",
                                            "KEPT",
                                            "MISSED",
                                        ],
                                    )
                                ),
                                name="appointment_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("starts_at__isnull", True),
                                        ("status__in", ["ASKED", "SUGGESTED"]),
                                    ),
                                    models.Q(
                                        ("free_until__isnull", False),
                                        ("starts_at__isnull", False),
                                        ("status__in", ["CONFIRMED", "KEPT", "MISSED"]),
                                    ),
                                    ("status__in", ["DECLINED", "CANCELLED", "LAPSED"]),
                                    _connector="OR",
                                ),
                                name="appointment_has_a_time_once_confirmed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AppointmentDay",
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
                            "appointment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="days",
                                to="treatments.appointment",
                            ),
                        ),
                        ("on", models.DateField()),
                        (
                            "part",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("MORNING", "in the morning"),
                                    ("AFTERNOON", "in the afternoon"),
                                    ("EVENING", "in the evening"),
                                ],
                                max_length=9,
                            ),
                        ),
                        ("starts_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["on", "starts_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("part__in", ["MORNING", "AFTERNOON", "EVENING"]),
                                        ("starts_at__isnull", True),
                                    ),
                                    models.Q(("part", ""), ("starts_at__isnull", False)),
                                    _connector="OR",
                                ),
                                name="appointment_day_is_a_wish_or_a_suggestion",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("starts_at__isnull", True)),
                                fields=("appointment", "on", "part"),
                                name="appointment_wish_once",
                            ),
                            models.UniqueConstraint(
                                fields=("appointment", "starts_at"),
                                name="appointment_suggestion_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CareTag",
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
                                blank=True, help_text="One line for customers.", max_length=200
                            ),
                        ),
                        (
                            "gentle_from_day",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Days after a session; 0 is the same day. Empty means unknown, never allowed.",
                                null=True,
                                verbose_name="gentle enough from day",
                            ),
                        ),
                        ("sort_order", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["sort_order", "name"],
                    },
                ),
                migrations.CreateModel(
                    name="LedgerNote",
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
                            "entry",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="note",
                                to="treatments.ledgerentry",
                            ),
                        ),
                        ("salt", models.CharField(editable=False, max_length=32)),
                        ("sealed", models.TextField(editable=False)),
                    ],
                    options={
                        "verbose_name": "note beside a ledger entry",
                        "verbose_name_plural": "notes beside ledger entries",
                    },
                ),
                migrations.CreateModel(
                    name="QuestionnaireVersion",
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
                            "treatment",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questionnaire_versions",
                                to="treatments.treatment",
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField()),
                        ("what_is_new", models.CharField(max_length=200)),
                        ("rules", models.JSONField()),
                        (
                            "consultation",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="treatments.treatment",
                            ),
                        ),
                        ("reviewed_by", models.CharField(max_length=120)),
                        ("published_at", models.DateTimeField()),
                        (
                            "published_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "published suitability questions",
                        "ordering": ["treatment", "-version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("treatment", "version"),
                                name="questionnaire_version_is_unique",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SuitabilityCheck",
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
                            "token",
                            models.CharField(
                                default=treatments.models.suitability.new_token,
                                editable=False,
                                max_length=43,
                                unique=True,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="checks",
                                to="treatments.questionnaireversion",
                            ),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                choices=[
                                    ("CLEAR", "clear"),
                                    ("CONSULT_FIRST", "consult first"),
                                    ("NOT_NOW", "not now"),
                                ],
                                max_length=13,
                            ),
                        ),
                        ("checked_at", models.DateTimeField()),
                        ("holds_until", models.DateTimeField()),
                        (
                            "cleared_at",
                            models.DateTimeField(
                                blank=True,
                                help_text="When a clinician found that it suits after all.",
                                null=True,
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "sealed_answers",
                            models.TextField(
                                blank=True, help_text="Encrypted; empty once forgotten."
                            ),
                        ),
                        ("consent_text", models.CharField(max_length=400)),
                    ],
                    options={
                        "verbose_name": "suitability check",
                        "ordering": ["-checked_at", "-pk"],
                        "indexes": [
                            models.Index(fields=["checked_at"], name="suitability_check_age")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("outcome__in", ["CLEAR", "CONSULT_FIRST", "NOT_NOW"])
                                ),
                                name="suitability_outcome_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("cleared_at__isnull", True),
                                    ("outcome", "CONSULT_FIRST"),
                                    _connector="OR",
                                ),
                                name="suitability_cleared_after_consult_first_alone",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ConsultationRequest",
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
                            "suitability_check",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="consultation",
                                to="treatments.suitabilitycheck",
                            ),
                        ),
                        ("name", models.CharField(max_length=150)),
                        ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                        ("phone", models.CharField(blank=True, max_length=40)),
                        ("sealed_words", models.TextField(blank=True)),
                        ("sealed_note", models.TextField(blank=True)),
                        ("consent_text", models.CharField(max_length=400)),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("OPEN", "to be answered"),
                                    ("CLEARED", "cleared"),
                                    ("DECLINED", "advised against"),
                                ],
                                default="OPEN",
                                max_length=8,
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="asked")),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "consultation",
                        "ordering": ["-asked_at", "-pk"],
                        "permissions": [
                            (
                                "answer_consultationrequest",
                                "Can clear or advise against after a consultation",
                            )
                        ],
                        "indexes": [
                            models.Index(fields=["status", "-asked_at"], name="consultation_queue")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("status__in", ["OPEN", "CLEARED", "DECLINED"])),
                                name="consultation_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at__isnull", True), ("status", "OPEN")),
                                    models.Q(
                                        models.Q(("status", "OPEN"), _negated=True),
                                        ("answered_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="consultation_answered_knows_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Gift",
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
                            "token",
                            models.CharField(
                                default=treatments.models.suitability.new_token,
                                editable=False,
                                max_length=43,
                                unique=True,
                            ),
                        ),
                        (
                            "session_pass",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="gifts",
                                to="treatments.sessionpass",
                                verbose_name="from pass",
                            ),
                        ),
                        (
                            "hold",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="gift",
                                to="treatments.ledgerentry",
                            ),
                        ),
                        (
                            "giver",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="gifts_given",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "giver_name",
                            models.CharField(help_text="As the recipient reads it.", max_length=80),
                        ),
                        ("recipient_name", models.CharField(max_length=80)),
                        (
                            "recipient_email",
                            models.EmailField(
                                db_index=True,
                                max_length=254,
                                verbose_name="recipient's e-mail address",
                            ),
                        ),
                        ("message", models.TextField(blank=True, max_length=500)),
                        ("given_at", models.DateTimeField(verbose_name="given")),
                        ("mail_at", models.DateTimeField(verbose_name="to be mailed")),
                        (
                            "mailed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="mailed"),
                        ),
                        (
                            "ends_on",
                            models.DateField(
                                help_text="The last day on which it can be accepted.",
                                verbose_name="last day",
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("WAITING", "waiting"),
                                    ("ACCEPTED", "accepted"),
                                    ("DECLINED", "not taken"),
                                    ("TAKEN_BACK", "taken back"),
                                    ("EXPIRED", "not taken in time"),
                                    ("CANCELLED", "called off"),
                                    ("RETURNED", "given back"),
                                ],
                                default="WAITING",
                                max_length=10,
                            ),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                        (
                            "ended_by",
                            models.ForeignKey(
                                blank=True,
                                help_text="Nobody when the shop itself did, or somebody without an account.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "suitability_check",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="gift",
                                to="treatments.suitabilitycheck",
                            ),
                        ),
                        (
                            "received_pass",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="received_as",
                                to="treatments.sessionpass",
                            ),
                        ),
                        (
                            "sealed_why",
                            models.TextField(
                                blank=True,
                                db_default="",
                                default="",
                                editable=False,
                                help_text="Why staff called it off, encrypted; empty once forgotten.",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["-given_at", "-pk"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("status", "WAITING")),
                                fields=["ends_on"],
                                name="gift_waiting_by_last_day",
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("mailed_at__isnull", True), ("status", "WAITING")
                                ),
                                fields=["mail_at"],
                                name="gift_to_be_mailed",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ended_at__isnull", True), ("status", "WAITING")),
                                    models.Q(
                                        models.Q(("status", "WAITING"), _negated=True),
                                        ("ended_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="gift_ended_knows_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "status__in",
                                        [
                                            "WAITING",
                                            "ACCEPTED",
                                            "DECLINED",
                                            "TAKEN_BACK",
                                            "EXPIRED",
                                            "CANCELLED",
                                            "RETURNED",
                                        ],
                                    )
                                ),
                                name="gift_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("received_pass__isnull", False),
                                        ("status__in", ("ACCEPTED", "RETURNED")),
                                    ),
                                    models.Q(
                                        models.Q(
                                            ("status__in", ("ACCEPTED", "RETURNED")), _negated=True
                                        ),
                                        ("received_pass__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="gift_accepted_is_a_pass",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TreatmentIndexPage",
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
                        "verbose_name": "list of treatments",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="TreatmentPage",
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
                            "treatment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="page",
                                to="treatments.treatment",
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
                        ("intro", models.TextField(max_length=600)),
                        (
                            "what_happens",
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
                                help_text="The session, step by step.",
                            ),
                        ),
                        (
                            "consult_first_when",
                            cms.rich_text.CleanRichTextField(
                                blank=True,
                                help_text="When somebody qualified should look at the scalp first.",
                            ),
                        ),
                        ("aftercare", cms.rich_text.CleanRichTextField(blank=True)),
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
                            "packages_page",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.WAGTAIL_PAGE_MODEL,
                                verbose_name="page that sells its packages",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "treatment page",
                    },
                    bases=("wagtailcore.page",),
                ),
                migrations.CreateModel(
                    name="AftercareWindow",
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
                            "protocol",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="aftercare_windows",
                                to="treatments.protocol",
                            ),
                        ),
                        (
                            "care_tag",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="treatments.caretag",
                            ),
                        ),
                        (
                            "habit",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("WASHING", "washing"),
                                    ("SUN", "sun"),
                                    ("HEAT_STYLING", "heat styling"),
                                    ("COLOUR", "colour"),
                                    ("SWIMMING", "swimming"),
                                    ("EXERCISE", "exercise"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "from_day",
                            models.PositiveSmallIntegerField(
                                help_text="Days after a session; 0 is the same day.",
                                verbose_name="gentle enough from day",
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True,
                                help_text="How, in one line, such as “lukewarm water only”.",
                                max_length=200,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["from_day", "pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("care_tag__isnull", False), ("habit", "")),
                                    models.Q(
                                        ("care_tag__isnull", True),
                                        models.Q(("habit", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="aftercare_window_is_for_one_thing",
                                violation_error_message="Choose a care tag or a habit, one of the two.",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("habit", ""),
                                    (
                                        "habit__in",
                                        [
                                            "WASHING",
                                            "SUN",
                                            "HEAT_STYLING",
                                            "COLOUR",
                                            "SWIMMING",
                                            "EXERCISE",
                                        ],
                                    ),
                                    _connector="OR",
                                ),
                                name="aftercare_window_habit_is_known",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("care_tag__isnull", False)),
                                fields=("protocol", "care_tag"),
                                name="aftercare_window_once_per_care_tag",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("habit", ""), _negated=True),
                                fields=("protocol", "habit"),
                                name="aftercare_window_once_per_habit",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WarningSign",
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
                            "protocol",
                            modelcluster.fields.ParentalKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="warning_signs",
                                to="treatments.protocol",
                            ),
                        ),
                        (
                            "sign",
                            models.CharField(
                                help_text="Such as “redness” or “weeping skin”.", max_length=80
                            ),
                        ),
                        (
                            "usual_hours",
                            models.PositiveSmallIntegerField(
                                help_text="0 if it is never usual.",
                                verbose_name="usual for up to, in hours",
                            ),
                        ),
                        (
                            "limit",
                            models.CharField(
                                blank=True,
                                help_text="How strong it may be, such as “no more than pink”.",
                                max_length=160,
                            ),
                        ),
                        (
                            "beyond",
                            models.CharField(
                                choices=[
                                    ("CALL_US", "call us"),
                                    ("SEEK_CARE", "seek medical care now"),
                                ],
                                max_length=12,
                                verbose_name="beyond that",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("beyond__in", ["CALL_US", "SEEK_CARE"])),
                                name="warning_sign_says_what_to_do",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Questionnaire",
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
                            "treatment",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="questionnaire",
                                to="treatments.treatment",
                            ),
                        ),
                        (
                            "valid_days",
                            models.PositiveSmallIntegerField(
                                default=90,
                                help_text="After that, and after a new version, customers are asked again.",
                                verbose_name="days an outcome holds",
                            ),
                        ),
                        (
                            "questions",
                            wagtail.fields.StreamField(
                                [("question", 7)],
                                block_lookup={
                                    0: (
                                        "wagtail.blocks.RegexBlock",
                                        ("\\A[a-z][a-z0-9-]{0,39}\\Z",),
                                        {
                                            "error_messages": {
                                                "invalid": "Use small letters, digits and hyphens."
                                            },
                                            "help_text": "Names the question for staff, such as “blood-thinners”.",
                                            "label": "Code",
                                        },
                                    ),
                                    1: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"label": "Question", "max_length": 300},
                                    ),
                                    2: (
                                        "wagtail.blocks.CharBlock",
                                        (),
                                        {"label": "Answer", "max_length": 120},
                                    ),
                                    3: (
                                        "wagtail.blocks.ChoiceBlock",
                                        [],
                                        {
                                            "choices": [
                                                ("CLEAR", "clear"),
                                                ("CONSULT_FIRST", "consult first"),
                                                ("NOT_NOW", "not now"),
                                            ],
                                            "label": "It means",
                                        },
                                    ),
                                    4: (
                                        "wagtail.blocks.TextBlock",
                                        (),
                                        {
                                            "help_text": "Kind and plain: why, and what to do instead. Not needed where it means clear.",
                                            "label": "Explanation",
                                            "max_length": 600,
                                            "required": False,
                                        },
                                    ),
                                    5: (
                                        "wagtail.blocks.StructBlock",
                                        [[("label", 2), ("means", 3), ("explanation", 4)]],
                                        {},
                                    ),
                                    6: (
                                        "wagtail.blocks.ListBlock",
                                        (5,),
                                        {"label": "Answers", "max_num": 6, "min_num": 2},
                                    ),
                                    7: (
                                        "wagtail.blocks.StructBlock",
                                        [[("code", 0), ("text", 1), ("answers", 6)]],
                                        {},
                                    ),
                                },
                            ),
                        ),
                        (
                            "consultation",
                            models.ForeignKey(
                                blank=True,
                                help_text="What is offered to whoever should consult first; it has no questions itself.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="treatments.treatment",
                            ),
                        ),
                        (
                            "reviewed_by",
                            models.CharField(
                                help_text="Name and profession of who stands for these questions.",
                                max_length=120,
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "suitability questions",
                        "verbose_name_plural": "suitability questions",
                        "ordering": ["treatment"],
                        "permissions": [
                            ("publish_questionnaire", "Can put questions before a purchase")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_days__gte", 1), ("valid_days__lte", 365)
                                ),
                                name="questionnaire_outcome_holds_a_day_to_a_year",
                                violation_error_message="An outcome holds from 1 day to 365.",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SymptomReport",
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
                            "entry",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="treatments.ledgerentry",
                                verbose_name="session",
                            ),
                        ),
                        ("sealed", models.TextField(editable=False)),
                        ("product", models.CharField(blank=True, max_length=200)),
                        (
                            "batch",
                            models.CharField(
                                blank=True, help_text="As printed on the product.", max_length=40
                            ),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[("NEW", "to be answered"), ("ANSWERED", "answered")],
                                default="NEW",
                                max_length=8,
                            ),
                        ),
                        ("submission_key", models.CharField(max_length=43, unique=True)),
                        ("consent_text", models.CharField(max_length=300)),
                        ("reported_at", models.DateTimeField(verbose_name="reported")),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                        ),
                    ],
                    options={
                        "verbose_name": "symptom report",
                        "ordering": ["-reported_at", "-pk"],
                        "permissions": [("answer_symptomreport", "Can mark as answered")],
                        "indexes": [
                            models.Index(
                                fields=["status", "-reported_at"], name="symptom_report_queue"
                            ),
                            models.Index(fields=["reported_at"], name="symptom_report_age"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("status__in", ["NEW", "ANSWERED"])),
                                name="symptom_report_status_is_known",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("answered_at__isnull", False), ("status", "ANSWERED")
                                    ),
                                    models.Q(("answered_at__isnull", True), ("status", "NEW")),
                                    _connector="OR",
                                ),
                                name="symptom_report_answered_knows_when",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("sealed", ""), _negated=True),
                                    models.Q(("consent_text", ""), _negated=True),
                                ),
                                name="symptom_report_is_sealed_and_agreed_to",
                            ),
                        ],
                    },
                ),
            ],
        ),
        AppendOnly(
            "treatments_ledgerentry",
            "A ledger entry is never changed or deleted; write another one that puts it right.",
        ),
        AppendOnly("treatments_protocol", "A protocol is never changed; write a newer version."),
        AppendOnly(
            "treatments_aftercarewindow", "A protocol is never changed; write a newer version."
        ),
        AppendOnly("treatments_warningsign", "A protocol is never changed; write a newer version."),
        AppendOnly(
            "treatments_questionnaireversion",
            "Published questions are never changed; publish a newer version.",
        ),
        AppendOnly(
            "treatments_ledgerentry",
            "A ledger entry is never changed or deleted; write another one that puts it right.",
        ),
        migrations.RunPython(add_index, drop_index),
    ]
