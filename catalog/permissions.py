"""Who may do what with offers and stock in the admin."""

from collections.abc import Collection
from typing import Any

from django.db import models
from wagtail.permission_policies import ModelPermissionPolicy


class WithoutPolicy(ModelPermissionPolicy):
    """The usual permissions, except for what nobody may do."""

    def __init__(self, model: type[models.Model], *, refused: Collection[str]) -> None:
        super().__init__(model)
        self.refused = frozenset(refused)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in self.refused and bool(super().user_has_permission(user, action))

    def users_with_any_permission(self, actions: Collection[str]) -> Any:
        return super().users_with_any_permission(set(actions) - self.refused)


def may_value_stock(user: Any) -> bool:
    """Tell whether somebody may read what the stock cost and is worth."""
    return bool(user.is_active and user.has_perm("catalog.value_stock"))


class SeenLikePolicy(ModelPermissionPolicy):
    """Rows that verbs alone write: seen by whoever may see or change rows of another model."""

    def __init__(self, model: type[models.Model], *, like: type[models.Model]) -> None:
        super().__init__(model, auth_model=like)

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and any(
            super(SeenLikePolicy, self).user_has_permission(user, each)
            for each in ("view", "change")
        )

    def users_with_any_permission(self, actions: Collection[str]) -> Any:
        seeing = {"view", "change"} if "view" in actions else set()
        return super().users_with_any_permission(seeing)
