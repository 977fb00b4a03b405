"""Bulk price changes that were made: what each did, and the button that takes it back."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import policy_registry

from accounts.models import User
from catalog import price_rounds
from catalog.models import Offer, PriceRound, PriceRoundLine
from cms.columns import when
from cms.verb_view import VerbView


class AskedAsOffer:
    """Whoever may change offers may take a change of their prices back."""

    @cached_property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(Offer)


class PriceRoundIndexView(IndexView):
    template_name = "catalog/admin/desk_index.html"

    def get_base_queryset(self) -> QuerySet[PriceRound]:
        rounds: QuerySet[PriceRound] = super().get_base_queryset()
        return rounds.select_related("made_by")

    @cached_property
    def columns(self) -> list[Any]:
        return [
            TitleColumn("rule", label="What was done", get_url=self.get_inspect_url),
            Column("reason", label="Why"),
            Column("made_by", label="Who"),
            DateColumn("made_at", label="When", sort_key="made_at"),
            DateColumn("undone_at", label="Taken back", sort_key="undone_at"),
        ]


class PriceRoundInspectView(InspectView):
    """One change with every price before, after and now."""

    undo_url_name = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        lines = self.object.lines.select_related("offer__page", "before", "after", "plan__offer")
        context["lines"] = [
            {
                "row": line,
                "after": line.after.price if line.after else line.plan.price,
                "note": _note(line),
                "url": reverse("offer:inspect", args=[line.offer_id]),
            }
            for line in lines
        ]
        may_change = policy_registry.get_by_type(Offer).user_has_permission(
            self.request.user, "change"
        )
        context["undo_url"] = (
            reverse(self.undo_url_name, args=[self.object.pk]) if may_change else ""
        )
        return context


class UndoView(AskedAsOffer, VerbView):
    model = PriceRound
    form_class = forms.Form
    page_title = "Take this change back"
    done_message = "Taken back. What was changed since has stayed, and says so below."
    refusals = (price_rounds.AlreadyUndone,)

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        price_rounds.undo(round_id=self.object.pk, by=by, at=at)


class PriceRoundViewSet(ModelViewSet):
    model = PriceRound
    name = "price_round"
    icon = "history"
    menu_label = "Bulk price changes"
    # Nothing is typed here, but a viewset asks for the fields of its forms.
    form_fields = ("reason",)
    copy_view_enabled = False
    add_to_reference_index = False
    inspect_view_enabled = True
    index_view_class = PriceRoundIndexView
    inspect_view_class = PriceRoundInspectView
    inspect_template_name = "catalog/admin/price_round_inspect.html"
    inspect_view_fields: ClassVar = ["rule", "reason", "made_by", "made_at"]

    def get_inspect_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        named = {"undo_url_name": self.get_url_name("undo"), **kwargs}
        wanted: dict[str, Any] = super().get_inspect_view_kwargs(**named)
        return wanted

    def get_urlpatterns(self) -> list[URLPattern]:
        undo = self.construct_view(
            UndoView,
            index_url_name=self.get_url_name("index"),
            inspect_url_name=self.get_url_name("inspect"),
        )
        return [*super().get_urlpatterns(), path("undo/<int:pk>/", undo, name="undo")]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        return Permission.objects.none()


def _note(line: PriceRoundLine) -> str:
    if line.undo_note:
        return line.undo_note
    if line.plan is None:
        return ""
    until = f" until {when(line.plan.ends_at)}" if line.plan.ends_at else ""
    moment = when(line.plan.starts_at)
    return f"From {moment}{until}: {line.plan.get_status_display()}. {line.plan.outcome}".strip()
