"""The evidence register and the allowed sentences in the admin."""

from typing import Any

from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from claims.models import ClaimOverride, Evidence


class EvidenceViewSet(ModelViewSet):
    model = Evidence
    icon = "folder-open-inverse"
    menu_label = "Evidence"
    copy_view_enabled = False
    list_display = ("code", "study", Column("valid_until", label="Good until"))
    search_fields = ("code", "study", "citation", "subjects")
    panels = (
        FieldRowPanel([FieldPanel("code"), FieldPanel("valid_until")]),
        FieldPanel("study"),
        FieldPanel("citation"),
        FieldPanel("url"),
        MultiFieldPanel([FieldPanel("covers"), FieldPanel("subjects")], "Scope"),
    )


class ClaimOverrideViewSet(ModelViewSet):
    """What reviewers have allowed; written on the screen of each page, and never altered."""

    model = ClaimOverride
    icon = "check"
    menu_label = "Allowed sentences"
    # Nothing is added here, but a viewset asks for the fields of its forms.
    form_fields = ("reason",)
    copy_view_enabled = False
    inspect_view_enabled = True
    inspect_view_fields: Any = (
        "subject_title",
        "subject",
        "rule",
        "sentence",
        "reason",
        "reviewer_name",
        "reviewer",
        "allowed_at",
    )
    list_display = (
        "subject_title",
        Column("sentence"),
        Column("reason"),
        "reviewer_name",
        DateColumn("allowed_at", label="Allowed"),
    )
    list_filter = ("rule", "reviewer_name")
    search_fields = ("subject_title", "sentence", "reason", "reviewer_name")
    list_export = (
        "subject",
        "subject_title",
        "rule",
        "sentence",
        "reason",
        "reviewer_name",
        "allowed_at",
    )


class ClaimsGroup(ModelViewSetGroup):
    menu_label = "Claims"
    menu_icon = "warning"
    menu_order = 330
    items = (EvidenceViewSet(), ClaimOverrideViewSet())
