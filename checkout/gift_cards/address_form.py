"""For whom a bought gift card is, asked anew."""

from django import forms

from catalog.gift_card_form import NAME_LENGTH
from cms.plain_words import PlainNameField


class CardAddressForm(forms.Form):
    """Where a card is mailed to, and whom its mail greets."""

    name = PlainNameField(
        label="Who gets it (optional)",
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label="E-mail address that the card is mailed to",
        max_length=254,
        error_messages={
            "required": "Enter an e-mail address.",
            "invalid": "Enter an e-mail address such as name@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    use_required_attribute = False
