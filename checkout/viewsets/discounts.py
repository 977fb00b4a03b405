"""Discounts in the admin: made, copied, switched off; codes for one use; who has used them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, NumberColumn
from wagtail.admin.views.generic import CopyView, EditView, InspectView
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from accounts.models import User
from checkout.discounts import codes
from checkout.discounts.finding import UnknownCode
from checkout.models import Discount, DiscountCode, DiscountTrigger
from checkout.models import DiscountKind as K
from checkout.permissions import may_see_orders
from cms.columns import WhenColumn
from cms.deleting import ProtectedDeleteView
from cms.sheet_files import CSV, sheet_response
from cms.verb_view import VerbView
from money.money import Money

USES_SHOWN: Final = 200
# What each kind needs to be said, beside its name.
NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    K.PERCENT: ("percent",),
    K.AMOUNT: ("amount_minor",),
    K.FREE_DELIVERY: (),
    K.FURTHER_PIECES: ("buy", "get", "percent"),
}
_ALL_FIGURES: Final = ("percent", "amount_minor", "buy", "get")


class DiscountForm(WagtailAdminModelForm):
    """A discount of which is said what its kind needs, and nothing else."""

    def clean_code(self) -> str:
        """Read the code as buyers' ones are read; those for one use are codes too."""
        typed: str = self.data.get(self.add_prefix("code"), "")
        if not typed.strip():
            return ""
        try:
            code = codes.read(typed)
        except UnknownCode as refusal:
            raise forms.ValidationError("3 to 24 letters and digits.") from refusal
        if DiscountCode.objects.filter(code=code).exists():
            raise forms.ValidationError("A code for one use is the same.")
        return code

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        needed = NEEDED.get(cleaned.get("kind", ""), ())
        for name in _ALL_FIGURES:
            if name not in needed:
                cleaned[name] = None
            elif not cleaned.get(name) and name not in self.errors:
                self.add_error(name, "This is needed, and more than nothing.")
        if cleaned.get("trigger") == DiscountTrigger.AUTOMATIC and cleaned.get("code"):
            self.add_error("code", "What everybody gets by itself has no code.")
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and ends_at and starts_at >= ends_at:
            self.add_error("ends_at", "It would end before it begins.")
        if self.instance.pk is not None:
            self._check_uses(cleaned.get("max_uses"))
        return cleaned

    def _check_uses(self, allowed: int | None) -> None:
        """Look at how often it was used by now; nobody uses it until it is saved."""
        rows = Discount.objects.select_for_update(no_key=True)
        used = rows.get(pk=self.instance.pk).used
        if allowed is not None and allowed < used:
            times = "once" if used == 1 else f"{used} times"
            words = f"It has been used {times} already. Allow {used} or more; Until ends it."
            self.add_error("max_uses", words)


def takes_off(discount: Discount) -> str:
    """Say in few words what a discount does."""
    if discount.kind == K.PERCENT:
        return f"{discount.percent} %"
    if discount.kind == K.AMOUNT:
        return str(Money(discount.amount_minor or 0))
    if discount.kind == K.FREE_DELIVERY:
        return "Free delivery"
    for_less = "free" if discount.percent == 100 else f"{discount.percent} % off"
    return f"Buy {discount.buy}, get {discount.get} {for_less}"


def who_gets_it(discount: Discount) -> str:
    """Say by which code somebody gets a discount, or that everybody does."""
    if discount.trigger == DiscountTrigger.AUTOMATIC:
        return "Everybody"
    return discount.code or "Codes for one use"


def uses(discount: Discount) -> str:
    """Say how often it was used, and how often it may be."""
    return f"{discount.used} of {discount.max_uses}" if discount.max_uses else str(discount.used)


class DiscountCopyView(CopyView):
    """Begin a new discount with what another one says; its code stays that one's."""

    def get_initial_form_instance(self) -> Discount:
        earlier: Discount = self.get_object()
        self.earlier = earlier
        names = [field.name for field in Discount._meta.concrete_fields]
        left_out = {"id", "code", "used"}
        return Discount(**{name: getattr(earlier, name) for name in names if name not in left_out})

    def get_initial(self) -> dict[str, Any]:
        earlier: Discount = self.get_object()
        return {
            **super().get_initial(),
            "categories": list(earlier.categories.all()),
            "offers": list(earlier.offers.all()),
        }


class DiscountEditView(EditView):
    """Check and save in one transaction: a discount is not used in between."""

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer: HttpResponseBase = super().post(request, *args, **kwargs)
        return answer


