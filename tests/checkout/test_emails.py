"""The mails of an order: complete, in both shapes, and without anything from elsewhere."""

import re
from datetime import datetime
from html.parser import HTMLParser

from django.core import mail as django_mail
import pytest

from checkout import emails, refunds, settlement
from checkout.models import Order, Return, ReturnReason, ReturnWish
from outbox import mail
from outbox.models import OutboundMail
from tests.checkout.buying import basket_with, check_out, courier, package, product, session_id_of
from tests.stripe_in_process import StripeInProcess

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(stripe: StripeInProcess, at: datetime) -> Order:
    """A paid order of goods and a package, with a refund that has gone out and a return."""
    courier()
    basket = basket_with((product(at=at), 2), (package(at=at), 1), at=at)
    placed = check_out(basket, at=at).order
    stripe.pay(session_id_of(placed))
    paid = settlement.settle(session_id_of(placed), at=at)
    refunds.request(
        payment=paid.payments.get(), amount_minor=500, reason="Broken pump", by=None, at=at
    )
    refunds.send_due(at=at)
    order = Order.objects.get()
    returned = Return.objects.create(
        order=order,
        reference="from-a-form",
        reason=ReturnReason.DAMAGED,
        wish=ReturnWish.REFUND,
        asked_at=at,
    )
    returned.lines.create(line=order.lines.earliest("position"), quantity=1)
    return order


@pytest.mark.parametrize("event", emails.SUBJECTS)
def test_every_mail_names_the_order_links_to_it_and_adds_up(order: Order, event: str) -> None:
    about = {"refund": order.refunds.get().pk, "return": order.returns.get().pk}

    written = emails.render({"event": event, "order": order.pk, **about})

    for text in (written.text, written.html):
        assert order.number in text
        assert f"/orders/{order.access_token}/" in text
    assert order.number in written.subject
    assert "{" not in written.subject + written.text
    if event in {emails.ORDER_PAID, emails.ORDER_RECEIVED}:
        assert "€472.90" in written.text
        assert "€420.00" in written.html
    if event in {emails.ORDER_REFUNDED, emails.LATE_PAYMENT_REFUNDED}:
        assert "€5.00" in written.text
        assert "€5.00" in written.html


@pytest.mark.parametrize("event", emails.SUBJECTS)
def test_every_mail_loads_nothing_and_is_well_formed(order: Order, event: str) -> None:
    refund = order.refunds.get()
    written = emails.render({"event": event, "order": order.pk, "refund": refund.pk})

    html = mail.inline_css(written.html)

    sources = re.findall(r"""(?:src|background|url)\s*[=(]\s*["']?(https?:[^"')\s]+)""", html)
    assert [source for source in sources if not source.startswith("http://localhost:8000/")] == []
    assert "<script" not in html
    assert _unbalanced(html) == []


def test_a_paid_order_is_told_once_in_text_and_html(order: Order, at: datetime) -> None:
    mail.send_due(at=at)
    mail.send_due(at=at)

    sent = {message.subject: message for message in django_mail.outbox}
    thanks = sent[f"Thank you: order {order.number} is paid"]
    assert len(django_mail.outbox) == len(sent) == 2
    assert thanks.to == ["ada@example.com"]
    assert [kind for _, kind in thanks.alternatives] == ["text/html"]
    assert set(OutboundMail.objects.values_list("status", flat=True)) == {"SENT"}


class _Balance(HTMLParser):
    VOID = frozenset({"meta", "br", "img", "hr", "link", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def _unbalanced(html: str) -> list[str]:
    parser = _Balance()
    parser.feed(html)
    return parser.wrong + parser.open
