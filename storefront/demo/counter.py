"""Two orders that the front desk made: one on the telephone, one paid in cash at the counter."""

import datetime as dt

from accounts.models import User
from checkout import baskets
from checkout.models import Order, PaymentWay
from checkout.pricing import price_basket
from checkout.selling import desk, placing, taking
from outbox.models import MailStatus, OutboundMail
from storefront.demo import content


def orders() -> list[content.Facts]:
    """Return the facts of the orders, the older first."""
    found: list[content.Facts] = content.facts("counter")["order"]
    return found


def seed(at: dt.datetime) -> None:
    """Make the orders that the data file tells of."""
    for facts in orders():
        _sell(facts, at=at - dt.timedelta(hours=facts["hours_ago"]))


def _sell(facts: content.Facts, *, at: dt.datetime) -> None:
    by = User.objects.get(email=facts["by"])
    buyer = facts["buyer"]
    customer = User.objects.filter(email=buyer["email"]).first()
    begun = desk.begin(customer=customer, facts=buyer, country="DE", by=by, at=at)
    for sku, quantity in facts["lines"]:
        baskets.add(basket=begun.basket, user=None, sku=sku, quantity=quantity, at=at)
    baskets.choose_delivery(basket=begun.basket, country="DE", method_code=facts["delivery"], at=at)
    begun.basket.refresh_from_db()
    order = placing.place(
        desk=begun,
        checkout_token=begun.basket.checkout_token,
        agreed_total_minor=price_basket(begun.basket, at=at).total.minor,
        was_told=True,
        by=by,
        at=at,
    )
    if "receipt" in facts:
        way = PaymentWay(facts["way"])
        taking.take(order_id=order.pk, way=way, reference=facts["receipt"], by=by, at=at)
    else:
        placing.send_link(order_id=order.pk, by=by, at=at)
    _note_mails_as_sent(order, at)


def _note_mails_as_sent(order: Order, at: dt.datetime) -> None:
    """They went out at their time; the worker is not to send them today."""
    waiting = OutboundMail.objects.about(order.reference).filter(status=MailStatus.QUEUED)
    waiting.update(status=MailStatus.SENT, sent_at=at)
