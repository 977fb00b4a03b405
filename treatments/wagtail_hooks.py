"""What the clinic adds to the admin."""

from wagtail import hooks
from wagtail.permissions import register_permission_policy

from treatments.models import Protocol, SessionPass
from treatments.permissions import AppendedPolicy, ReadOnlyPolicy
from treatments.viewsets import ClinicGroup

register_permission_policy(SessionPass, ReadOnlyPolicy(SessionPass))
# Passes rest on the version they were sold with.
register_permission_policy(Protocol, AppendedPolicy(Protocol))


@hooks.register("register_admin_viewset")
def register_clinic() -> ClinicGroup:
    return ClinicGroup()
