"""The screen on which an owner takes somebody's second factor away."""

from typing import Any, Final, cast

from django import forms
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from accounts.models import User
from storefront.second_factor import resetting

PERMISSION: Final = "accounts.change_user"
ADDRESS: Final = "take_second_factor_away"


class ReasonForm(forms.Form):
    """How somebody knows that it is the person who asks."""

    reason = forms.CharField(
        label="How do you know that it is them who ask?",
        max_length=300,
        help_text="For instance: called her on the number in her contract. Kept in the history.",
    )


class TakeAwayView(PermissionRequiredMixin, WagtailAdminTemplateMixin, FormView[ReasonForm]):
    """Looking changes nothing; what is agreed to is posted.

    It stands below the screens of accounts, so it asks once more who it is.
    """

    permission_required = PERMISSION
    raise_exception = True
    form_class = ReasonForm
    page_title = "Take second factor away"
    header_icon = "lock"
    _show_breadcrumbs = True
    template_name = "storefront/admin/take_second_factor_away.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Look up whose it is, for those who may."""
        super().setup(request, *args, **kwargs)
        self.person: User | None = None
        if request.user.has_perm(PERMISSION):
            self.person = get_object_or_404(User, pk=kwargs["user_id"])

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        """Take it away."""
        person = cast(User, self.person)
        try:
            resetting.take_away(
                of_id=person.pk,
                reason=form.cleaned_data["reason"],
                by=cast(User, self.request.user),
                at=timezone.now(),
            )
        except resetting.ResettingRefused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        messages.success(self.request, f"Done. {person.email} sets up a new one.")
        return redirect("wagtailusers_users:edit", person.pk)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """Return the way here."""
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return whose it is."""
        return {**super().get_context_data(**kwargs), "person": self.person}
