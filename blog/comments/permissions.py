"""Who decides on comments, and who reads what was asked in private."""

from django.db.models import Q, QuerySet

from accounts.models import User

MODERATE = "moderate_comment"
READ_PRIVATE = "view_privatequestion"


def may_moderate(user: User) -> bool:
    """Tell whether somebody may approve, reject and answer comments."""
    return user.is_active and user.has_perm(f"blog.{MODERATE}")


def people_who_may(codename: str) -> QuerySet[User]:
    """Return the active staff with a permission of this room; managers where nobody has it."""
    by_group = Q(
        groups__permissions__codename=codename, groups__permissions__content_type__app_label="blog"
    )
    own = Q(user_permissions__codename=codename, user_permissions__content_type__app_label="blog")
    active = User.objects.filter(is_active=True)
    found = active.filter(by_group | own, is_staff=True).distinct().order_by("pk")
    return found if found.exists() else active.filter(is_superuser=True).order_by("pk")
