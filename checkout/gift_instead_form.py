"""What a recipient fills in to take something else for a gift."""

from collections.abc import Sequence
from typing import Any

from django import forms

from checkout.forms import CheckoutForm
from checkout.gift_instead import Choice, Wish
from checkout.models import DeliveryMethod, DeliveryZone
from checkout.placement import Address
from checkout.shipping import countries, default_country

_NEEDED = ("line1", "postcode", "city")


class InsteadForm(forms.Form):
    """What is taken, and how it comes; what is not sent needs no address."""

    what = forms.ChoiceField(
        label="What would you like?",
        error_messages={"required": "Choose what you would like."},
    )
    name = CheckoutForm.base_fields["name"]
    country = forms.ChoiceField(
        label="Country",
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )
    delivery = forms.ChoiceField(
        label="How should it come?",
        required=False,
        help_text="For a kit only.",
    )
    line1 = CheckoutForm.base_fields["line1"]
    line2 = CheckoutForm.base_fields["line2"]
    postcode = CheckoutForm.base_fields["postcode"]
    city = CheckoutForm.base_fields["city"]

    def __init__(
        self,
        *args: Any,
        choices: Sequence[Choice],
        zones: Sequence[DeliveryZone],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._goods = {choice.sku for choice in choices if choice.is_goods}
        self._ways = {
            method.code: (method, zone) for zone in zones for method in zone.methods.all()
        }
        names = [(choice.sku, choice.name) for choice in choices]
        self._field("what").choices = names if len(names) == 1 else [("", "Choose…"), *names]
        self._field("country").choices = countries(zones)
        self._field("country").initial = default_country(zones)
        self._field("delivery").choices = [
            ("", "Choose…"),
            *((zone.name, [(way.code, way.name) for way in zone.methods.all()]) for zone in zones),
        ]
        for name in _NEEDED:
            self.fields[name].required = False
        if not self._goods:
            for name in ("country", "delivery", *_NEEDED, "line2"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Ask for the delivery of goods, and for an address where a courier has to find it."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("what") not in self._goods:
            return typed
        if "delivery" in self.errors or "country" in self.errors:
            return typed
        if not typed["delivery"]:
            self.add_error("delivery", "Choose how it should come.")
            return typed
        method, zone = self._ways[typed["delivery"]]
        if typed["country"] not in zone.country_codes():
            to = dict(self._field("country").choices)[typed["country"]]
            self.add_error("delivery", f"This does not go to {to}. Choose one that does.")
        if method.kind == DeliveryMethod.Kind.COURIER:
            for name in _NEEDED:
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, CheckoutForm.base_fields[name].error_messages["required"])
        return typed

    def wish(self) -> Wish:
        """Return what was filled in, in the words of the domain."""
        typed = self.cleaned_data
        if typed["what"] not in self._goods:
            return Wish(sku=typed["what"], name=typed["name"])
        parts = ("name", "line1", "line2", "postcode", "city", "country")
        address = Address(**{name: typed[name] for name in parts})
        return Wish(typed["what"], typed["name"], typed["delivery"], address)

    def _field(self, name: str) -> Any:
        return self.fields[name]
