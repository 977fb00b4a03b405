"""What Stripe told the shop, and what comparing the books found: to look at, not to edit."""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from wagtail.admin.ui.tables import Column, DateColumn, NumberColumn, StatusTagColumn
from wagtail.admin.viewsets.model import ModelViewSet

from checkout.models import ReconciliationRun, StripeEvent


def outcome(notice: StripeEvent) -> str:
    """Say how far the shop has come with a notice."""
    if notice.handled_at is not None:
        return "Handled"
    return "Given up" if notice.next_try_at is None else "Waiting"


def is_given_up(notice: StripeEvent) -> bool:
    return outcome(notice) == "Given up"


def differences(run: ReconciliationRun) -> int:
    return len(run.differences)


class ReadOnlyViewSet(ModelViewSet):
    """Rows that nobody adds, changes or deletes here; its policy is registered apart."""

    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        return permissions.filter(codename__startswith="view_")


class NoticeViewSet(ReadOnlyViewSet):
    model = StripeEvent
    name = "stripe-notices"
    icon = "download"
    menu_label = "Stripe's notices"
    form_fields = ("type",)
    list_display = (
        "stripe_id",
        Column("type", label="Type", sort_key="type"),
        Column("object_id", label="About"),
        DateColumn("received_at", label="Received", sort_key="received_at"),
        NumberColumn("attempts", label="Tries"),
        StatusTagColumn("outcome", label="Outcome", accessor=outcome, primary=is_given_up),
        Column("error", label="Last error"),
    )
    list_filter = ("type",)
    search_fields = ("stripe_id", "object_id", "type")


class ReconciliationViewSet(ReadOnlyViewSet):
    model = ReconciliationRun
    name = "reconciliation"
    icon = "history"
    menu_label = "Comparing with Stripe"
    form_fields = ("started_at",)
    list_display = (
        "started_at",
        DateColumn("finished_at", label="Finished"),
        NumberColumn("checked", label="Looked at"),
        NumberColumn("repaired", label="Repaired"),
        Column("differences", label="Differences left", accessor=differences),
    )

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        """The right to look, and the right to settle a difference."""
        content_type = ContentType.objects.get_for_model(self.model)
        return Permission.objects.filter(
            content_type=content_type, codename__regex="^(view|repair)_"
        )
