"""What staff import: the file, what is wrong with it, and what it changed."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from wagtail.models import Page

from catalog.models.offers import Offer


class ImportKind(models.TextChoices):
    PRODUCTS = "PRODUCTS", "products"
    PICTURES = "PICTURES", "pictures"


class ImportStatus(models.TextChoices):
    CHECKING = "CHECKING", "being checked"
    REFUSED = "REFUSED", "refused"
    READY = "READY", "checked, waiting for you"
    APPLYING = "APPLYING", "being applied"
    INDEXING = "INDEXING", "applied, being indexed"
    APPLIED = "APPLIED", "applied"
    UNDOING = "UNDOING", "being undone"
    UNDONE = "UNDONE", "undone"
    EXPIRED = "EXPIRED", "expired"


# What the worker still has to do something about.
AT_WORK = (
    ImportStatus.CHECKING,
    ImportStatus.APPLYING,
    ImportStatus.INDEXING,
    ImportStatus.UNDOING,
)


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def due(self, at: dt.datetime) -> "ImportRunQuerySet":
        """Those that the worker is to go on with, those included whose worker died."""
        free = Q(lease_until=None) | Q(lease_until__lte=at)
        return self.filter(free, status__in=AT_WORK).order_by("pk")


class ImportRun(models.Model):
    """One file from upload to undo; `catalog.imports.runs` alone writes it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ImportKind, default=ImportKind.PRODUCTS)
    file_name = models.CharField(max_length=200)
    reason = models.CharField(max_length=200, help_text="Stands beside every price and movement.")
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.CHECKING)
    stage = models.CharField(max_length=60, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    report = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    problem_count = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="When the uploaded file is thrown away.")
    applied_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "import"
        ordering: ClassVar = ["-pk"]
        default_permissions = ("add", "view")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=ImportStatus.values), name="import_status_is_known"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="import_says_why"),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_at_work(self) -> bool:
        """Whether the worker is, or will be, busy with it."""
        return self.status in AT_WORK


class ImportPart(models.Model):
    """A piece of an uploaded file, kept in the database so that any worker can read it."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["run", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "number"], name="import_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.number}"


class ImportProblem(models.Model):
    """One thing that is wrong with one cell of a file."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField(help_text="As the spreadsheet counts; 1 is the heading.")
    column = models.CharField(max_length=60, blank=True)
    message = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["run", "row", "pk"]

    def __str__(self) -> str:
        return f"Row {self.row}, {self.column}: {self.message}"


class ImportedKind(models.TextChoices):
    PAGE_ADDED = "PAGE_ADDED", "product added"
    PAGE_CHANGED = "PAGE_CHANGED", "product changed"
    OFFER_ADDED = "OFFER_ADDED", "offer added"
    OFFER_CHANGED = "OFFER_CHANGED", "offer changed"
    PRICE_CHANGED = "PRICE_CHANGED", "price changed"
    STOCK_MOVED = "STOCK_MOVED", "stock moved"
    RULES_CHANGED = "RULES_CHANGED", "stock settings changed"
    PICTURE_ADDED = "PICTURE_ADDED", "picture added"


class ImportedChange(models.Model):
    """One thing that an import changed, with what is needed to take it back."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=14, choices=ImportedKind)
    row = models.PositiveIntegerField()
    page = models.ForeignKey(
        Page, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    offer = models.ForeignKey(
        Offer, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    after = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering: ClassVar = ["run", "pk"]
        indexes: ClassVar = [models.Index(fields=["run", "kind"], name="imported_by_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} (row {self.row})"
