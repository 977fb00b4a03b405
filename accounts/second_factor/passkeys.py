"""Passkeys: what a browser sends for one, read with care, and no more of it kept than is needed."""

import struct
from typing import Any, ClassVar, Final, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.views.decorators.debug import sensitive_variables
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from fido2.utils import websafe_encode
from fido2.webauthn import RegistrationResponse

from accounts.second_factor.forms import TOO_MANY

# A person has a laptop, a phone and a key in a drawer; the page lists them all.
MOST: Final = 10
# In characters; what browsers send has about 2,000.
LONGEST: Final = 20_000
REFUSED: Final = "This passkey was not accepted. Try again, or use a code."
# What the reading of CBOR and base64 that somebody made up fails with.
_BROKEN: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    struct.error,
)


def has_any(user: Any) -> bool:
    """Tell whether somebody has a passkey."""
    return bool(_of(user).exists())


def _of(user: Any) -> Any:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)


class NameField(forms.CharField):
    """What its owner calls a passkey."""

    def __init__(self) -> None:
        super().__init__(
            label="Name",
            max_length=60,
            help_text="So that you know it among others, for instance: work laptop.",
        )


class AnswerField(forms.JSONField):
    """What the browser says about a passkey; a script of ours fills it in."""

    widget = forms.HiddenInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "required": "Your browser sent no passkey. Try again, or use a code.",
        "invalid": REFUSED,
    }

    def to_python(self, value: Any) -> Any:
        """Return it as an object.

        :raises ValidationError: if it is none, or far too long or deep.
        """
        if isinstance(value, str) and len(value) > LONGEST:
            raise ValidationError(REFUSED, code="invalid")
        try:
            answer = super().to_python(value)
        except RecursionError as error:
            raise ValidationError(REFUSED, code="invalid") from error
        if answer is not None and not isinstance(answer, dict):
            raise ValidationError(REFUSED, code="invalid")
        return answer

    def bound_data(self, data: Any, initial: Any) -> None:
        """Write nothing back into a page: it was good for one question, and may be made up."""

    def prepare_value(self, value: Any) -> str:  # noqa: ARG002
        """Begin empty; a script fills it in."""
        return ""


class AddForm(AddWebAuthnForm):
    """Takes a new passkey up."""

    name = NameField()
    credential = AnswerField()

    def clean(self) -> dict[str, Any]:
        """Return its name and what is kept of it.

        :raises ValidationError: if it is not whole, for another place, or one too many.
        """
        if _of(self.user).count() >= MOST:
            raise ValidationError(f"You have {MOST} passkeys. Take one away first.")
        try:
            cleaned: dict[str, Any] = super().clean()
            if "credential" in cleaned:
                cleaned["credential"] = _kept_of(cleaned["credential"])
        except (*_BROKEN, ValidationError) as error:
            _refuse(error)
        return cleaned


class RenameForm(EditWebAuthnForm):
    """Calls one something else."""

    name = NameField()


class ShowForm(AuthenticateWebAuthnForm):
    """Shows a passkey on the way in."""

    credential = AnswerField()

    @sensitive_variables()
    def clean_credential(self) -> Authenticator:
        """Return whose it is.

        :raises ValidationError: if it is not theirs, or too many were tried.
        """
        try:
            found: Authenticator = super().clean_credential()
        except (*_BROKEN, ValidationError) as error:
            _refuse(error)
        return found


class ShowAgainForm(ShowForm, ReauthenticateWebAuthnForm):
    """Shows it once more, before something grave or after a while away."""


def _refuse(error: Exception) -> NoReturn:
    """Say what everything that is wrong with a passkey is answered with, but too many tries."""
    if isinstance(error, ValidationError) and getattr(error, "code", None) in TOO_MANY:
        raise error
    raise ValidationError(REFUSED, code="passkey") from error


def _kept_of(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what is needed to know the passkey again, written anew."""
    read = RegistrationResponse.from_dict(answer)
    return {
        "id": read.id,
        "rawId": read.id,
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(read.response.client_data),
            "attestationObject": websafe_encode(read.response.attestation_object),
        },
        "clientExtensionResults": {},
    }
