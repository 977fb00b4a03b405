"""What came back: a piece that was paid back, a withdrawal and a return that wait for staff."""

import datetime as dt

from django.db.models import F
from django.utils import timezone

from checkout import paying_back, refunds, withdrawing
from checkout.models import OrderLine, OrderStatus, ReturnReason
from checkout.returns import asking
from checkout.stripe_objects import StripeRefund
from outbox.models import MailStatus, OutboundMail
from storefront.demo import content, people

_SENT = (OrderStatus.SHIPPED, OrderStatus.COMPLETED)


def seed(at: dt.datetime) -> None:
    """Pay back and receive what the data file says."""
    facts = content.facts("returns")
    for each in facts["paid_back"]:
        _pay_back(each, at=at - dt.timedelta(days=each["days_ago"]))
    for each in facts["withdrawal"]:
        _withdraw(each, at=at - dt.timedelta(days=each["days_ago"]))
    for each in facts["asked"]:
        _ask(each, at=at - dt.timedelta(days=each["days_ago"]))


def _line_of(facts: content.Facts) -> OrderLine:
    """Return the buyer's newest line of an article that has been sent."""
    lines = OrderLine.objects.filter(order__email=facts["buyer"], sku=facts["sku"])
    return lines.filter(order__status__in=_SENT).select_related("order").latest("order__placed_at")


def _pay_back(facts: content.Facts, *, at: dt.datetime) -> None:
    line = _line_of(facts)
    wish = paying_back.Wish(
        gone={line.pk: facts["pieces"]},
        shelved=frozenset({line.pk} if facts["is_shelved"] else ()),
    )
    refund = paying_back.pay_back(
        order_id=line.order_id,
        wish=wish,
        agreed_minor=paying_back.quote(line.order, wish).amount.minor,
        reason=facts["reason"],
        by=people.manager(),
        at=at,
    )
    # What Stripe would have answered; it has no such refund.
    answer = StripeRefund(
        id=f"re_demo_{line.order.number}",
        status="succeeded",
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        payment_intent=refund.payment.payment_intent or "",
        metadata={"refund": refund.idempotency_key},
        failure="",
    )
    refunds.mirror_answer(answer, at=at + dt.timedelta(minutes=1))
    _note_mails_as_sent(line)


def _withdraw(facts: content.Facts, *, at: dt.datetime) -> None:
    line = _line_of(facts)
    withdrawing.withdraw(
        order_id=line.order_id,
        parts={line.pk: withdrawing.Part(facts["pieces"])},
        reference=f"demo-withdrawal-{line.order.number}",
        at=at,
        on=timezone.localdate(at),
    )
    _note_mails_as_sent(line)


def _ask(facts: content.Facts, *, at: dt.datetime) -> None:
    line = _line_of(facts)
    asked = asking.Asked(
        pieces={line.pk: facts["pieces"]},
        reason=ReturnReason(facts["reason"]),
        words=facts["words"],
    )
    reference = f"demo-return-{line.order.number}"
    asking.ask(order_id=line.order_id, asked=asked, reference=reference, at=at)
    _note_mails_as_sent(line)


def _note_mails_as_sent(line: OrderLine) -> None:
    """The mails of the past went out in the past; the worker is not to send them now."""
    queued = OutboundMail.objects.about(line.order.reference).filter(status=MailStatus.QUEUED)
    queued.update(status=MailStatus.SENT, attempts=1, sent_at=F("queued_at"))
