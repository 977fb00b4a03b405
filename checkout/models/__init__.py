"""What a purchase leaves behind, from the basket to the refund."""

from checkout.models.address import DeliveryAddress
from checkout.models.basket import AdditionCount, Basket, BasketLine
from checkout.models.booking import StripeBooking
from checkout.models.delivery import DeliveryMethod, DeliveryRate, DeliveryZone, Holiday
from checkout.models.desk import OrderFile, OrderNote, OrderTag, SavedView
from checkout.models.desk_basket import DeskBasket, HandReduction
from checkout.models.destination_vat import DestinationRate, DestinationVat
from checkout.models.discount import (
    Discount,
    DiscountCode,
    DiscountKind,
    DiscountTrigger,
    DiscountUse,
    EnteredCode,
    LineReduction,
)
from checkout.models.gift_card import (
    GiftCard,
    GiftCardEvent,
    GiftCardEventKind,
    GiftCardUse,
)
from checkout.models.inbox import ReconciliationRun, StripeEvent
from checkout.models.invoice import (
    Invoice,
    InvoiceBuyer,
    InvoiceCounter,
    InvoiceKind,
    InvoiceSeller,
)
from checkout.models.order import (
    Fulfilment,
    Order,
    OrderEvent,
    OrderLine,
    OrderLinePart,
    OrderStatus,
)
from checkout.models.parcel_batch import ParcelBatch
from checkout.models.payment import (
    Dispute,
    Payment,
    PaymentStatus,
    PaymentWay,
    Refund,
    RefundLine,
    RefundRate,
    RefundStatus,
)
from checkout.models.recall import Recall, RecallNotice
from checkout.models.refund_settings import RefundSettings
from checkout.models.returning import (
    Return,
    ReturnLine,
    ReturnPhoto,
    ReturnReason,
    ReturnStatus,
    ReturnWish,
)
from checkout.models.shipment import ItemToSend, Shipment, ShipmentLine, ShipmentStatus
from checkout.models.sold_card import BasketCard, OrderCard
from checkout.models.stripe_customer import StripeCustomer
from checkout.models.suitability import BasketCheck, OrderCheck
from checkout.models.withdrawal import Withdrawal, WithdrawalDecision, WithdrawalLine

__all__ = [
    "AdditionCount",
    "Basket",
    "BasketCard",
    "BasketCheck",
    "BasketLine",
    "DeliveryAddress",
    "DeliveryMethod",
    "DeliveryRate",
    "DeliveryZone",
    "DeskBasket",
    "DestinationRate",
    "DestinationVat",
    "Discount",
    "DiscountCode",
    "DiscountKind",
    "DiscountTrigger",
    "DiscountUse",
    "Dispute",
    "EnteredCode",
    "Fulfilment",
    "GiftCard",
    "GiftCardEvent",
    "GiftCardEventKind",
    "GiftCardUse",
    "HandReduction",
    "Holiday",
    "Invoice",
    "InvoiceBuyer",
    "InvoiceCounter",
    "InvoiceKind",
    "InvoiceSeller",
    "ItemToSend",
    "LineReduction",
    "Order",
    "OrderCard",
    "OrderCheck",
    "OrderEvent",
    "OrderFile",
    "OrderLine",
    "OrderLinePart",
    "OrderNote",
    "OrderStatus",
    "OrderTag",
    "ParcelBatch",
    "Payment",
    "PaymentStatus",
    "PaymentWay",
    "Recall",
    "RecallNotice",
    "ReconciliationRun",
    "Refund",
    "RefundLine",
    "RefundRate",
    "RefundSettings",
    "RefundStatus",
    "Return",
    "ReturnLine",
    "ReturnPhoto",
    "ReturnReason",
    "ReturnStatus",
    "ReturnWish",
    "SavedView",
    "Shipment",
    "ShipmentLine",
    "ShipmentStatus",
    "StripeBooking",
    "StripeCustomer",
    "StripeEvent",
    "Withdrawal",
    "WithdrawalDecision",
    "WithdrawalLine",
]
