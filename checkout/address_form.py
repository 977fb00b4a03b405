"""The form of one address."""

from typing import Final

from django import forms

from checkout.countries import NAMES
from checkout.forms import CheckoutForm
from checkout.models import DeliveryAddress
from checkout.placement import Address

_COUNTRIES: Final = sorted(NAMES.items(), key=lambda each: each[1])


class AddressForm(forms.Form):
    """Asks for an address in the words of the checkout, and for a name of one's own."""

    label = forms.CharField(
        label="Your name for it (optional)",
        help_text="Such as Home, Office or My parents.",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label="Full name",
        max_length=150,
        error_messages={"required": "Enter the name on the door or parcel."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    line1 = CheckoutForm.base_fields["line1"]
    line2 = CheckoutForm.base_fields["line2"]
    postcode = CheckoutForm.base_fields["postcode"]
    city = CheckoutForm.base_fields["city"]
    country = forms.ChoiceField(
        label="Country",
        choices=_COUNTRIES,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )

    @property
    def address(self) -> Address:
        """What a valid form says."""
        typed = self.cleaned_data
        names = ("name", "line1", "line2", "postcode", "city", "country")
        return Address(**{name: typed[name] for name in names})


def facts_of(row: DeliveryAddress) -> dict[str, str]:
    """Return what the form of an address begins with."""
    names = ("label", "name", "line1", "line2", "postcode", "city", "country")
    return {name: getattr(row, name) for name in names}
