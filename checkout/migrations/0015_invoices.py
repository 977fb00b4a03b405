"""Invoices and credit notes, the counters of their numbers, and who issues them."""

import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from append_only.operations import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0014_refund_lines"),
    ]

    operations = [
        migrations.CreateModel(
            name="InvoiceSeller",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("company", models.CharField(blank=True, max_length=120)),
                (
                    "line1",
                    models.CharField(blank=True, max_length=120, verbose_name="street and number"),
                ),
                ("line2", models.CharField(blank=True, max_length=120, verbose_name="second line")),
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
                    models.CharField(blank=True, max_length=160, verbose_name="who speaks for it"),
                ),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("iban", models.CharField(blank=True, max_length=34, verbose_name="IBAN")),
                ("bic", models.CharField(blank=True, max_length=11, verbose_name="BIC")),
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
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
            },
        ),
        migrations.CreateModel(
            name="InvoiceBuyer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
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
        ),
        migrations.CreateModel(
            name="InvoiceCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("series", models.CharField(max_length=8)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("series", "year"), name="invoice_counter_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["issued_at", "id"], name="invoice_by_issue"),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                fields=("series", "year", "serial"), name="invoice_serial_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "INVOICE")),
                fields=("order",),
                name="invoice_once_per_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                fields=("refund", "kind"), name="invoice_once_per_refund"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("net_minor__gte", 0), ("vat_minor__gte", 0)),
                name="invoice_amounts_are_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("corrects", None), ("kind", "INVOICE"), ("refund", None)),
                    models.Q(
                        models.Q(("kind", "INVOICE"), _negated=True),
                        ("corrects__isnull", False),
                        ("refund__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="invoice_correction_names_what_it_corrects",
            ),
        ),
        AppendOnly("checkout_invoice", "An invoice is never changed; write a credit note."),
    ]
