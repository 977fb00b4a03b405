"""Show amounts: ``{{ line.total|money }}``, ``{{ order.total_minor|money:order.currency }}``."""

from django import template
from django.conf import settings

from money.money import Money

register = template.Library()


@register.filter
def money(value: Money | int | None, currency: str = "") -> str:
    """Write an amount the way the shop writes prices, such as €24.00."""
    if value is None:
        return ""
    if isinstance(value, Money):
        return str(value)
    return str(Money(value, currency or settings.SHOP_CURRENCY))
