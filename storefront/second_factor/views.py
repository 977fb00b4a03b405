"""Pages on which a second factor is set up, shown, and taken away."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base import views as base
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp

from accounts.recent import ask_unless_recent
from accounts.second_factor import codes, passkeys, standing
from accounts.second_factor.forms import is_too_often
from storefront.account.personal import customer, personal
from storefront.second_factor import history
from storefront.second_factor.gate import MAY_ENTER

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def of_staff(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let in who works here, or has a second factor from when they did, and signed in lately.

    Whoever has a second factor shows it before they change it.

    :raises Http404: in the view, to everybody else.
    """

    @wraps(view)
    def answer(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = customer(request)
        has_factor = standing.is_enrolled(user)
        if not has_factor and not user.has_perm(MAY_ENTER):
            raise Http404("There is nothing to set up here.")
        lacks = has_factor and not standing.has_shown(request)
        asked = ask_unless_recent(request, at=timezone.now(), in_any_case=lacks)
        return cast(HttpResponse, view(request, *args, **kwargs)) if asked is None else asked

    return personal(answer)


class _DemoHintMixin:
    """Tells who tries the demo where the codes of its staff are."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | {"demo_codes": reverse("demo_codes") if settings.DEMO else ""}


class _TriesMixin:
    """Answers too many tries as such."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what was wrong."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 429 if is_too_often(form) else 200
        return response


class ShowView(_TriesMixin, _DemoHintMixin, base.AuthenticateView):
    """Asks for the second factor on the way in: a code, or one of the passkeys."""

    webauthn_form: Any

    def _build_forms(self) -> Any:
        posted = super()._build_forms()
        if posted is not self.webauthn_form and not passkeys.has_any(self.stage.login.user):
            self.webauthn_form = None
        return posted

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page, with whether there is an app that shows codes."""
        user, app = self.stage.login.user, Authenticator.Type.TOTP
        has_app = Authenticator.objects.filter(user=user, type=app).exists()
        return super().get_context_data(**kwargs) | {"has_app": has_app}

    def form_valid(self, form: Any) -> HttpResponse:
        """Let them in."""
        response: HttpResponse = super().form_valid(form)
        history.note(self.stage.login.user, history.SIGN_IN)
        return response


class ShowAgainView(_TriesMixin, _DemoHintMixin, base.ReauthenticateView):
    """Asks for it once more: before something grave, or after a while away."""


class EnrolView(_TriesMixin, totp.ActivateTOTPView):
    """Sets an authenticator app up; from then on this session has shown it."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Take the app as the second factor, and what proved it as shown."""
        response: HttpResponse = super().form_valid(form)
        user = customer(self.request)
        row = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
        codes.use(user, form.cleaned_data["code"], at=timezone.now())
        row.refresh_from_db()
        row.user = user
        post_authentication(self.request, row, reauthenticated=True)
        history.note(user, history.SET_UP)
        return response

    def get_success_url(self) -> str:
        """Show the recovery codes, and then lead on to where they were going."""
        on = next_of(self.request)
        query = {REDIRECT_FIELD_NAME: on} if on else {}
        return reverse("mfa_view_recovery_codes", query=query)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page, with where it leads on to."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"next": next_of(self.request)}


class ReplaceView(totp.DeactivateTOTPView):
    """Takes the app away; a new one is set up next, and before that nothing is shown any more."""

    def get_success_url(self) -> str:
        """Lead to where the new one is set up."""
        return reverse("mfa_activate_totp")

    def form_valid(self, form: Any) -> HttpResponse:
        """Take it away, and what was shown by it with it."""
        response: HttpResponse = super().form_valid(form)
        standing.forget_shown(self.request)
        history.note(customer(self.request), history.GIVE_UP)
        return response


class RecoveryCodesView(recovery.ViewRecoveryCodesView):
    """Shows the codes that are left, to be written down."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the page, with where it leads on to."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"next": next_of(self.request) or reverse("wagtailadmin_home")}


class NewRecoveryCodesView(recovery.GenerateRecoveryCodesView):
    """Makes new codes; the old ones let nobody in any more."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Make them."""
        response: HttpResponse = super().form_valid(form)
        history.note(customer(self.request), history.NEW_CODES)
        return response


@personal
@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """Say that it is known who it is, in a tab that was opened for it."""
    return render(request, "mfa/shown.html")


def next_of(request: HttpRequest) -> str:
    """Return where somebody was going; empty if that is nowhere, or not in this shop."""
    return get_next_redirect_url(request) or ""
