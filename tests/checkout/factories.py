"""Orders in any state, as rows alone: what led there is the business of other tests."""

from typing import Any, ClassVar

from django.utils import timezone
import factory

from checkout.models import Fulfilment, Order, OrderLine, OrderStatus, Payment, PaymentStatus
from checkout.models.basket import new_key


class OrderFactory(factory.django.DjangoModelFactory):
    """An order that awaits payment; traits move it on."""

    class Meta:
        model = Order

    class Params:
        paid = factory.Trait(
            status=OrderStatus.PAID,
            paid_minor=factory.SelfAttribute("total_minor"),
            paid_at=factory.SelfAttribute("placed_at"),
            pieces_to_pack=factory.LazyAttribute(lambda order: int(order.needs_delivery)),
        )
        of_sessions = factory.Trait(
            goods_minor=0,
            packages_minor=42000,
            delivery_minor=0,
            vat_minor=6706,
            needs_delivery=False,
            fulfilment=Fulfilment.NOTHING_TO_SEND,
            delivery_name="",
            delivery_line1="",
            delivery_postcode="",
            delivery_city="",
            delivery_country="",
            delivery_method_code="",
            delivery_method_name="",
            delivery_method_kind="",
            delivery_estimate="",
        )
        for_pickup = factory.Trait(delivery_method_kind="PICKUP")

    checkout_token = factory.LazyFunction(new_key)
    email = "ada@example.com"
    name = "Ada Lindqvist"
    currency = "EUR"
    goods_minor = 2400
    packages_minor = 0
    delivery_minor = 490
    vat_minor = 461
    total_minor = factory.LazyAttribute(
        lambda order: order.goods_minor + order.packages_minor + order.delivery_minor
    )
    needs_delivery = True
    fulfilment = Fulfilment.UNFULFILLED
    delivery_name = "Ada Lindqvist"
    delivery_line1 = "Turmstr. 4"
    delivery_postcode = "10559"
    delivery_city = "Berlin"
    delivery_country = "DE"
    delivery_method_code = "standard"
    delivery_method_name = "Standard courier"
    delivery_method_kind = "COURIER"
    delivery_estimate = "Tue 24 to Wed 25 November"
    terms_version = "2026-11"
    placed_at = factory.LazyFunction(timezone.now)


class OrderLineFactory(factory.django.DjangoModelFactory):
    """A line of an order; the offer it was made from must be given."""

    class Meta:
        model = OrderLine

    order = factory.SubFactory(OrderFactory)
    position = 1
    kind = factory.SelfAttribute("offer.kind")
    sku = factory.SelfAttribute("offer.sku")
    name = "Daily Wash"
    label = factory.SelfAttribute("offer.label")
    unit_price_minor = factory.SelfAttribute("offer.price_minor")
    quantity = 1
    total_minor = factory.LazyAttribute(lambda line: line.unit_price_minor * line.quantity)
    vat_rate_bp = 1900
    vat_minor = 383
    treatment = factory.SelfAttribute("offer.treatment")
    sessions = factory.SelfAttribute("offer.sessions")
    validity_days = factory.SelfAttribute("offer.validity_days")
    validity_rule = factory.SelfAttribute("offer.validity_rule")
    refund_terms_version = factory.SelfAttribute("offer.refund_terms_version")


class PaymentFactory(factory.django.DjangoModelFactory):
    """A payment that succeeded, of the whole order."""

    class Meta:
        model = Payment

    order = factory.SubFactory(OrderFactory, paid=True)
    attempt = 1
    status = PaymentStatus.SUCCEEDED
    idempotency_key = factory.LazyAttribute(lambda p: f"{p.order.number}-attempt-{p.attempt}")
    params: ClassVar[dict[str, Any]] = {}
    amount_minor = factory.SelfAttribute("order.total_minor")
    currency = factory.SelfAttribute("order.currency")
    session_id = factory.LazyAttribute(lambda p: f"cs_test_{p.order.number}")
    payment_intent = factory.LazyAttribute(lambda p: f"pi_{p.order.number}")
    created_at = factory.SelfAttribute("order.placed_at")
    expires_at = factory.SelfAttribute("order.placed_at")
    paid_at = factory.SelfAttribute("order.placed_at")
