"""The two steps by which customers delete their account."""

from typing import Any

from django import forms
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.person import person_of
from accounts.recent import signed_in_lately
from checkout import basket_cookie
from checkout.views.leaving import SeeOther
from storefront.account import closing
from storefront.account.again import ask_again
from storefront.account.personal import customer, personal


class LeaveForm(forms.Form):
    """The own address, typed, and a word on sessions that are left."""

    email = forms.EmailField(
        label="Your e-mail address",
        help_text="Type it in full, so that nothing is deleted by mistake.",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    gives_up_passes = forms.BooleanField(
        label="I give up the sessions that are left. I get no money back for them."
    )

    def __init__(self, *args: Any, user: User, has_passes: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        if not has_passes:
            del self.fields["gives_up_passes"]

    def clean_email(self) -> str:
        """Compare what was typed with the account's address.

        :raises ValidationError: if it is another.
        """
        typed: str = self.cleaned_data["email"]
        if typed.lower() != self._user.email.lower():
            raise forms.ValidationError("This is not the address of this account.")
        return typed


@personal
@require_safe
def delete(request: HttpRequest) -> HttpResponse:
    """The first step: say what goes, what stays, and what stands in the way."""
    user = customer(request)
    at = timezone.now()
    context = {
        "passes": closing.passes_with_value(person_of(user), at=at),
        "orders": closing.hindrances(user, at=at),
        "is_staff": user.is_staff or user.is_superuser,
    }
    return render(request, "storefront/account/delete.html", context)


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_delete(request: HttpRequest) -> HttpResponse:
    """The second step: whoever has signed in lately types their address, and is gone."""
    user = customer(request)
    at = timezone.now()
    if not signed_in_lately(request, at=at):
        return ask_again("delete")
    passes = closing.passes_with_value(person_of(user), at=at)
    data = request.POST if request.method == "POST" else None
    form = LeaveForm(data, user=user, has_passes=bool(passes))
    if form.is_valid():
        try:
            closing.close_account(
                user_id=user.pk,
                gives_up_passes=form.cleaned_data.get("gives_up_passes", False),
                at=at,
            )
        except (closing.OrdersUnderWay, closing.PassesLeft, closing.StaffAccount):
            # The first step says what has come up meanwhile.
            return SeeOther(reverse("my:delete"))
        return _gone(request)
    context = {"form": form, "passes": passes}
    status = 422 if form.is_bound else 200
    return render(request, "storefront/account/delete_confirm.html", context, status=status)


@never_cache
@require_safe
def deleted(request: HttpRequest) -> HttpResponse:
    """Say goodbye; the page knows nobody."""
    return render(request, "storefront/account/deleted.html")


def _gone(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = SeeOther(reverse("my:deleted"))
    basket_cookie.forget(response)
    return response
