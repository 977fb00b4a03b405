"""When what is looked at arrives: joins what the catalogue has and how the checkout delivers."""

import datetime as dt
from typing import Any

from django import template
from django.utils import timezone

from catalog.availability import Availability, AvailabilityState
from checkout.shipping import DeliveryPlan, shop_zone
from freshness.answers import shows

register = template.Library()


@register.simple_tag(takes_context=True)
def arrival_promise(context: template.Context, availability: Availability | None) -> str:
    """Promise days to everybody alike: for a small parcel to where most buyers are.

    The answer that shows it holds until the cut-off, or until the day is over.
    """
    plan: Any = getattr(context.get("shop"), "delivery", None)
    if plan is None or availability is None or not availability.is_buyable:
        return ""
    return promise(plan, availability, at=timezone.now())


def promise(plan: DeliveryPlan, availability: Availability, *, at: dt.datetime) -> str:
    """Say when something that is available so arrives, and note until when that holds."""
    waits = availability.state == AvailabilityState.BACK_ORDER
    days = availability.back_order_days if waits else None
    arrival = plan.arrival(at=at, back_order_days=days)
    # “by 14:00” is about today: at midnight it says “by Mon 30 Nov, 14:00” or another day.
    midnight = dt.datetime.combine(
        at.astimezone(shop_zone()).date() + dt.timedelta(days=1), dt.time(), tzinfo=shop_zone()
    )
    shows(until=min(filter(None, [midnight, arrival.order_by])))
    return arrival.promise(at, zone=shop_zone(), country=plan.country)
