"""What a buyer fills in at checkout, and to withdraw from a purchase."""

from typing import Any

from django import forms

from checkout import gift_notes
from checkout.known_buyer import NOBODY, KnownBuyer
from checkout.models.order import LONGEST_GIFT_NOTE
from checkout.placement import Address, BuyerDetails
from checkout.pricing import PricedBasket

MAX_TOTAL_MINOR = 10**11


class CheckoutForm(forms.Form):
    """Who buys, and where goods go; a basket of packages alone asks for no address."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="For your confirmation and receipt.",
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address such as name@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    name = forms.CharField(
        label="Full name",
        max_length=150,
        error_messages={"required": "Enter your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label="Phone (optional)",
        max_length=40,
        required=False,
        help_text="Only for questions about this delivery.",
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    line1 = forms.CharField(
        label="Street and house number",
        max_length=150,
        error_messages={"required": "Enter the street and house number."},
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    line2 = forms.CharField(
        label="Flat, floor or company (optional)",
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line2"}),
    )
    postcode = forms.CharField(
        label="Postcode",
        max_length=20,
        error_messages={"required": "Enter the postcode."},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    city = forms.CharField(
        label="Town or city",
        max_length=100,
        error_messages={"required": "Enter the town or city."},
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    keep_address = forms.BooleanField(label="Keep this address in my account", required=False)
    gift_note = forms.CharField(
        label="A present? A few words to go with it (optional)",
        # Counted once what no font of ours draws is left out.
        max_length=2 * LONGEST_GIFT_NOTE,
        required=False,
        help_text="We print them on a card and put it into the parcel. No price lies in it.",
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": str(LONGEST_GIFT_NOTE)}),
    )
    accept_terms = forms.BooleanField(
        label="I agree to the terms and have read how to withdraw from a purchase.",
        error_messages={"required": "Please agree to the terms to go on."},
    )
    checkout_token = forms.CharField(max_length=43, widget=forms.HiddenInput)
    agreed_total_minor = forms.IntegerField(
        min_value=0, max_value=MAX_TOTAL_MINOR, widget=forms.HiddenInput
    )

    agreed_gift_card_minor = forms.IntegerField(
        min_value=0, max_value=MAX_TOTAL_MINOR, required=False, widget=forms.HiddenInput
    )

    ADDRESS_FIELDS = ("line1", "line2", "postcode", "city")

    def __init__(
        self, *args: Any, basket: PricedBasket, known: KnownBuyer = NOBODY, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.basket, self.known = basket, known
        self.label_suffix = ""
        if not self.needs_address:
            for name in self.ADDRESS_FIELDS:
                del self.fields[name]
        if not basket.needs_delivery:
            del self.fields["gift_note"]
        if not self.needs_address or not known.is_signed_in:
            del self.fields["keep_address"]

    @property
    def needs_address(self) -> bool:
        """Whether a courier has to find the buyer."""
        delivery = self.basket.delivery
        return bool(self.basket.needs_delivery and delivery and delivery.kind == "COURIER")

    def clean_gift_note(self) -> str:
        try:
            return gift_notes.clean(self.cleaned_data["gift_note"])
        except gift_notes.GiftNoteRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal

    def details(self) -> BuyerDetails:
        """Return what was filled in, in the words of the domain."""
        typed = self.cleaned_data
        address = (
            Address(
                name=typed["name"],
                line1=typed["line1"],
                line2=typed["line2"],
                postcode=typed["postcode"],
                city=typed["city"],
                country=self.basket.country,
            )
            if self.needs_address
            else Address()
        )
        return BuyerDetails(
            email=typed["email"],
            name=typed["name"],
            phone=typed["phone"],
            address=address,
            gift_note=typed.get("gift_note", ""),
        )


class WithdrawalForm(forms.Form):
    """Which contract somebody withdraws from, and where the receipt goes."""

    number = forms.CharField(
        label="Order number",
        max_length=20,
        help_text="It is in every mail about your order, such as G-7K3M-9QXT.",
        error_messages={"required": "Enter the order number."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        help_text="The one you ordered with; the receipt goes there.",
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address such as name@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
