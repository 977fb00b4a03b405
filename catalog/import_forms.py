"""What staff choose when they import and export."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet

from catalog.imports import pictures, sheets
from catalog.models import CategoryPage, ProductPage
from catalog.models.imports import ImportKind

_SUFFIXES = {
    ".csv": ImportKind.PRODUCTS,
    ".xlsx": ImportKind.PRODUCTS,
    ".zip": ImportKind.PICTURES,
}


class UploadForm(forms.Form):
    """A sheet of products, or a zip of pictures."""

    file = forms.FileField(
        allow_empty_file=True,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ",".join(_SUFFIXES)}),
        help_text="A sheet (.csv or .xlsx), or pictures in a zip, each named after its product "
        "or SKU: calming-scalp-mist-1.jpg.",
    )
    reason = forms.CharField(
        max_length=200,
        initial="Import",
        help_text="Stands beside every new price and every movement of stock.",
    )

    @property
    def kind(self) -> ImportKind:
        """What is in the file, by its name."""
        return _SUFFIXES[_suffix(self.cleaned_data["file"])]

    @property
    def most_bytes(self) -> int:
        """How large such a file may be."""
        return pictures.MOST_BYTES if self.kind == ImportKind.PICTURES else sheets.MOST_BYTES

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if _suffix(file) not in _SUFFIXES:
            raise forms.ValidationError("Choose a .csv, .xlsx or .zip file.")
        if not file.size:
            raise forms.ValidationError("The file is empty.")
        return file


class ExportForm(forms.Form):
    """Which products, and as what."""

    format = forms.ChoiceField(
        choices=[("xlsx", "Excel workbook (.xlsx)"), ("csv", "CSV")],
        widget=forms.RadioSelect,
        initial="xlsx",
    )
    category = forms.ModelChoiceField(
        CategoryPage.objects.none(), required=False, empty_label="All categories"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["category"]
        choice.queryset = CategoryPage.objects.order_by("path")

    def pages(self) -> QuerySet[ProductPage]:
        """Return the products that were chosen."""
        category = self.cleaned_data["category"]
        pages: QuerySet[ProductPage] = ProductPage.objects.all()
        return pages.filter(path__startswith=category.path) if category else pages


def _suffix(file: UploadedFile[Any]) -> str:
    name = str(file.name or "").lower()
    return name[name.rfind(".") :] if "." in name else ""
