"""Who of the staff is told when a customer asks for something."""

from django.db.models import Q, QuerySet

from accounts.models import User


def who_may(codename: str) -> QuerySet[User]:
    """Return the active staff with a right of this room; managers where nobody has it."""
    right = {"codename": codename, "content_type__app_label": "treatments"}
    by_group = Q(**{f"groups__permissions__{name}": value for name, value in right.items()})
    own = Q(**{f"user_permissions__{name}": value for name, value in right.items()})
    active = User.objects.filter(is_active=True)
    found = active.filter(by_group | own, is_staff=True).distinct().order_by("pk")
    return found if found.exists() else active.filter(is_superuser=True).order_by("pk")
