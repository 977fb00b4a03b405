"""What the outbox adds to the admin."""

from typing import Any

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from outbox.models import OutboundMail
from outbox.permissions import ReadOnlyPolicy
from outbox.viewsets import MailViewSet

register_permission_policy(OutboundMail, ReadOnlyPolicy(OutboundMail))


@hooks.register("register_admin_viewset")
def register_mails() -> MailViewSet:
    return MailViewSet()


@hooks.register("register_log_actions")
def register_resend(actions: Any) -> None:
    actions.register_action("outbox.resend", "Send again", "A copy of the mail was queued")
