"""Who may do what: groups give their rights to whom an owner has let into the admin.

Otherwise unticking “may enter the admin” would shut nobody out who is still in a group, and
somebody in a group could pass for a customer.
"""

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User


class AccountBackend(AuthenticationBackend):
    """Lets people in as allauth's does; superusers may everything, as ever."""

    def _get_user_permissions(self, user_obj: User) -> QuerySet[Permission]:
        return self._given(user_obj, super()._get_user_permissions(user_obj))

    def _get_group_permissions(self, user_obj: User) -> QuerySet[Permission]:
        return self._given(user_obj, super()._get_group_permissions(user_obj))

    def _given(self, user: User, held: QuerySet[Permission]) -> QuerySet[Permission]:
        return held if user.is_staff else held.none()
