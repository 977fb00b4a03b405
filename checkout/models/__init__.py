"""What a purchase leaves behind, from the basket to the refund."""

from checkout.models.basket import AdditionCount, Basket, BasketLine
from checkout.models.delivery import DeliveryMethod, DeliveryRate, DeliveryZone, Holiday
from checkout.models.inbox import ReconciliationRun, StripeEvent
from checkout.models.order import Order, OrderEvent, OrderLine, OrderLinePart, OrderStatus
from checkout.models.payment import Dispute, Payment, PaymentStatus, Refund, RefundStatus
from checkout.models.suitability import BasketCheck, OrderCheck

__all__ = [
    "AdditionCount",
    "Basket",
    "BasketCheck",
    "BasketLine",
    "DeliveryMethod",
    "DeliveryRate",
    "DeliveryZone",
    "Dispute",
    "Holiday",
    "Order",
    "OrderCheck",
    "OrderEvent",
    "OrderLine",
    "OrderLinePart",
    "OrderStatus",
    "Payment",
    "PaymentStatus",
    "ReconciliationRun",
    "Refund",
    "RefundStatus",
    "StripeEvent",
]
