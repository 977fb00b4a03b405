"""The sign-up form, the same below every article and on its own page."""

from typing import Any, Final

from django import forms
from django.core.validators import validate_email

from blog import newsletter_consent

LONGEST_SOURCE: Final = 200


class SignUpForm(forms.Form):
    """An address; what is agreed to stands beside it, and its version travels along."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address such as name@example.com.",
        },
    )
    # People do not see this field; programs fill it in.
    website = forms.CharField(
        label="Leave this empty",
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    source = forms.CharField(required=False, widget=forms.HiddenInput)
    consent = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, str] | None = None) -> None:
        stated = {"consent": newsletter_consent.VERSION, **(initial or {})}
        # An article has a form for comments too, and its fields have ids of their own.
        super().__init__(data, initial=stated, auto_id="newsletter_%s")

    def clean_email(self) -> str:
        """Refuse what a mail server would take for two addresses or a line of its own."""
        email: str = self.cleaned_data["email"]
        validate_email(email)
        return email

    def clean_source(self) -> str:
        """Keep the path of a page of ours, and nothing else."""
        source: str = self.cleaned_data["source"]
        is_path = source.startswith("/") and source.isprintable() and "?" not in source
        return source[:LONGEST_SOURCE] if is_path else ""

    @property
    def is_by_a_program(self) -> bool:
        return bool(self.cleaned_data.get("website"))
