"""Staff screens that make one call: by a small form, or by a button alone."""

import datetime as dt
from typing import Any, ClassVar, cast

from django import forms
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import FormView, View
from wagtail.admin import messages
from wagtail.admin.views.generic import InspectView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from accounts.models import User


class VerbView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView[forms.BaseForm]):
    """Shows what is refused beside the form; otherwise goes back to the row's own screen."""

    model: ClassVar[type[models.Model]]
    refusals: ClassVar[tuple[type[Exception], ...]]
    done_message: ClassVar[str]
    permission_required: str | None = "change"
    log_action = "wagtail.edit"
    template_name = "cms/admin/verb_form.html"
    header_icon = "edit"
    index_url_name = ""
    inspect_url_name = ""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.object: Any = get_object_or_404(self.model, pk=kwargs["pk"])

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        """Make the one call."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        by = self.request.user
        try:
            self.act(form.cleaned_data, by=by, at=timezone.now())  # type: ignore[arg-type]
        except self.refusals as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form)
        log(instance=self.object, action=self.log_action, user=by, title=str(self.object))
        messages.success(self.request, self.done_message)
        return redirect(self.get_success_url())

    def get_success_url(self) -> str:
        return reverse(self.inspect_url_name, args=[self.object.pk])

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        plural = str(self.model._meta.verbose_name_plural).capitalize()
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(self.index_url_name), "label": plural},
            {"url": self.get_success_url(), "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["action_url"] = self.request.path
        context["submit_button_label"] = self.get_page_title()
        context["submit_button_active_label"] = "Saving…"
        context["media"] = context["form"].media
        return context


class VerbsInspectView(InspectView):
    """One row, with a button for each of its verbs, for who may change it.

    :cvar verbs: names of addresses, by what the buttons say.
    """

    verbs: ClassVar[dict[str, str]] = {}

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.user_has_permission("change"):
            return []
        return [
            HeaderButton(label, url=reverse(name, args=[self.object.pk]), icon_name="edit")
            for label, name in self.verbs.items()
        ]


class ButtonView(PermissionCheckedMixin, View):
    """Makes its call when a button is pressed, and goes back to the list."""

    http_method_names: tuple[str, ...] = ("post",)
    model: ClassVar[type[models.Model]]
    refusals: ClassVar[tuple[type[Exception], ...]]
    done_message: ClassVar[str]
    index_url_name = ""

    def act(self, row_id: int, *, by: User, at: dt.datetime) -> None:
        """Make the one call."""
        raise NotImplementedError

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        row = get_object_or_404(self.model, pk=pk)
        try:
            self.act(row.pk, by=cast(User, request.user), at=timezone.now())
        except self.refusals as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, self.done_message)
        return redirect(self.index_url_name)
