"""The mails of the shop in the admin: what went out, what did not, and a button to try again."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn
from wagtail.admin.views.generic import InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from outbox.models import MailStatus, OutboundMail
from outbox.views import ResendView


def needs_attention(mail: OutboundMail) -> bool:
    return mail.status == MailStatus.FAILED


class MailInspectView(InspectView):
    """One mail, its copies, and the button that sends it again."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["can_resend"] = self.user_has_permission("resend")
        context["copies"] = list(self.object.resends.all())
        return context


class MailViewSet(ModelViewSet):
    model = OutboundMail
    name = "mails"
    icon = "mail"
    menu_label = "Mails"
    menu_order = 270
    add_to_admin_menu = True
    # Nothing is ever added by hand, but a viewset asks for the fields of its forms.
    form_fields = ("to",)
    inspect_view_class = MailInspectView
    inspect_view_enabled = True
    inspect_view_fields = (
        "event",
        "to",
        "subject_reference",
        "status",
        "attempts",
        "error",
        "queued_at",
        "next_try_at",
        "sent_at",
        "message_id",
        "effect_key",
        "resend_of",
    )
    inspect_template_name = "outbox/admin/mail_inspect.html"
    copy_view_enabled = False
    add_to_reference_index = False
    list_display = (
        "event",
        Column("to", label="Recipient", sort_key="to"),
        Column("subject_reference", label="About", sort_key="subject_reference"),
        StatusTagColumn(
            "get_status_display", label="Status", sort_key="status", primary=needs_attention
        ),
        NumberColumn("attempts", label="Tries"),
        Column("error", label="Last error"),
        DateColumn("queued_at", label="Queued", sort_key="queued_at"),
    )
    list_filter = ("status", "event")
    list_export = ("event", "subject_reference", "status", "attempts", "queued_at", "sent_at")
    search_fields = ("to", "subject_reference", "effect_key", "message_id")

    def get_urlpatterns(self) -> list[URLPattern]:
        resend = ResendView.as_view(inspect_url_name=self.get_url_name("inspect"))
        return [*super().get_urlpatterns(), path("resend/<int:pk>/", resend, name="resend")]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        return permissions.filter(codename__in=["view_outboundmail", "resend_outboundmail"])
