"""What whoever buys a gift card says: how much, for whom, with which words, and on which day."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from django import forms

from catalog.offer_views import OfferView
from cms.plain_words import MessageField, PlainNameField

NAME_LENGTH: Final = 150
MESSAGE_LENGTH: Final = 500
# The furthest day that a card can be mailed on.
LONGEST_AHEAD: Final = dt.timedelta(days=365)


class GiftCardForm(forms.Form):
    """One gift card. A page that is kept for everybody shows it, so it says no day by itself."""

    sku = forms.ChoiceField(
        label="How much",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how much.",
            "invalid_choice": "Choose one of the amounts.",
        },
    )
    recipient_name = PlainNameField(
        label="Who gets it (optional)",
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    recipient_email = forms.EmailField(
        label="Their e-mail address (optional)",
        max_length=254,
        required=False,
        help_text="Leave it empty and we mail the card to you, to hand it over yourself.",
        error_messages={"invalid": "Enter an e-mail address such as name@example.com."},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    giver_name = PlainNameField(
        label="Your name, as they read it (optional)",
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    message = MessageField(max_length=MESSAGE_LENGTH)
    mail_on = forms.DateField(
        label="When we mail it (optional)",
        required=False,
        help_text="In the morning of that day. Leave it empty and it goes out once it is paid.",
        error_messages={"invalid": "Choose a day, today or later."},
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(
        self, *args: Any, offers: Sequence[OfferView], on: dt.date | None = None, **kwargs: Any
    ) -> None:
        """Show a form.

        :param on: today, in the shop's zone; needed to check what was sent.
        """
        super().__init__(*args, **kwargs)
        self.on = on
        self.label_suffix = ""
        self.use_required_attribute = False
        choice: Any = self.fields["sku"]
        choice.choices = [(offer.sku, offer.label) for offer in offers]

    def clean_mail_on(self) -> dt.date | None:
        day: dt.date | None = self.cleaned_data["mail_on"]
        if day is None or self.on is None:
            return day
        last = self.on + LONGEST_AHEAD
        if not self.on <= day <= last:
            raise forms.ValidationError(f"Choose a day from today until {last:%-d %B %Y}.")
        return day

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        is_nameless = not said.get("giver_name") and "giver_name" not in self.errors
        if said.get("recipient_email") and is_nameless:
            self.add_error("giver_name", "Enter your name, so that they know who it is from.")
        return said
