"""What staff type about deliveries and batches."""

from typing import Any

from django import forms

from catalog.batches.fields import CodeField, day_field
from catalog.batches.receiving import Arrived
from catalog.forms import MOST
from money.fields import MinorUnitsFormField

MOST_LINES = 200


class ReceiptForm(forms.Form):
    """Whose delivery it is."""

    supplier = forms.CharField(max_length=120)
    reference = forms.CharField(label="Number of the delivery note", max_length=80)
    token = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)


class ArrivedForm(forms.Form):
    """One line of a delivery; with a quantity of zero it is left out."""

    offer = forms.IntegerField(min_value=1, max_value=2**62, widget=forms.HiddenInput)
    quantity = forms.IntegerField(label="Pieces", min_value=0, max_value=MOST)
    code = CodeField(label="Batch number", required=False)
    expires_on = day_field("Best before", required=False)
    cost_minor = MinorUnitsFormField(label="Cost of a piece", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cost_minor"].help_text = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("expires_on") and not cleaned.get("code"):
            self.add_error("code", "Give the number that stands beside the date.")
        return cleaned

    def arrived(self) -> Arrived:
        """Return the line that a valid form tells of."""
        told = self.cleaned_data
        return Arrived(
            told["offer"], told["quantity"], told["code"], told["expires_on"], told["cost_minor"]
        )


ArrivedFormSet = forms.formset_factory(
    ArrivedForm, extra=0, max_num=MOST_LINES, absolute_max=MOST_LINES
)


class NamePiecesForm(forms.Form):
    """Which number pieces have that are here without one."""

    code = CodeField(label="Batch number")
    expires_on = day_field("Best before", required=False)
    quantity = forms.IntegerField(label="Pieces", min_value=1, max_value=MOST)


class StopForm(forms.Form):
    """Why a batch is not to be sold."""

    reason = forms.CharField(max_length=200)
