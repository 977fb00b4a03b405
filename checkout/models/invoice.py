"""Invoices and credit notes as they were issued, and who issues them."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from checkout.models.order import Order
from checkout.models.payment import Payment, Refund


@register_setting(icon="doc-full", order=20)
class InvoiceSeller(BaseGenericSetting):
    """Who issues the shop's invoices, as the law wants it named; a change holds from then on."""

    company = models.CharField(max_length=120, blank=True)
    line1 = models.CharField("street and number", max_length=120, blank=True)
    line2 = models.CharField("second line", max_length=120, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(
        max_length=2,
        default="DE",
        validators=[RegexValidator(r"^[A-Z]{2}$", "Two capital letters, such as DE.")],
        help_text="Two letters, such as DE.",
    )
    vat_id = models.CharField(
        "VAT identification number",
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}[0-9A-Z+*]{2,13}$", "Such as DE123456789.")],
        help_text="Such as DE123456789, without spaces.",
    )
    register = models.CharField(
        "register entry", max_length=120, blank=True, help_text="Court and number."
    )
    directors = models.CharField("who speaks for it", max_length=160, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    iban = models.CharField("IBAN", max_length=34, blank=True)
    bic = models.CharField("BIC", max_length=11, blank=True)
    has_xml = models.BooleanField(
        "e-invoices",
        default=True,
        db_default=True,
        help_text="Every PDF holds the same document for machines, too (EN 16931, Factur-X).",
    )

    panels: ClassVar = [
        MultiFieldPanel(
            [
                FieldPanel("company"),
                FieldPanel("line1"),
                FieldPanel("line2"),
                FieldRowPanel([FieldPanel("postcode"), FieldPanel("city"), FieldPanel("country")]),
            ],
            "Name and address",
        ),
        MultiFieldPanel(
            [FieldPanel("vat_id"), FieldPanel("register"), FieldPanel("directors")], "Law"
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
                FieldRowPanel([FieldPanel("iban"), FieldPanel("bic")]),
            ],
            "How it is reached and paid",
        ),
        FieldPanel("has_xml"),
    ]

    class Meta:
        verbose_name = "invoices"

    def __str__(self) -> str:
        return "Invoices"

    @property
    def is_complete(self) -> bool:
        """Whether an invoice may bear it: law wants a name, an address and a VAT number."""
        return all((self.company, self.line1, self.postcode, self.city, self.country, self.vat_id))


class InvoiceKind(models.TextChoices):
    INVOICE = "INVOICE", "Invoice"
    CREDIT_NOTE = "CREDIT_NOTE", "Credit note"
    CORRECTION = "CORRECTION", "Credit note taken back"


class InvoiceCounter(models.Model):
    """The last number of one series in one year; `checkout.invoices.numbers` alone writes it."""

    series = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["series", "year"], name="invoice_counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}: {self.last}"


class Invoice(models.Model):
    """One document as it was issued; the database refuses to change or delete it.

    Its sums are columns besides, so that registers add up without reading every document.
    """

    kind = models.CharField(max_length=12, choices=InvoiceKind)
    series = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=24, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="invoices")
    payment = models.ForeignKey(
        Payment, null=True, on_delete=models.PROTECT, related_name="invoices"
    )
    refund = models.ForeignKey(Refund, null=True, on_delete=models.PROTECT, related_name="invoices")
    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    issued_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    net_minor = models.BigIntegerField()
    vat_minor = models.BigIntegerField()
    gross_minor = models.BigIntegerField()
    # Everything that the document says but who bought; see `checkout.invoices.content`.
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["-issued_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["series", "year", "serial"], name="invoice_serial_once"
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(kind="INVOICE"), name="invoice_once_per_order"
            ),
            models.UniqueConstraint(fields=["refund", "kind"], name="invoice_once_per_refund"),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("vat_minor")),
                name="invoice_gross_is_net_and_vat",
            ),
            models.CheckConstraint(
                condition=Q(net_minor__gte=0, vat_minor__gte=0),
                name="invoice_amounts_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(kind="INVOICE", refund=None, corrects=None)
                | Q(~Q(kind="INVOICE"), refund__isnull=False, corrects__isnull=False),
                name="invoice_correction_names_what_it_corrects",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["issued_at", "id"], name="invoice_by_issue")]

    def __str__(self) -> str:
        return self.number


class InvoiceBuyer(models.Model):
    """Whom a document was made out to, sealed; dropped once law no longer wants it kept."""

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="buyer")
    sealed = models.TextField()
    keep_until_on = models.DateField(db_index=True)

    def __str__(self) -> str:
        return f"Buyer of {self.invoice_id}"
