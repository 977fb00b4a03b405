"""The days on which nothing leaves or nothing arrives: edited by staff."""

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.model import ModelViewSet

from checkout.countries import NAMES, country_name
from checkout.models import Holiday
from cms.columns import WhenColumn


class HolidayForm(WagtailAdminModelForm):
    """A day off, everywhere or in a country that the shop knows."""

    def clean_country(self) -> str:
        code: str = self.cleaned_data["country"].strip().upper()
        if code and code not in NAMES:
            known = ", ".join(NAMES)
            raise forms.ValidationError(f"Not known: {code}. Known are {known}.")
        return code


def where(holiday: Holiday) -> str:
    return country_name(holiday.country) if holiday.country else "The shop is closed"


class HolidayViewSet(ModelViewSet):
    model = Holiday
    name = "holidays"
    icon = "calendar-alt"
    menu_label = "Holidays"
    list_display = (
        "name",
        WhenColumn("on", label="Day", sort_key="on"),
        Column("where", label="Where", accessor=where, sort_key="country"),
    )
    search_fields = ("name", "country")
    ordering = ("on", "country")
    copy_view_enabled = False
    edit_handler = ObjectList(
        [FieldPanel("on"), FieldPanel("name"), FieldPanel("country")],
        base_form_class=HolidayForm,
    )
