"""Two accounts side by side: which stays, what would move, and the one button that does it."""

from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from allauth.account.models import EmailAddress

from accounts.models import User
from storefront.customers import merging
from storefront.customers.facts import customer_facts

PERMISSION = "accounts.merge_user"
ADDRESS = "merge_customers"


class LookForm(forms.Form):
    """Two addresses; each is an account's own, or another one that its owner has proved."""

    one = forms.EmailField(label="One e-mail address", max_length=254)
    other = forms.EmailField(label="Another of the same person", max_length=254)

    def clean_one(self) -> User:
        return _account_behind(self.cleaned_data["one"])

    def clean_other(self) -> User:
        return _account_behind(self.cleaned_data["other"])

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        one, other = found.get("one"), found.get("other")
        if one and one == other:
            raise forms.ValidationError(str(merging.SameAccount()))
        if any(user.is_staff or user.is_superuser for user in (one, other) if user):
            raise forms.ValidationError(str(merging.StaffAccount()))
        return found


class MergeForm(forms.Form):
    """Which account stays, which goes, and how somebody knows that both are one person's."""

    stays = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    gone = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label="How do you know that both are one person's?",
        max_length=300,
        help_text="For instance: came to the desk with her passport. Kept in the history.",
    )


class MergeCustomersView(PermissionRequiredMixin, WagtailAdminTemplateMixin, FormView[MergeForm]):
    """Looking changes nothing; what is agreed to is posted."""

    permission_required = PERMISSION
    raise_exception = True
    form_class = MergeForm
    page_title = "Merge two customers"
    header_icon = "group"
    _show_breadcrumbs = True
    template_name = "storefront/admin/merge_customers.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_asked = "other" in request.GET
        first = {"one": request.GET.get("one", "")}
        self.look = LookForm(request.GET if is_asked else None, initial=first)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: MergeForm) -> HttpResponse:
        sent = form.cleaned_data
        by = cast(User, self.request.user)
        try:
            stays = merging.merge(
                gone_id=sent["gone"],
                stays_id=sent["stays"],
                reason=sent["reason"],
                by=by,
                at=timezone.now(),
            )
        except merging.MergeRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, f"Done. All of it is {stays.email}'s now.")
        return redirect(ADDRESS)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["look"] = self.look
        if self.look.is_bound and self.look.is_valid():
            context |= self._compared(
                self.look.cleaned_data["one"], self.look.cleaned_data["other"]
            )
        return context

    def _compared(self, one: User, other: User) -> dict[str, Any]:
        kept = self.request.GET.get("keep", "")
        compared: dict[str, Any] = {
            "customers": [
                (customer_facts(user), self._address(keep=user), str(user.pk) == kept)
                for user in (one, other)
            ]
        }
        for stays, gone in ((one, other), (other, one)):
            if str(stays.pk) == kept:
                compared |= {
                    "stays": stays,
                    "gone": gone,
                    "rooms": merging.outlook(gone=gone, stays=stays),
                }
        return compared

    def _address(self, *, keep: User) -> str:
        asked = {name: self.request.GET[name] for name in ("one", "other")}
        return f"{reverse(ADDRESS)}?{urlencode(asked | {'keep': keep.pk})}#what-moves"


def _account_behind(email: str) -> User:
    """Return the account with an address.

    :raises forms.ValidationError: if there is none.
    """
    found = User.objects.filter(email__iexact=email, is_active=True).first()
    if found is None:
        proved = EmailAddress.objects.filter(
            email__iexact=email, verified=True, user__is_active=True
        )
        owner = proved.select_related("user").first()
        found = owner.user if owner else None
    if found is None:
        raise forms.ValidationError("No account has this address.")
    return found
