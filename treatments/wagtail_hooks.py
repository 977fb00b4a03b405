"""What the clinic adds to the admin."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy

from treatments.models import Protocol, SessionPass
from treatments.permissions import AppendedPolicy, ReadOnlyPolicy
from treatments.viewsets import ClinicGroup
from treatments.viewsets.desk import DESK, may
from treatments.viewsets.pass_acts import ACTS

register_permission_policy(SessionPass, ReadOnlyPolicy(SessionPass))
# Passes rest on the version they were sold with.
register_permission_policy(Protocol, AppendedPolicy(Protocol))


@hooks.register("register_admin_viewset")
def register_clinic() -> ClinicGroup:
    return ClinicGroup()


class DeskMenuItem(MenuItem):
    """The way to the desk, for those who redeem."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "redeem")


@hooks.register("register_admin_menu_item")
def register_desk() -> DeskMenuItem:
    return DeskMenuItem("Desk", reverse(DESK), icon_name="tag", name="desk", order=30)


@hooks.register("register_log_actions")
def register_acts(actions: Any) -> None:
    """How the history of a pass names what was done with it; why stands in its ledger."""
    actions.register_action("treatments.redeem", "Redeem", "A session was redeemed at the desk")
    for _name, view in ACTS:
        actions.register_action(view.log_action, view.page_title, view.log_message)
