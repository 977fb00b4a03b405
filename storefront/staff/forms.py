"""What an owner writes of somebody who works here; passwords are their own business."""

from typing import Any, Final

from wagtail.users.forms import UserCreationForm, UserEditForm

from accounts.models import User

LET_IN: Final = "Without it groups give nothing; administrators enter all the same."


class _StaffFormMixin:
    """One name instead of two, and no right to make somebody more than oneself.

    :ivar by: who fills the form in.
    """

    # Wagtail's two names are columns that our accounts do not have.
    first_name = None
    last_name = None

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by.is_superuser:
            self.fields.pop("is_superuser", None)  # type: ignore[attr-defined]
        self.fields["is_staff"].help_text = LET_IN  # type: ignore[attr-defined]

    def save(self, commit: bool = True) -> User:
        """Write the account; without a password of its own it is entered by codes."""
        user: User = self.instance  # type: ignore[attr-defined]
        if user.pk is None:
            user.set_unusable_password()
        saved: User = super().save(commit=commit)  # type: ignore[misc]
        return saved


class NewStaffForm(_StaffFormMixin, UserCreationForm):
    """Somebody new."""

    class Meta(UserCreationForm.Meta):
        fields = ("email", "name", "is_staff", "is_superuser", "groups")


class StaffForm(_StaffFormMixin, UserEditForm):
    """Somebody who has an account."""

    class Meta(UserEditForm.Meta):
        fields = ("email", "name", "is_active", "is_staff", "is_superuser", "groups")
