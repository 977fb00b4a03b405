"""Screens of accounts: only a superuser makes, changes or shuts out a superuser."""

from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.db import router, transaction
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.admin import messages
from wagtail.log_actions import log
from wagtail.users.views.bulk_actions import (
    AssignRoleBulkAction,
    DeleteBulkAction,
    SetActiveStateBulkAction,
)
from wagtail.users.views.users import CreateView, DeleteView, EditView, UserViewSet

from accounts.models import User
from cms.told_edits import ToldEdit, told_edits
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


class ToldStaffEdit(ToldEdit):
    """Says in the history what somebody may who could not before; nothing else of them."""

    told = ("groups", "is_active", "is_staff", "is_superuser")


class EditStaffView(_NotAboveMixin, _ByWhomMixin, EditView):
    """Changes somebody."""


KEPT: Final = (
    "{} cannot be deleted: sessions, orders or notes name this account. Take “Active” away instead,"
    " so that nobody signs in with it; customers delete theirs by themselves."
)


def is_kept(user: User) -> bool:
    """Tell whether something that has to be kept names an account."""
    try:
        Collector(using=router.db_for_write(User)).collect([user])
    except (ProtectedError, RestrictedError):
        return True
    return False


class DeleteStaffView(_NotAboveMixin, DeleteView):
    """Deletes somebody who never did anything that the books name."""

    object: User

    def run_before_hook(self) -> HttpResponse | None:
        """Lead back to the account with the reason, if the books name it."""
        if is_kept(self.object):
            messages.error(self.request, KEPT.format(self.object.get_full_name()))
            return redirect("wagtailusers_users:edit", self.object.pk)
        answer: HttpResponse | None = super().run_before_hook()
        return answer


class StaffViewSet(UserViewSet):
    """Wagtail's screens with our forms."""

    add_view_class = NewStaffView
    edit_view_class = EditStaffView
    delete_view_class = DeleteStaffView
    # Wagtail asks the viewset for them, not the views.
    create_template_name = "wagtailusers/users/staff_create.html"
    edit_template_name = "wagtailusers/users/staff_edit.html"
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
    """Gives a group to many, and lets them in: a group alone gives nothing."""

    @classmethod
    def execute_action(cls, objects: list[User], **kwargs: Any) -> tuple[int, int]:
        """Give it, and tell it of each; return how many accounts have it now."""
        with told_edits(objects, ToldStaffEdit.told):
            User.objects.filter(pk__in=[user.pk for user in objects]).update(is_staff=True)
            counts: tuple[int, int] = super().execute_action(objects, **kwargs)
        return counts


class DeleteMany(_NotAboveBulkMixin, DeleteBulkAction):
    """Deletes many; those whom the books name are left out and named."""

    def check_perm(self, obj: User) -> bool:
        return super().check_perm(obj) and not is_kept(obj)

    @classmethod
    @transaction.atomic
    def execute_action(cls, objects: list[User], **kwargs: Any) -> tuple[int, int]:
        """Delete them, and tell it of each; return how many there were."""
        for user in objects:
            log(instance=user, action="wagtail.delete", deleted=True)
        counts: tuple[int, int] = super().execute_action(objects, **kwargs)
        return counts


class SetActive(_NotAboveBulkMixin, SetActiveStateBulkAction):
    """Lets many in, or shuts them out."""

    @classmethod
    def execute_action(cls, objects: list[User], **kwargs: Any) -> tuple[int, int]:
        """Do it, and tell it of each; return of how many."""
        with told_edits(objects, ToldStaffEdit.told):
            counts: tuple[int, int] = super().execute_action(objects, **kwargs)
        return counts


BULK_ACTIONS: Final = (AssignRole, DeleteMany, SetActive)
