"""Forms that take a code, from an app or from the paper of recovery codes."""

from typing import Any

from django import forms
from django.utils import timezone
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm

from accounts.second_factor import codes

TOO_MANY = ("too_many_login_attempts", "rate_limited")


def _for_codes(field: forms.Field) -> None:
    """Let phones offer digits, and browsers what a password manager knows."""
    field.widget = forms.TextInput(
        attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
    )


class _CodeForm(BaseAuthenticateForm):
    """Uses the code up, so that nobody comes in by it twice."""

    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _for_codes(self.fields["code"])

    def clean_code(self) -> str:
        """Return the code.

        :raises ValidationError: if it is not good, or too many were tried.
        """
        clear = check_rate_limit(self.user)
        code: str = self.cleaned_data["code"]
        found = codes.use(self.user, code, at=timezone.now())
        if found is None:
            raise get_adapter().validation_error("incorrect_code")
        found.user = self.user
        self.authenticator = found
        clear()
        return code


class ShowForm(_CodeForm, AuthenticateForm):
    """Shows the second factor on the way in."""


class ShowAgainForm(_CodeForm, ReauthenticateForm):
    """Shows it once more, before something grave or after a while away."""


class EnrolForm(ActivateTOTPForm):
    """Proves that the app has taken up the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code that the app shows"
        _for_codes(self.fields["code"])


def is_too_often(form: forms.Form | None) -> bool:
    """Tell whether a form was refused because of how often it was tried."""
    return form is not None and any(
        form.has_error(field, code) for field in form.fields for code in TOO_MANY
    )
