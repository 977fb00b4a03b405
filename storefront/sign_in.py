"""Sign in or open an account with one field: whoever types the code owns the address.

Known and unknown addresses are answered alike to the byte, because both get a code; the account
of an unknown one is made only when its code comes back. A password works too, for those who set
one.
"""

from smtplib import SMTPException
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from allauth.account import views
from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField
from allauth.account.forms import AddEmailForm, LoginForm, ResetPasswordForm
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import EmailAddress, Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core.exceptions import ImmediateHttpResponse

from accounts.even_time import even_time
from accounts.models import User
from checkout import basket_cookie
from checkout.forms import CheckoutForm


class CodeProcess(LoginCodeVerificationProcess):
    """allauth's login by code, with an account made for an address that had none."""

    @classmethod
    def begin(cls, *, request: HttpRequest, user: User | None, email: str) -> None:
        """Send a code to the address and remember in the session that it is awaited."""
        login = Login(user=user, email=email)
        login.state["stages"] = {"current": LoginByCodeStage.key}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=user, email=email), initiated_by_user=True)
        process = cls(stage=stage)
        process.send()
        process.persist()

    def send_by_email(self, email: str, skip_enumeration_mails: bool = False) -> None:  # noqa: ARG002
        """Send a code, whether or not somebody has an account under the address."""
        context = {"request": self.request, "code": self.generate_code()}
        get_adapter().send_mail("account/email/login_code", email, context)
        self.add_sent_message({"email": email, "recipient": email})

    def finish(self, redirect_url: str | None) -> HttpResponse:
        """Sign in the owner of the address, who has just typed its code."""
        email: str = self.state["email"]
        if self.user is None:
            self._user = _account_for(email)
        if self._user.email == email:
            # allauth verifies addresses that it has a row for.
            EmailAddress.objects.get_or_create(
                user=self._user, email=email, defaults={"primary": True}
            )
        response: HttpResponse = super().finish(redirect_url)
        return response


class _InTheShopsWords(forms.Form):
    """Lets allauth's field for an address be named, and refuse, as the checkout's does."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = CheckoutForm.base_fields["email"]
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            if isinstance(field, forms.EmailField):
                field.label = ours.label
                field.error_messages |= ours.error_messages


class SignInForm(_InTheShopsWords, LoginForm):
    """An address, and a password for those who set one; without it a code is sent."""

    password = PasswordField(label="Password", autocomplete="current-password", required=False)

    def _setup_password_field(self) -> None:
        """Keep the field that allauth takes away where accounts open without a password."""

    def _login_by_code(
        self, request: HttpRequest, redirect_url: str | None, credentials: dict[str, str]
    ) -> HttpResponseBase:
        try:
            CodeProcess.begin(request=request, user=self.user, email=credentials["email"])
        except (SMTPException, OSError) as problem:
            messages.error(request, "We could not send the code just now. Please try again.")
            raise ImmediateHttpResponse(redirect("account_login")) from problem
        query = {REDIRECT_FIELD_NAME: redirect_url} if redirect_url else {}
        return redirect(reverse("account_confirm_login_code", query=query))


class ResetForm(_InTheShopsWords, ResetPasswordForm):
    """The address whose password was forgotten."""


class ChangeAddressForm(_InTheShopsWords, AddEmailForm):
    """The address that shall take the old one's place."""


class SignInView(views.LoginView):
    """The one page for signing in and for opening an account."""

    def get_authenticated_redirect_url(self) -> str:
        """Where somebody goes who is signed in already.

        :raises PermissionDenied: if that is the admin and they may not enter it; sent back and
            forth they would never see why.
        """
        url: str = super().get_authenticated_redirect_url()
        may_enter = self.request.user.has_perm("wagtailadmin.access_admin")
        if url.startswith(reverse("wagtailadmin_home")) and not may_enter:
            raise PermissionDenied
        return url


class ConfirmCodeView(views.ConfirmLoginCodeView):
    """Takes the code, from known and new owners of an address alike."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self._process = CodeProcess(stage=self.stage)
        response: HttpResponseBase = super().post(request, *args, **kwargs)
        return response


class ResetView(views.PasswordResetView):
    """Mails a way to a new password; a known address is a little more work than an unknown one."""

    def form_valid(self, form: Any) -> HttpResponse:
        with even_time():
            response: HttpResponse = super().form_valid(form)
        return response


class SignOutView(views.LogoutView):
    """Ends the session and takes the basket's cookies from a browser that others may use."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post(*args, **kwargs)
        basket_cookie.forget(response)
        return response


def _account_for(email: str) -> User:
    """The account under an address whose owner has proved it, made if there is none."""
    try:
        with transaction.atomic():
            return User.objects.create_user(email)
    except IntegrityError:
        return User.objects.get(email__iexact=email)
