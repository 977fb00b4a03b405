"""What a recipient fills in to take something else for a gift."""

from collections.abc import Sequence
from typing import Any

from django import forms

from checkout.countries import country_name
from checkout.forms import CheckoutForm
from checkout.gift_instead import Choice, Wish
from checkout.models import DeliveryMethod
from checkout.placement import Address
from checkout.shipping import default_country

_NEEDED = ("line1", "postcode", "city")


class InsteadForm(forms.Form):
    """What is taken, and how it comes; what is not sent needs no address."""

    what = forms.ChoiceField(
        label="What would you like?",
        error_messages={"required": "Choose what you would like."},
    )
    name = CheckoutForm.base_fields["name"]
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
        methods: Sequence[DeliveryMethod],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self._goods = {choice.sku for choice in choices if choice.is_goods}
        self._couriers = {each.code for each in methods if each.kind == each.Kind.COURIER}
        self.country = country_name(default_country())
        names = [(choice.sku, choice.name) for choice in choices]
        self._field("what").choices = names if len(names) == 1 else [("", "Choose…"), *names]
        self._field("delivery").choices = [
            ("", "Choose…"),
            *((each.code, each.name) for each in methods),
        ]
        for name in _NEEDED:
            self.fields[name].required = False
        if not self._goods:
            for name in ("delivery", *_NEEDED, "line2"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Ask for the delivery of goods, and for an address where a courier has to find it."""
        typed: dict[str, Any] = super().clean() or {}
        if typed.get("what") not in self._goods:
            return typed
        if not typed.get("delivery") and "delivery" not in self.errors:
            self.add_error("delivery", "Choose how it should come.")
        if typed.get("delivery") in self._couriers:
            for name in _NEEDED:
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, CheckoutForm.base_fields[name].error_messages["required"])
        return typed

    def wish(self) -> Wish:
        """Return what was filled in, in the words of the domain."""
        typed = self.cleaned_data
        if typed["what"] not in self._goods:
            return Wish(sku=typed["what"], name=typed["name"])
        lines = {name: typed[name] for name in ("line1", "line2", "postcode", "city")}
        address = Address(name=typed["name"], country=default_country(), **lines)
        return Wish(typed["what"], typed["name"], typed["delivery"], address)

    def _field(self, name: str) -> Any:
        return self.fields[name]
