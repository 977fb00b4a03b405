"""Gift cards in the admin: what is on each, what happened to it, and what staff may do with it."""

import datetime as dt
import uuid
from typing import Any, Final

from django import forms
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, NumberColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.button import HeaderButton
from wagtail.log_actions import log

from accounts.models import User
from checkout.gift_cards import codes, ledger, mails, sold
from checkout.models import GiftCard, OrderCard
from checkout.permissions import may_see_orders
from checkout.viewsets.stripe import ReadOnlyViewSet
from cms.columns import WhenColumn
from cms.verb_view import VerbView
from money.fields import MinorUnitsFormField
from money.money import Money
from outbox.models import OutboundMail

LARGEST_MINOR: Final = 100_000


def free(card: Any) -> Money:
    """Return what can be spent of a card that was read with its balance."""
    return Money(card.free_minor, card.currency)


class ReasonForm(forms.Form):
    """Why it is done, and a token that stands for one press of the button."""

    token = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Why", max_length=150, help_text="Kept with the card for good; name no health."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4().hex
        self.order_fields([name for name in self.fields if name != "reason"])

    def clean(self) -> dict[str, Any]:
        if "token" in self.errors:  # Nobody sees what is wrong with a hidden field.
            raise forms.ValidationError("This page is out of date: open it anew.")
        return super().clean() or {}


class IssueForm(ReasonForm):
    """How much is put onto a new card, and whom it is for."""

    amount_minor = MinorUnitsFormField(label="Amount")
    name = forms.CharField(label="For", max_length=150, required=False)
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        required=False,
        help_text="The code is mailed there at once. Without one, show or print it.",
    )
    message = forms.CharField(
        label="A few words", max_length=500, required=False, widget=forms.Textarea({"rows": 3})
    )

    def clean_amount_minor(self) -> int:
        amount: int = self.cleaned_data["amount_minor"]
        if not 1 <= amount <= LARGEST_MINOR:
            raise forms.ValidationError(f"From {Money(1)} to {Money(LARGEST_MINOR)}.")
        return amount


class ExtendForm(ReasonForm):
    """Until when a card can be spent."""

    until = forms.DateField(label="Until", widget=AdminDateInput)


class GiftCardIndexView(IndexView):
    """The newest first, each with what is left on it."""

    def get_base_queryset(self) -> Any:
        return super().get_base_queryset().with_balance()

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.permission_policy.user_has_permission(self.request.user, "issue"):
            return []
        return [HeaderButton("Issue a card", url=reverse("gift_cards:issue"), icon_name="plus")]


class GiftCardInspectView(InspectView):
    """One card with its events, mails and orders."""

    template_name = "checkout/admin/gift_card_inspect.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        card: Any = GiftCard.objects.with_balance().get(pk=self.object.pk)
        may_issue = self.user_has_permission("issue")
        return context | {
            "free": free(card),
            "held": Money(card.held_minor, card.currency),
            "is_over": card.is_over(on=timezone.localdate()),
            "code": codes.code_of(card.public_id) if may_issue else "",
            "events": [
                (event, Money(event.free_minor, card.currency))
                for event in card.events.select_related("actor")
            ],
            "mails": OutboundMail.objects.about(mails.reference_of(card)).order_by("pk"),
            "sold": OrderCard.objects.filter(card=card).select_related("line__order").first(),
            "is_frozen": sold.is_frozen(card),
            "uses": card.uses.select_related("order", "card").order_by("-pk"),
            "may_see_orders": may_see_orders(self.request.user),
        }

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.user_has_permission("issue"):
            return []
        acts = (
            ("Mail it", "mail", "mail"),
            ("Extend", "extend", "date"),
            ("Void", "void", "cross"),
        )
        return [
            HeaderButton(
                label, url=reverse(f"gift_cards:{name}", args=[self.object.pk]), icon_name=icon
            )
            for label, name, icon in acts
        ]


