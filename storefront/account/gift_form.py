"""The form by which sessions are given, and how often it may be sent."""

from typing import Any, Final

from django import forms

from accounts import tries
from accounts.models import User
from cms.plain_words import MessageField, PlainNameField
from treatments.models.gift import MESSAGE_LENGTH, NAME_LENGTH

# By one account; each is a mail to somebody who did not ask for it.
GIFTS_ALLOWED: Final = 10
GIFTS_COUNTED_SECONDS: Final = 24 * 60 * 60


class TooManyGifts(Exception):
    """Somebody gives again and again within a day."""

    def __init__(self) -> None:
        super().__init__("You have given a lot today. Please try again tomorrow, or talk to us.")


def count_gift(user: User) -> None:
    """Count one more try of an account.

    :raises TooManyGifts: if there were more than a customer needs in a day.
    """
    key = f"gifts-given:{user.pk}"
    if tries.count(key, seconds=GIFTS_COUNTED_SECONDS) > GIFTS_ALLOWED:
        raise TooManyGifts


class GiftForm(forms.Form):
    """How many sessions, for whom, with which words and on which day."""

    token = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)
    sessions = forms.TypedChoiceField(
        label="How many sessions",
        coerce=int,
        error_messages={"required": "Choose how many.", "invalid_choice": "Choose how many."},
    )
    recipient_name = PlainNameField(
        label="Who gets them",
        max_length=NAME_LENGTH,
        error_messages={"required": "Enter their name."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    recipient_email = forms.EmailField(
        label="Their e-mail address",
        max_length=254,
        help_text="We write to it once, and keep the sessions for it.",
        error_messages={
            "required": "Enter their e-mail address.",
            "invalid": "Enter an e-mail address such as name@example.com.",
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    giver_name = PlainNameField(
        label="Your name, as they read it",
        max_length=NAME_LENGTH,
        error_messages={"required": "Enter your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    message = MessageField(max_length=MESSAGE_LENGTH)
    mail_on = forms.DateField(
        label="When we write to them",
        help_text="Today, or in the morning of a later day.",
        error_messages={
            "required": "Choose a day, today or later.",
            "invalid": "Choose a day, today or later.",
        },
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.use_required_attribute = False
        choice: Any = self.fields["sessions"]
        choice.choices = [(number, _in_words(number, most)) for number in range(1, most + 1)]


def _in_words(number: int, most: int) -> str:
    words = "1 session" if number == 1 else f"{number} sessions"
    return f"{words}, all that {'is' if most == 1 else 'are'} left" if number == most else words
