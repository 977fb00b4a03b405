"""Screens of accounts: only a superuser makes, changes or shuts out a superuser."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail.users.views.bulk_actions import (
    AssignRoleBulkAction,
    DeleteBulkAction,
    SetActiveStateBulkAction,
)
from wagtail.users.views.users import CreateView, DeleteView, EditView, UserViewSet

from accounts.models import User
from storefront.staff.forms import NewStaffForm, StaffForm


def may_decide_over(by: Any, user: User) -> bool:
    """Tell whether somebody may change an account at all."""
    return bool(by.is_superuser) or not user.is_superuser


class _ByWhomMixin:
    request: HttpRequest

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form who fills it in."""
        return {**super().get_form_kwargs(), "by": self.request.user}  # type: ignore[misc]


class _NotAboveMixin:
    """Refuses before anything of the account is shown.

    :raises PermissionDenied: if it is a superuser's, and the actor is none.
    """

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)  # type: ignore[misc]
        user = self.get_object()  # type: ignore[attr-defined]
        if not may_decide_over(request.user, user):
            raise PermissionDenied


class NewStaffView(_ByWhomMixin, CreateView):
    """Adds somebody."""

    template_name = "wagtailusers/users/staff_create.html"


class EditStaffView(_NotAboveMixin, _ByWhomMixin, EditView):
    """Changes somebody."""

    template_name = "wagtailusers/users/staff_edit.html"


class DeleteStaffView(_NotAboveMixin, DeleteView):
    """Deletes somebody who never did anything that the books name."""


class StaffViewSet(UserViewSet):
    """Wagtail's screens with our forms."""

    add_view_class = NewStaffView
    edit_view_class = EditStaffView
    delete_view_class = DeleteStaffView
    # Nobody is like anybody else.
    copy_view_enabled = False

    def get_form_class(self, for_update: bool = False) -> type:
        """Return the form for somebody new, or for a change."""
        return StaffForm if for_update else NewStaffForm


class _NotAboveBulkMixin:
    request: HttpRequest

    def check_perm(self, obj: User) -> bool:
        """Tell whether one of the chosen accounts may be changed."""
        may: bool = super().check_perm(obj)  # type: ignore[misc]
        return may and may_decide_over(self.request.user, obj)


class AssignRole(_NotAboveBulkMixin, AssignRoleBulkAction):
    """Gives groups to many."""


class DeleteMany(_NotAboveBulkMixin, DeleteBulkAction):
    """Deletes many."""


class SetActive(_NotAboveBulkMixin, SetActiveStateBulkAction):
    """Lets many in, or shuts them out."""


BULK_ACTIONS: Final = (AssignRole, DeleteMany, SetActive)
