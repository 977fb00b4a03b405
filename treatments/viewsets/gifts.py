"""Gifts of sessions: how each stands, the mail once more, and calling one off with a reason."""

import datetime as dt
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views.generic import IndexView, InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from accounts.models import User
from cms.columns import WhenColumn
from cms.verb_view import VerbView
from outbox import mail
from treatments import gift_mailing, gifts, ledger
from treatments.models import Gift
from treatments.viewsets.notes import why_called_off


def is_waiting(gift: Gift) -> bool:
    return gift.is_waiting


class GiftIndexView(IndexView):
    """Who gave what to whom; nothing that either of them wrote."""

    default_ordering = ("-given_at", "-pk")

    def get_base_queryset(self) -> QuerySet[Gift]:
        rows: QuerySet[Gift] = super().get_base_queryset()
        return rows.select_related("hold", "giver", "session_pass__treatment")


class GiftInspectView(InspectView):
    """One gift, with what can still be done about it."""

    page_title = "Gift"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        may_adjust = self.user_has_permission("adjust")
        sees_notes = may_adjust or self.user_has_permission("override")
        return {
            **context,
            "gift": self.object,
            "why": why_called_off(self.object) if sees_notes else "",
            "can_cancel": self.object.is_waiting and may_adjust,
            "can_resend": self.object.is_waiting
            and self.object.mailed_at is not None
            and self.user_has_permission("redeem"),
        }


class ResendView(VerbView):
    """Send the recipient the same mail once more."""

    model = Gift
    form_class = forms.Form
    permission_required = "redeem"
    page_title = "Send the mail again"
    header_icon = "mail"
    log_action = "treatments.gift.resend"
    done_message = "The mail is on its way."
    refusals = (gift_mailing.NotMailedYet, mail.AlreadyOnItsWay)

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:  # noqa: ARG002
        gift_mailing.resend(gift_id=self.object.pk, by=by, at=at)


class WhyForm(forms.Form):
    note = forms.CharField(
        label="Why",
        max_length=300,
        help_text="Kept with the gift, sealed; clinicians and managers can read it.",
    )


class CancelView(VerbView):
    """Let the sessions go back to the giver."""

    model = Gift
    form_class = WhyForm
    permission_required = "adjust"
    page_title = "Call off"
    header_icon = "cross"
    log_action = "treatments.gift.cancel"
    done_message = "Called off. The sessions are the giver's again, who is told."
    refusals = (gifts.NotWaiting, ledger.ReasonMissing)

    def act(self, data: dict[str, Any], *, by: User, at: dt.datetime) -> None:
        gifts.cancel(gift_id=self.object.pk, note=data["note"], by=by, at=at)


class GiftViewSet(ModelViewSet):
    model = Gift
    name = "gifts"
    icon = "tag"
    menu_label = "Gifts"
    # Nothing is ever added by hand, but a viewset asks for the fields of its forms.
    form_fields = ("recipient_name",)
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = GiftIndexView
    inspect_view_class = GiftInspectView
    inspect_view_enabled = True
    inspect_view_fields = (
        "session_pass",
        "giver",
        "recipient_name",
        "recipient_email",
        "given_at",
        "mail_at",
        "mailed_at",
        "ends_on",
        "ended_at",
        "ended_by",
        "received_pass",
    )
    inspect_template_name = "treatments/admin/gift_inspect.html"
    list_display = (
        TitleColumn("__str__", label="Gift", url_name="gifts:inspect"),
        StatusTagColumn("get_status_display", label="State", primary=is_waiting),
        Column("sessions_text", label="What"),
        Column("session_pass.treatment", label="Treatment"),
        Column("giver", label="From"),
        Column("recipient_email", label="To", sort_key="recipient_email"),
        DateColumn("given_at", label="Given", sort_key="given_at"),
        WhenColumn("ends_on", label="Until", sort_key="ends_on"),
    )
    list_filter: ClassVar = ("status",)
    search_fields = ("recipient_email", "recipient_name", "giver__email", "giver__name")

    def get_urlpatterns(self) -> list[URLPattern]:
        screens = {
            "index_url_name": self.get_url_name("index"),
            "inspect_url_name": self.get_url_name("inspect"),
        }
        return [
            *super().get_urlpatterns(),
            path("resend/<int:pk>/", ResendView.as_view(**screens), name="resend"),
            path("cancel/<int:pk>/", CancelView.as_view(**screens), name="cancel"),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        """Offer none: gifts are seen and called off by those who may do so with passes."""
        return Permission.objects.none()