class IssueView(PermissionCheckedMixin, WagtailAdminTemplateMixin, FormView[IssueForm]):
    """Issue a card by hand; pressed twice it is issued once."""

    model = GiftCard
    permission_required = "issue"
    form_class = IssueForm
    template_name = "cms/admin/verb_form.html"
    page_title = "Issue a gift card"
    header_icon = "tag"
    index_url_name = ""
    inspect_url_name = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse(self.index_url_name), "label": "Gift cards"},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "action_url": self.request.path,
            "submit_button_label": "Issue",
            "submit_button_active_label": "Saving…",
            "media": context["form"].media,
        }

    def form_valid(self, form: IssueForm) -> HttpResponse:
        said, by, at = form.cleaned_data, self.request.user, timezone.now()
        with transaction.atomic():
            card = ledger.issue(
                amount_minor=said["amount_minor"],
                reference=f"by-hand:{said['token']}",
                reason=said["reason"],
                by=by,  # type: ignore[arg-type]
                at=at,
                name=said["name"],
                email=said["email"].lower(),
                message=said["message"],
            )
            is_new = card.issued_at == at
            if is_new and card.recipient_email:
                mails.queue(card, at=at)
        if is_new:
            log(instance=card, action="wagtail.create", user=by, title=str(card))
        messages.success(self.request, f"{card} over {card.value} is issued.")
        return redirect(reverse(self.inspect_url_name, args=[card.pk]))


class _CardView(VerbView):
    model = GiftCard
    permission_required = "issue"
    refusals = (ledger.GiftCardRefused, mails.NoAddress)
    form_class: type[forms.BaseForm] = ReasonForm


class VoidView(_CardView):
    """Take all that is left from a card that was lost or issued by mistake."""

    page_title = "Void"
    done_message = "Nothing can be spent of this card any more."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        ledger.void(
            card_id=self.object.pk,
            reference=f"void:{data['token']}",
            reason=data["reason"],
            by=by,
            at=at,
        )


class ExtendView(_CardView):
    """Let a card be spent longer."""

    page_title = "Extend"
    form_class = ExtendForm
    done_message = "It can be spent longer."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        ledger.extend(
            card_id=self.object.pk, until=data["until"], reason=data["reason"], by=by, at=at
        )


class MailView(_CardView):
    """Mail the code to its recipient, for the first time or again."""

    page_title = "Mail it"
    form_class = forms.Form
    done_message = "The code is on its way."

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        sold.mail_by_hand(self.object, at=at)


class GiftCardViewSet(ReadOnlyViewSet):
    model = GiftCard
    name = "gift-cards"
    url_namespace = "gift_cards"
    icon = "tag"
    menu_label = "Gift cards"
    form_fields = ("recipient_name",)
    index_view_class = GiftCardIndexView
    inspect_view_class = GiftCardInspectView
    inspect_template_name = "checkout/admin/gift_card_inspect.html"
    inspect_view_fields = ("recipient_name", "recipient_email", "message")
    list_display = (
        "__str__",
        Column("recipient_name", label="For", sort_key="recipient_name"),
        NumberColumn("value", label="At first", sort_key="value_minor"),
        NumberColumn("free", label="Left", accessor=free),
        WhenColumn("expires_on", label="Until", sort_key="expires_on"),
        WhenColumn("issued_at", label="Issued", sort_key="issued_at"),
    )
    search_fields = (
        "last_four",
        "recipient_name",
        "recipient_email",
        "uses__order__number",
        "sold_as__line__order__number",
    )

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        found: QuerySet[Permission] = super(ReadOnlyViewSet, self).get_permissions_to_register()
        return found.filter(codename__in=["view_giftcard", "issue_giftcard"])

    def get_urlpatterns(self) -> list[URLPattern]:
        screens = {
            "index_url_name": self.get_url_name("index"),
            "inspect_url_name": self.get_url_name("inspect"),
        }
        acts = (("void", VoidView), ("extend", ExtendView), ("mail", MailView))
        return [
            *super().get_urlpatterns(),
            path("issue/", self.construct_view(IssueView, **screens), name="issue"),
            *(
                path(f"{name}/<int:pk>/", self.construct_view(view, **screens), name=name)
                for name, view in acts
            ),
        ]
