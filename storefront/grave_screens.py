"""Screens of the admin that ask once more who it is: who works here, and lists of addresses."""

from collections.abc import Callable
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from accounts.recent import ask_unless_recent

# All that is below these, whatever the method: accounts with their groups and keys, and groups.
ROLES: Final = ("/admin/users/", "/admin/groups/", "/admin/bulk/accounts/", "/admin/bulk/auth/")
# These list people's addresses: taking them along is asked for, looking is not.
ADDRESSES: Final = ("/admin/subscribers/",)


class GraveScreensMiddleware:
    """Stands before Wagtail's own screens, which know nothing of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        """Ask, after the gate of the admin has."""
        return ask_unless_recent(request, at=timezone.now()) if _is_grave(request) else None


def _is_grave(request: HttpRequest) -> bool:
    """Tell whether somebody who is signed in asks for such a screen; others are refused as ever."""
    is_export = "export" in request.GET and request.path.startswith(ADDRESSES)
    if not (is_export or request.path.startswith(ROLES)):
        return False
    return request.user.has_perm("wagtailadmin.access_admin")
