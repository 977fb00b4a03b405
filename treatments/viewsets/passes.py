"""Passes to look at: nothing about one is edited, verbs write its ledger."""

from typing import Any, ClassVar

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from django.utils import timezone
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from cms.columns import WhenColumn
from cms.inert_export import InertExport
from treatments import ledger
from treatments.models import SessionPass, SessionPassQuerySet
from treatments.spacing import clinic_day
from treatments.standing import standing_of
from treatments.viewsets.desk import DeskView, RedeemView, UndoView, may
from treatments.viewsets.notes import words_beside
from treatments.viewsets.pass_acts import ACTS
from treatments.viewsets.pass_filters import PassFilterSet


class PassIndexView(InertExport, IndexView):
    """Passes with what is left; whoever may see them may take the list along."""

    export_headings: ClassVar = {
        "pass": "Pass",
        "treatment": "Treatment",
        "sold_as": "Sold as",
        "holder": "Holder",
        "left": "Left",
        "first_day": "First day",
        "last_day": "Last day",
        "bought": "Bought",
    }
    list_export: ClassVar = list(export_headings)
    exported: ClassVar = {
        "pass": lambda row: str(row.public_id),
        "treatment": lambda row: row.treatment.name,
        "sold_as": lambda row: row.package_name,
        "holder": lambda row: row.holder_email,
        "left": lambda row: row.balance,
        "first_day": lambda row: row.starts_on,
        "last_day": lambda row: row.expires_on,
        "bought": lambda row: clinic_day(row.created_at),
    }

    def get_base_queryset(self) -> QuerySet[SessionPass]:
        passes: SessionPassQuerySet = super().get_base_queryset()
        return passes.with_balance().select_related("treatment", "owner")


class PassInspectView(InspectView):
    """One pass with every entry of its ledger and the word of the hash chain."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        rows = self.object.entries.select_related("actor", "practitioner", "protocol__treatment")
        entries = list(rows.select_related("note").order_by("pk"))
        sees_notes = may(self.request.user, "override") or may(self.request.user, "adjust")
        context["lines"] = [(entry, words_beside(entry) if sees_notes else "") for entry in entries]
        context["standing"] = standing_of(self.object, entries)
        context["gifts"] = self.object.gifts.select_related("hold")
        context["broken_entry"] = ledger.verify(self.object)
        context["acts"] = [
            (f"sessionpass:{name}", view.page_title)
            for name, view in ACTS
            if any(may(self.request.user, action) for action in view.any_permission_required)
            and view.is_open(self.object, entries, at=timezone.now())
        ]
        return context


class SessionPassViewSet(ModelViewSet):
    model = SessionPass
    icon = "tag"
    menu_label = "Passes"
    # Nothing is ever added by hand, but a viewset asks for the fields of its forms.
    form_fields = ("holder_email",)
    index_view_class = PassIndexView
    inspect_view_class = PassInspectView
    inspect_view_enabled = True
    inspect_view_fields = (
        "public_id",
        "treatment",
        "owner",
        "holder_email",
        "holder_phone",
        "package_name",
        "grant_reference",
        "validity_text",
        "starts_on",
        "expires_on",
        "created_at",
        "claimed_at",
    )
    inspect_template_name = "treatments/admin/session_pass_inspect.html"
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = (
        "__str__",
        Column("treatment", label="Treatment"),
        Column("holder_email", label="Holder", sort_key="holder_email"),
        NumberColumn("balance", label="Left"),
        WhenColumn("expires_on", label="Last day", sort_key="expires_on"),
        DateColumn("created_at", label="Bought", sort_key="created_at"),
    )
    filterset_class = PassFilterSet
    search_fields = ("holder_email", "grant_reference", "owner__email", "owner__name")

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        actions = ("view", "redeem", "override", "adjust")
        return permissions.filter(codename__in=[f"{action}_sessionpass" for action in actions])

    def get_urlpatterns(self) -> list[URLPattern]:
        screens = {
            "index_url_name": self.get_url_name("index"),
            "inspect_url_name": self.get_url_name("inspect"),
        }
        return [
            *super().get_urlpatterns(),
            path("desk/", DeskView.as_view(), name="desk"),
            path("desk/redeem/<int:pk>/", RedeemView.as_view(), name="redeem"),
            path("desk/undo/<int:pk>/", UndoView.as_view(), name="undo"),
            *(
                path(f"{name}/<int:pk>/", self.construct_view(view, **screens), name=name)
                for name, view in ACTS
            ),
        ]
