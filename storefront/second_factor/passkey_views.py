"""Pages on which a passkey is added, renamed, shown once more, and taken away."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as webauthn

from accounts.second_factor import standing
from accounts.second_factor.forms import is_too_often
from storefront.account.personal import customer
from storefront.second_factor import history
from storefront.second_factor.views import next_of


class _FormKept:
    """Shows the form that was refused; allauth would read what was sent a second time."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return context | kwargs | {"next": next_of(self.request)}  # type: ignore[attr-defined]


class AddPasskeyView(_FormKept, webauthn.AddWebAuthnView):
    """Adds a passkey; from then on this session has shown it."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Take it as a second factor, and what made it as shown."""
        response: HttpResponse = super().form_valid(form)
        user = customer(self.request)
        own = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
        row = own.order_by("-pk")[0]
        row.user = user
        post_authentication(self.request, row, reauthenticated=True)
        history.note(user, history.ADD, form.cleaned_data["name"])
        return response

    def get_success_url(self) -> str:
        """Show the recovery codes to who has new ones, and lead on to where they were going."""
        on = next_of(self.request)
        if self.did_generate_recovery_codes:
            return reverse("mfa_view_recovery_codes", query={"next": on} if on else {})
        return on or reverse("mfa_index")


class ShowPasskeyAgainView(_FormKept, webauthn.ReauthenticateWebAuthnView):
    """Asks for a passkey once more: before something grave, or after a while away."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what was wrong; too many tries are answered as such."""
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form))
        response.status_code = 429 if is_too_often(form) else 200
        return response


class RenamePasskeyView(webauthn.EditWebAuthnView):
    """Calls a passkey something else; what it opens stays the same."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """Give it its new name."""
        before = self.object.wrap().name
        response: HttpResponse = super().form_valid(form)
        history.note(customer(self.request), history.RENAME, before, form.cleaned_data["name"])
        return response


class RemovePasskeyView(webauthn.RemoveWebAuthnView):
    """Takes a passkey away; without any factor left, nothing is shown any more."""

    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        """Take it away."""
        name = self.object.wrap().name
        response: HttpResponse = super().form_valid(form)
        history.note(customer(self.request), history.REMOVE, name)
        if not standing.is_enrolled(self.request.user):
            standing.forget_shown(self.request)
        return response