class DiscountInspectView(InspectView):
    """One discount with its codes and the orders that used it."""

    verbs: ClassVar[dict[str, str]] = {}
    template_name = "checkout/admin/discount_inspect.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        rows = self.object.uses.select_related("order").order_by("-pk")
        context["uses"] = list(rows[:USES_SHOWN])
        made = self.object.codes
        context["code_count"] = made.count()
        context["codes_left"] = made.filter(is_used=False).count()
        context["codes_url"] = reverse("discounts:codes_file", args=[self.object.pk])
        context["may_see_orders"] = may_see_orders(self.request.user)
        context["takes_off"] = takes_off(self.object)
        context["who"] = who_gets_it(self.object)
        context["used"] = uses(self.object)
        return context

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.user_has_permission("change"):
            return []
        buttons = [
            HeaderButton(
                "Switch off" if self.object.is_active else "Switch on",
                url=reverse("discounts:switch", args=[self.object.pk]),
                icon_name="cross" if self.object.is_active else "check",
            )
        ]
        if self.object.trigger == DiscountTrigger.CODE:
            address = reverse("discounts:make_codes", args=[self.object.pk])
            buttons.append(HeaderButton("Make codes", url=address, icon_name="plus"))
        return buttons


class SwitchView(VerbView):
    """Switch a discount off, or on again; orders that have used it keep it."""

    model = Discount
    form_class = forms.Form
    refusals = ()
    done_message = "Done. Baskets are reckoned anew from now on."

    def get_page_title(self) -> str:
        return "Switch off" if self.object.is_active else "Switch on"

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        Discount.objects.filter(pk=self.object.pk).update(is_active=not self.object.is_active)


class CodesForm(forms.Form):
    """How many codes are to be made."""

    count = forms.IntegerField(
        label="How many",
        min_value=1,
        max_value=codes.MOST_AT_ONCE,
        help_text="Each can be used once. They are added to those that there are.",
    )


class MakeCodesView(VerbView):
    """Make codes for one use, to be printed or mailed."""

    model = Discount
    form_class = CodesForm
    page_title = "Make codes"
    refusals = ()
    done_message = "The codes are made: download them below."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        codes.make(discount=self.object, count=data["count"], at=at)


class CodesFileView(PermissionCheckedMixin, View):
    """All codes of a discount as a file, with what has become of each."""

    http_method_names: tuple[str, ...] = ("get", "head", "options")
    model = Discount
    permission_required = "change"

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:  # noqa: ARG002
        discount = get_object_or_404(Discount, pk=pk)
        made = discount.codes.values_list("code", "is_used", "made_at")
        rows = (
            (code, "used" if is_used else "free", timezone.localdate(made_at).isoformat())
            for code, is_used, made_at in made
        )
        answer = sheet_response(f"codes-{discount.pk}", CSV, ("Code", "State", "Made on"), rows)
        answer["Cache-Control"] = "private, no-store"
        return answer


class DiscountViewSet(ModelViewSet):
    model = Discount
    name = "discounts"
    icon = "tag"
    menu_label = "Discounts"
    copy_view_class = DiscountCopyView
    edit_view_class = DiscountEditView
    delete_view_class = ProtectedDeleteView
    inspect_view_enabled = True
    inspect_view_class = DiscountInspectView
    inspect_template_name = "checkout/admin/discount_inspect.html"
    inspect_view_fields = (
        "minimum_minor",
        "with_packages",
        "first_order_only",
        "is_combinable",
        "starts_at",
        "ends_at",
        "max_uses_each",
        "reason",
    )
    list_display = (
        "name",
        Column("takes_off", label="Takes off", accessor=takes_off),
        Column("who", label="Who gets it", accessor=who_gets_it, sort_key="code"),
        NumberColumn("uses", label="Used", accessor=uses, sort_key="used"),
        WhenColumn("ends_at", label="Until", sort_key="ends_at"),
        BooleanColumn("is_active", label="On", sort_key="is_active"),
    )
    list_filter = ("kind", "trigger", "is_active")
    search_fields = ("name", "code", "codes__code")
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("is_active")]),
            MultiFieldPanel(
                [
                    FieldPanel("kind"),
                    FieldRowPanel([FieldPanel("percent"), FieldPanel("amount_minor")]),
                    FieldRowPanel([FieldPanel("buy"), FieldPanel("get")]),
                ],
                "What it does",
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("trigger"), FieldPanel("code")]),
                    FieldRowPanel([FieldPanel("first_order_only"), FieldPanel("is_combinable")]),
                    FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                    FieldRowPanel([FieldPanel("max_uses"), FieldPanel("max_uses_each")]),
                ],
                "Who gets it, and when",
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("minimum_minor"), FieldPanel("with_packages")]),
                    FieldPanel("categories", widget=forms.CheckboxSelectMultiple),
                    FieldPanel("offers", widget=forms.CheckboxSelectMultiple),
                ],
                "What it is for",
            ),
            FieldPanel("reason"),
        ],
        base_form_class=DiscountForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        screens = {
            "index_url_name": self.get_url_name("index"),
            "inspect_url_name": self.get_url_name("inspect"),
        }
        return [
            *super().get_urlpatterns(),
            path("switch/<int:pk>/", self.construct_view(SwitchView, **screens), name="switch"),
            path(
                "codes/<int:pk>/", self.construct_view(MakeCodesView, **screens), name="make_codes"
            ),
            path("codes/<int:pk>/file/", self.construct_view(CodesFileView), name="codes_file"),
        ]
