"""The desk: find a customer's passes, redeem a session with one tap, take it back."""

from typing import Any, cast
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from accounts.models import User
from treatments import appointments, desk, desk_search, ledger
from treatments.models import LedgerEntry, Practitioner, SessionPass

DESK = "sessionpass:desk"


def may(user: Any, action: str) -> bool:
    """Tell whether somebody may do something with passes."""
    return bool(policy_registry.get_by_type(SessionPass).user_has_permission(user, action))


class DeskView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One field to find passes by; a scanner types into it, and Enter asks."""

    model = SessionPass
    permission_required = "redeem"
    page_title = "Redeem at the desk"
    header_icon = "tag"
    _show_breadcrumbs = True
    template_name = "treatments/admin/desk.html"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "")[:200]
        found = desk_search.find(words)
        return {
            **super().get_context_data(**kwargs),
            "words": words,
            "cards": desk.cards(found, at=timezone.now()),
            "is_cut": desk_search.is_cut(found),
            "practitioners": list(Practitioner.objects.active()),
            "chosen": self.request.session.get("practitioner", ""),
            "can_override": may(self.request.user, "override"),
            "can_see_passes": may(self.request.user, "view"),
        }


class RedeemForm(forms.Form):
    """What the desk sends: a token that stands for one tap, and who gives the session."""

    token = forms.RegexField(r"\A[0-9a-f]{32}\Z")
    practitioner = forms.ModelChoiceField(Practitioner.objects.active(), required=False)
    note = forms.CharField(max_length=300, required=False)
    override_reason = forms.CharField(max_length=300, required=False)
    q = forms.CharField(max_length=200, required=False)


class DeskButtonView(PermissionCheckedMixin, View):
    """A button at the desk; afterwards the same passes are shown again."""

    http_method_names: tuple[str, ...] = ("post",)
    model = SessionPass
    permission_required = "redeem"

    def back(self, request: HttpRequest) -> HttpResponseBase:
        words = request.POST.get("q", "")[:200]
        return redirect(f"{reverse(DESK)}?{urlencode({'q': words})}")


class RedeemView(DeskButtonView):
    """Take one session; a reason makes it an override, which clinicians alone may give."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        row = get_object_or_404(SessionPass, pk=pk)
        form = RedeemForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Nothing was redeemed: the form was not complete. Try again.")
            return self.back(request)
        reason = form.cleaned_data["override_reason"]
        if reason and not may(request.user, "override"):
            messages.error(request, "Only clinicians may allow a session sooner.")
            return self.back(request)
        self._redeem(request, row, form.cleaned_data)
        return self.back(request)

    def _redeem(self, request: HttpRequest, row: SessionPass, sent: dict[str, Any]) -> None:
        practitioner, at = sent["practitioner"], timezone.now()
        request.session["practitioner"] = practitioner.pk if practitioner else ""
        booked = appointments.booked_today([row.pk], at=at).get(row.pk)
        try:
            entry = ledger.redeem(
                pass_id=row.pk,
                reference=f"desk:{sent['token']}",
                by=cast(User, request.user),
                at=at,
                hold_id=booked.hold_id if booked else None,
                practitioner_id=practitioner.pk if practitioner else None,
                note=sent["note"],
                override_reason=sent["override_reason"],
            )
        except (ledger.PassRefused, ledger.ReferenceTaken) as refusal:
            messages.error(request, str(refusal))
        else:
            log(instance=row, action="treatments.redeem", user=request.user)
            messages.success(request, f"Redeemed. {entry.balance_after} left on {row}.")


class UndoView(DeskButtonView):
    """Put back what was just redeemed, as an entry of its own."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        entry = get_object_or_404(LedgerEntry, pk=pk)
        by, at = cast(User, request.user), timezone.now()
        try:
            ledger.restore(entry_id=entry.pk, reference=f"undo:{entry.pk}", by=by, at=at)
        except (ledger.PassRefused, ledger.ReferenceTaken) as refusal:
            messages.error(request, str(refusal))
        else:
            log(instance=entry.session_pass, action="treatments.restore", user=by)
            messages.success(request, "Put back. Both entries stay in the ledger.")
        return self.back(request)
