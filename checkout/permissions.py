"""Who may do what with orders in the admin.

Orders, Stripe's notices and reconciliation runs are written by verbs alone: staff look at them
and press buttons, each of which asks for a permission of its own.
"""

from typing import Any

from wagtail.permissions import policy_registry

from checkout.models import Order, ReconciliationRun
from outbox.permissions import ReadOnlyPolicy

__all__ = [
    "ReadOnlyPolicy",
    "may_compare",
    "may_lessen",
    "may_pack",
    "may_read_reports",
    "may_refund",
    "may_see_orders",
    "may_sell",
]


def may_see_orders(user: Any) -> bool:
    """Tell whether somebody may look at orders."""
    return bool(policy_registry.get_by_type(Order).user_has_permission(user, "view"))


def may_pack(user: Any) -> bool:
    """Tell whether somebody may pack orders and hand them over."""
    return bool(policy_registry.get_by_type(Order).user_has_permission(user, "pack"))


def may_sell(user: Any) -> bool:
    """Tell whether somebody may order for customers and take cash."""
    return bool(policy_registry.get_by_type(Order).user_has_permission(user, "sell"))


def may_lessen(user: Any) -> bool:
    """Tell whether somebody may take something off the prices of an order they make."""
    return bool(policy_registry.get_by_type(Order).user_has_permission(user, "lessen"))


def may_refund(user: Any) -> bool:
    """Tell whether somebody may pay back goods."""
    return bool(policy_registry.get_by_type(Order).user_has_permission(user, "refund"))


def may_read_reports(user: Any) -> bool:
    """Tell whether somebody may read what was sold and paid back."""
    return bool(policy_registry.get_by_type(Order).user_has_permission(user, "report"))


def may_compare(user: Any) -> bool:
    """Tell whether somebody may look at comparisons with Stripe."""
    return bool(policy_registry.get_by_type(ReconciliationRun).user_has_permission(user, "view"))
