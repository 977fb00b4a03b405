"""Addresses that lead nowhere, as staff see them: lead them on, or leave them alone."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from wagtail.admin.ui.tables import DateColumn, NumberColumn, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from accounts.models import User
from cms.verb_view import VerbView
from storefront.models import MissingAddress
from storefront.readers import missing_addresses


class MissingAddressIndexView(IndexView):
    """Those that nobody has decided about, the most wanted first."""

    def get_base_queryset(self) -> QuerySet[MissingAddress]:
        return MissingAddress.objects.filter(is_ignored=False)


class LeadForm(forms.Form):
    """One of the pages that the address may have meant, or any other."""

    suggested = forms.ChoiceField(
        label="It meant", widget=forms.RadioSelect, required=False, choices=()
    )
    other = forms.ModelChoiceField(
        label="Another page",
        queryset=Page.objects.live().filter(depth__gt=1),
        widget=AdminPageChooser(),
        required=False,
    )

    def __init__(self, *args: Any, address: MissingAddress, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = missing_addresses.suggestions(address.path)
        choices = [(str(each.page_id), f"{each.title} ({each.path})") for each in found]
        suggested: Any = self.fields["suggested"]
        suggested.choices = choices
        if choices:
            suggested.initial = choices[0][0]
        else:
            del self.fields["suggested"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("other")
        if chosen is None and cleaned.get("suggested"):
            chosen = Page.objects.live().filter(pk=int(cleaned["suggested"])).first()
        if chosen is None:
            raise forms.ValidationError("Choose the page that this address is to lead to.")
        return {"to": chosen}


class AddressVerbView(VerbView):
    """A verb after which there may be no row left to go back to."""

    model = MissingAddress
    header_icon = "redirect"

    def get_success_url(self) -> str:
        return reverse(self.index_url_name)


class LeadView(AddressVerbView):
    form_class = LeadForm
    page_title = "Lead it to a page"
    done_message = "Who asks for this address is led to the page from now on."
    refusals = (missing_addresses.NotMissing,)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "address": self.object}

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        missing_addresses.lead(address_id=self.object.pk, to=data["to"])


class LeaveAloneView(AddressVerbView):
    form_class = forms.Form
    page_title = "Leave it alone"
    done_message = "The address is shown no more."
    refusals = ()

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        missing_addresses.leave_alone(address_id=self.object.pk)


class MissingAddressViewSet(ModelViewSet):
    model = MissingAddress
    name = "missing_addresses"
    icon = "redirect"
    menu_label = "Missing addresses"
    menu_order = 850
    add_to_settings_menu = True
    # Written by the worker; a viewset asks for the fields of its forms.
    form_fields = ("is_ignored",)
    copy_view_enabled = False
    add_to_reference_index = False
    index_view_class = MissingAddressIndexView
    search_fields = ("path",)
    verbs: ClassVar = (("lead", LeadView), ("leave_alone", LeaveAloneView))

    @property
    def list_display(self) -> tuple[Any, ...]:
        """Columns whose address leads to the screen that asks where it should go."""
        return (
            TitleColumn(
                "path",
                label="Address",
                sort_key="path",
                get_url=lambda row: reverse(self.get_url_name("lead"), args=[row.pk]),
            ),
            NumberColumn("times", label="Asked for", sort_key="times"),
            DateColumn("first_at", label="First", sort_key="first_at"),
            DateColumn("last_at", label="Last", sort_key="last_at"),
        )

    def get_urlpatterns(self) -> list[URLPattern]:
        screens = {
            "index_url_name": self.get_url_name("index"),
            "inspect_url_name": self.get_url_name("index"),
        }
        return [
            *super().get_urlpatterns(),
            *(
                path(f"{name}/<int:pk>/", self.construct_view(view, **screens), name=name)
                for name, view in self.verbs
            ),
        ]
