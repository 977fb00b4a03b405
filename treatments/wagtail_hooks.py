"""What the clinic adds to the admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from treatments.models import SessionPass
from treatments.permissions import ReadOnlyPolicy
from treatments.viewsets import ClinicGroup

register_permission_policy(SessionPass, ReadOnlyPolicy(SessionPass))


@hooks.register("register_admin_viewset")
def register_clinic() -> ClinicGroup:
    return ClinicGroup()
