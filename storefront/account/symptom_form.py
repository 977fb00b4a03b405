"""The form that asks what somebody feels after a session."""

from collections.abc import Collection
from typing import Any, Final

from django import forms

from storefront.account.own_shelf import OwnProduct
from treatments.models import WarningSign
from treatments.symptom_reports import CONSENT
from treatments.symptoms import Lasting, Strength

SOMETHING_ELSE: Final = "else"
_MOST_WORDS: Final = 1000


class SymptomForm(forms.Form):
    """What is felt, how strong and how long; the rest is up to the writer."""

    signs = forms.MultipleChoiceField(
        label="What do you notice?",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one, or “Something else”."},
    )
    strength = forms.ChoiceField(
        label="How strong is it?", choices=Strength.choices, widget=forms.RadioSelect
    )
    lasting = forms.ChoiceField(
        label="How long has it lasted?", choices=Lasting.choices, widget=forms.RadioSelect
    )
    key = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)
    tells_clinic = forms.BooleanField(
        label="Send it to the clinic as well", help_text=CONSENT, required=False
    )
    words = forms.CharField(
        label="In your own words (optional)",
        max_length=_MOST_WORDS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    product = forms.ChoiceField(label="Could it be a product? (optional)", required=False)
    batch = forms.CharField(
        label="Its batch (optional)",
        help_text="The number printed on the bottom or the fold.",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(
        self,
        *args: Any,
        signs: Collection[WarningSign],
        products: Collection[OwnProduct],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._signs = {str(sign.pk): sign for sign in signs}
        named = [(key, _named(sign)) for key, sign in self._signs.items()]
        self._field("signs").choices = [*named, (SOMETHING_ELSE, "Something else")]
        titles = [(each.title, each.title) for each in products]
        self._field("product").choices = [("", "No, or I do not know"), *titles]

    @property
    def felt_signs(self) -> list[WarningSign]:
        """The signs of the protocol that were chosen."""
        return [self._signs[key] for key in self.cleaned_data["signs"] if key != SOMETHING_ELSE]

    @property
    def is_something_else(self) -> bool:
        return SOMETHING_ELSE in self.cleaned_data["signs"]

    def _field(self, name: str) -> Any:
        return self.fields[name]


def _named(sign: WarningSign) -> str:
    return f"{sign.sign} ({sign.limit})" if sign.limit else sign.sign
