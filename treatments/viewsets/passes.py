"""Passes to look at: nothing about one is edited, verbs write its ledger."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from treatments import ledger
from treatments.models import SessionPass, SessionPassQuerySet


class PassIndexView(IndexView):
    def get_base_queryset(self) -> QuerySet[SessionPass]:
        passes: SessionPassQuerySet = super().get_base_queryset()
        return passes.with_balance().select_related("treatment", "owner")


class PassInspectView(InspectView):
    """One pass with every entry of its ledger and the word of the hash chain."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        entries = list(self.object.entries.select_related("actor").order_by("pk"))
        context["entries"] = entries
        context["balance"] = sum(entry.sessions for entry in entries)
        context["broken_entry"] = ledger.verify(self.object)
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
        DateColumn("expires_on", label="Last day", sort_key="expires_on"),
        DateColumn("created_at", label="Bought", sort_key="created_at"),
    )
    list_filter = ("treatment", "validity_rule")
    search_fields = ("holder_email", "grant_reference", "owner__email", "owner__name")

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        return permissions.filter(codename="view_sessionpass")
