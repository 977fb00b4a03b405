"""Who may do what with orders in the admin.

Orders, Stripe's notices and reconciliation runs are written by verbs alone: staff look at them
and press buttons, each of which asks for a permission of its own.
"""

from typing import Any

from wagtail.permissions import policy_registry

from checkout.models import Order
from outbox.permissions import ReadOnlyPolicy

__all__ = ["ReadOnlyPolicy", "may_see_orders"]


def may_see_orders(user: Any) -> bool:
    """Tell whether somebody may look at orders."""
    return bool(policy_registry.get_by_type(Order).user_has_permission(user, "view"))
