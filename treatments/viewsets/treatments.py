"""What the clinic does, who does it, and from when kinds of care are gentle enough."""

from django import forms
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, NumberColumn
from wagtail.admin.viewsets.model import ModelViewSet

from cms.deleting import ProtectedDeleteView
from treatments.models import CareTag, Practitioner, Treatment


class TreatmentViewSet(ModelViewSet):
    model = Treatment
    icon = "tasks"
    menu_label = "Treatments"
    delete_view_class = ProtectedDeleteView
    list_display = (
        "name",
        NumberColumn("duration_minutes", label="Minutes"),
        BooleanColumn("is_active", label="Offered"),
    )
    search_fields = ("name", "summary")
    copy_view_enabled = False
    panels = (
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("duration_minutes"), FieldPanel("sort_order")]),
        FieldPanel("practitioners", widget=forms.CheckboxSelectMultiple),
        MultiFieldPanel(
            [FieldPanel("free_cancel_hours"), FieldPanel("late_cancel_counts")],
            "Cancelling an appointment",
        ),
        FieldPanel("is_active"),
    )


class CareTagViewSet(ModelViewSet):
    """From which day after a session a kind of care is gentle enough: the clinic's own word."""

    model = CareTag
    icon = "tag"
    menu_label = "Care tags"
    copy_view_enabled = False
    sort_order_field = "sort_order"
    list_display = ("name", NumberColumn("gentle_from_day", label="Gentle from day"), "blurb")
    search_fields = ("name", "blurb")
    panels = (
        FieldPanel("name"),
        FieldPanel("slug"),
        FieldPanel("blurb"),
        FieldPanel("gentle_from_day"),
    )


class PractitionerViewSet(ModelViewSet):
    """Those who can be named with a session; who has left stays named with the past ones."""

    model = Practitioner
    icon = "user"
    menu_label = "Practitioners"
    copy_view_enabled = False
    list_display = ("name", "job_title", BooleanColumn("is_active", label="Gives sessions"))
    search_fields = ("name", "job_title")
    panels = (FieldPanel("name"), FieldPanel("job_title"), FieldPanel("is_active"))
