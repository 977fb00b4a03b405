"""The protocols of treatments: read, and written anew as the next version."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Field, Max, Model, QuerySet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn
from wagtail.admin.views.generic import CopyView, CreateView, IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from treatments.models import AftercareWindow, Protocol, WarningSign


class ProtocolForm(WagtailAdminModelForm):
    """Writes a version after the last one of its treatment, whoever's was copied."""

    def save(self, commit: bool = True) -> Protocol:
        self.instance.version = next_version(self.instance.treatment_id)
        self.instance.created_by = self.for_user
        saved: Protocol = super().save(commit=commit)
        return saved


def next_version(treatment_id: int) -> int:
    """Return the number of the version that is to be written."""
    versions = Protocol.objects.filter(treatment_id=treatment_id)
    return int(versions.aggregate(last=Max("version"))["last"] or 0) + 1


def draft_after(earlier: Protocol) -> Protocol:
    """Return an unsaved version that says the same as an earlier one, with rows of its own."""
    facts = {field.attname: getattr(earlier, field.attname) for field in _told(Protocol)}
    draft = Protocol(**facts, what_is_new="")
    for name, model in (("aftercare_windows", AftercareWindow), ("warning_signs", WarningSign)):
        rows = [
            model(**{field.attname: getattr(row, field.attname) for field in _told(model)})
            for row in getattr(earlier, name).all()
        ]
        setattr(draft, name, rows)
    return draft


def _told(model: type[Model]) -> list[Field[Any, Any]]:
    """Return the fields that one version takes over from another."""
    own = {"id", "version", "what_is_new", "protocol", "created_at", "created_by"}
    return [field for field in model._meta.concrete_fields if field.name not in own]


class ProtocolIndexView(IndexView):
    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().select_related("treatment")


class ProtocolCreateView(CreateView):
    page_title = "New version of a protocol"
    success_message = "“%(object)s” holds for everything sold from now on."


class ProtocolCopyView(CopyView, ProtocolCreateView):
    """Write the next version, beginning with what an earlier one says."""

    def get_initial_form_instance(self) -> Protocol:
        earlier: Protocol = self.get_object()
        return draft_after(earlier)


class ProtocolInspectView(InspectView):
    """One version as it was written, with its windows and warning signs."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        windows = self.object.aftercare_windows.select_related("care_tag")
        context["windows"] = list(windows)
        context["signs"] = list(self.object.warning_signs.all())
        context["passes_sold"] = (
            self.object.treatment.passes.filter(entries__protocol=self.object).distinct().count()
        )
        return context


class ProtocolViewSet(ModelViewSet):
    model = Protocol
    name = "protocols"
    icon = "form"
    menu_label = "Protocols"
    index_view_class = ProtocolIndexView
    add_view_class = ProtocolCreateView
    copy_view_class = ProtocolCopyView
    inspect_view_class = ProtocolInspectView
    inspect_view_enabled = True
    inspect_template_name = "treatments/admin/protocol_inspect.html"
    inspect_view_fields = (
        "treatment",
        "version",
        "what_is_new",
        "min_days",
        "recommended_days",
        "most_in_course",
        "rest_days",
        "preparation",
        "sources",
        "reviewed_by",
        "reviewed_on",
        "created_by",
        "created_at",
    )
    list_display = (
        "__str__",
        NumberColumn("min_days", label="Days apart"),
        NumberColumn("recommended_days", label="Recommended"),
        Column("what_is_new", label="What is new"),
        Column("reviewed_by", label="Reviewed by"),
        DateColumn("created_at", label="Written", sort_key="created_at"),
    )
    list_filter = ("treatment",)
    search_fields = ("treatment__name", "what_is_new", "reviewed_by")
    edit_handler = ObjectList(
        [
            HelpPanel(
                "A version is never changed. Passes keep the one they were sold with; what is sold"
                " from now on gets this one. Copy the last version to begin with its rules."
            ),
            FieldPanel("treatment"),
            FieldPanel("what_is_new"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("min_days"), FieldPanel("recommended_days")]),
                    FieldRowPanel([FieldPanel("most_in_course"), FieldPanel("rest_days")]),
                ],
                "How far apart",
            ),
            FieldPanel("preparation"),
            InlinePanel("aftercare_windows", heading="What is gentle enough when", min_num=1),
            InlinePanel("warning_signs", heading="What to watch for", min_num=1),
            MultiFieldPanel(
                [
                    FieldPanel("sources"),
                    FieldRowPanel([FieldPanel("reviewed_by"), FieldPanel("reviewed_on")]),
                ],
                "Who stands for it",
            ),
        ],
        base_form_class=ProtocolForm,
    )

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        return permissions.filter(codename__in=["view_protocol", "add_protocol"])
