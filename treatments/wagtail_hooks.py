"""What the clinic adds to the admin."""

from django.http import HttpRequest
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import register_permission_policy

from treatments.models import Protocol, SessionPass
from treatments.permissions import AppendedPolicy, ReadOnlyPolicy
from treatments.viewsets import ClinicGroup
from treatments.viewsets.desk import DESK, may

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
