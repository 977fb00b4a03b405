"""What a process is killed at, how the world goes on afterwards, and what must have come of it."""

import datetime as dt
import json
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from checkout import baskets, payments, reconciliation, refunds, webhooks
from checkout.models import Basket, Order, Payment, Refund
from checkout.placement import PAYMENT_WINDOW, BuyerDetails
from checkout.pricing import price_basket
from stripe_standin.webhooks import signature
from tests.races import small_shop
from tests.races.bought import Placed, outcome, stock_of
from tests.races.databases import Database
from tests.races.payment_service import DEBIT, SECRET, PaymentService
from tests.races.small_shop import PACKAGE_SKU

DETAILS = BuyerDetails(email="ada@example.com", name="Ada Lindqvist")
SOON, LATER = dt.timedelta(seconds=5), dt.timedelta(minutes=10)
ON_HAND = 5


@dataclass
class Trial:
    """One purchase that is cut off, and the world around it."""

    at: dt.datetime
    sku: str
    basket: Basket
    stripe: PaymentService
    database: Database

    def check_out(self, *, at: dt.datetime) -> payments.Checkout:
        """Press "order and pay" on a page that was loaded this moment."""
        basket = Basket.objects.get(pk=self.basket.pk)
        return payments.check_out(
            basket=basket,
            checkout_token=basket.checkout_token,
            agreed_total_minor=price_basket(basket, at=at).total.minor,
            details=DETAILS,
            user=None,
            at=at,
        )

    @property
    def orders(self) -> list[Order]:
        return list(Order.objects.filter(basket=self.basket).order_by("pk"))

    @property
    def newest(self) -> Payment:
        return Payment.objects.filter(order__basket=self.basket).latest("pk")

    def sessions(self) -> list[Any]:
        return [one for order in self.orders for one in self.stripe.sessions_of(order.number)]

    def notices(self) -> list[tuple[bytes, str]]:
        """What Stripe has to tell about this trial's payments: bodies and signatures."""
        sessions = self.sessions()
        about = {session["id"] for session in sessions}
        about |= {session["payment_intent"] for session in sessions} - {None}
        now = int(dt.datetime.now(dt.UTC).timestamp())
        bodies = [
            json.dumps(event).encode()
            for event in reversed(self.stripe.newest("events", 30))
            if {event["data"]["object"]["id"], event["data"]["object"].get("payment_intent")}
            & about
        ]
        return [(body, signature(SECRET, body, now)) for body in bodies]

    def hear(self, *, at: dt.datetime) -> None:
        """Receive every notice, and act on those that are due."""
        for body, signed in self.notices():
            webhooks.receive(body=body, signature=signed, at=at)
        webhooks.process_due(at=at)


def new_trial(number: int) -> Trial:
    """A basket with one article, of which there are five, and two packages."""
    at = dt.datetime.now(dt.UTC)
    sku = f"C-{os.getpid()}-{number}"
    small_shop.add_article(sku, on_hand=ON_HAND, at=at)
    basket = baskets.add(basket=None, user=None, sku=sku, quantity=1, at=at)
    basket = baskets.add(basket=basket, user=None, sku=PACKAGE_SKU, quantity=2, at=at)
    stripe = PaymentService(os.environ["RACE_STRIPE_URL"])
    return Trial(at, sku, basket, stripe, Database(os.environ["RACE_DATABASE_URL"]))


def ending(trial: Trial) -> dict[str, Any]:
    """Everything that must be the same whether a process died or not."""
    return {
        "orders": [
            {
                **asdict(outcome(trial.database, Placed(order.number, ""))),
                "payments": sorted(order.payments.values_list("status", flat=True)),
                "timeline": sorted(order.events.values_list("kind", flat=True)),
            }
            for order in trial.orders
        ],
        "sessions": sorted([one["status"], one["payment_status"]] for one in trial.sessions()),
        "sent back": sorted(
            [one["amount"], one["status"]]
            for one in trial.stripe.newest("refunds", 20)
            if one["metadata"].get("order") in {order.number for order in trial.orders}
        ),
        "stock": stock_of(trial.database, trial.sku),
    }


class Scenario(ABC):
    """A verb that is cut off, and the ways in which the world may go on."""

    ways: ClassVar[Mapping[str, Callable[[Any, Trial], None]]]

    def prepare(self, trial: Trial) -> None:  # noqa: B027 - most begin with a full basket only
        """Do what comes before; nobody dies here."""

    @abstractmethod
    def act(self, trial: Trial) -> None:
        """Do what is cut off."""

    def is_right(self, way: str, found: dict[str, Any], uninterrupted: dict[str, Any]) -> bool:
        """Tell whether the end is the same as without a death."""
        return found == uninterrupted


class CheckOut(Scenario):
    """A buyer presses "order and pay"."""

    def act(self, trial: Trial) -> None:
        trial.check_out(at=trial.at)

    def _comes_back(self, trial: Trial) -> None:
        trial.check_out(at=trial.at + SOON)
        assert trial.stripe.pay(trial.newest.session_id or "")
        trial.hear(at=trial.at + SOON)

    def _comes_back_later(self, trial: Trial) -> None:
        trial.check_out(at=trial.at + dt.timedelta(minutes=2))
        assert trial.stripe.pay(trial.newest.session_id or "")
        trial.hear(at=trial.at + LATER)

    def _never_comes_back(self, trial: Trial) -> None:
        """Nobody returns; a session that the shop could not note is paid all the same."""
        expired = trial.at + PAYMENT_WINDOW + LATER
        payments.expire_due(at=expired)
        for session in trial.sessions():
            trial.stripe.pay(session["id"])
        trial.hear(at=expired + SOON)

    ways: ClassVar = {
        "the buyer comes back at once": _comes_back,
        "the buyer comes back later": _comes_back_later,
        "the buyer never comes back": _never_comes_back,
    }

    def is_right(self, way: str, found: dict[str, Any], uninterrupted: dict[str, Any]) -> bool:
        if way == "the buyer comes back at once":
            return found == uninterrupted
        paid = [one for one in found["sessions"] if one[1] == "paid"]
        statuses = [order["status"] for order in found["orders"]]
        free_or_sold = (ON_HAND, len(paid))
        is_whole = all(is_whole_order(order) for order in found["orders"])
        allowed = [["PAID"]] if way == "the buyer comes back later" else [[], ["EXPIRED"], ["PAID"]]
        return (
            is_whole
            and statuses in allowed
            and len(paid) == statuses.count("PAID")
            and tuple(found["stock"]) == free_or_sold
        )


def is_whole_order(order: dict[str, Any]) -> bool:
    """An order has all of what its status promises, once, or nothing of it."""
    has_everything = (
        order["grants"] == [small_shop.SESSIONS] * 2
        and order["mails"] == ["order_paid"]
        and order["reservations"] == [["SOLD", 1]]
    )
    has_nothing = not (order["grants"] or order["mails"] or order["paid"])
    return has_everything if order["status"] == "PAID" else has_nothing


class ReplaceOrder(Scenario):
    """A buyer changes the basket of an unpaid order and orders again."""

    def prepare(self, trial: Trial) -> None:
        trial.check_out(at=trial.at)
        baskets.set_quantity(basket=trial.basket, sku=trial.sku, quantity=3, at=trial.at)

    def act(self, trial: Trial) -> None:
        trial.check_out(at=trial.at + SOON)

    def _comes_back(self, trial: Trial) -> None:
        trial.check_out(at=trial.at + 2 * SOON)
        assert trial.stripe.pay(trial.newest.session_id or "")
        trial.hear(at=trial.at + 2 * SOON)

    ways: ClassVar = {"the buyer comes back": _comes_back}


class HearOfPayment(Scenario):
    """Stripe tells of a payment; it is stored and acted on."""

    def prepare(self, trial: Trial) -> None:
        trial.check_out(at=trial.at)
        assert trial.stripe.pay(trial.newest.session_id or "")

    def act(self, trial: Trial) -> None:
        trial.hear(at=trial.at + SOON)

    def _told_again(self, trial: Trial) -> None:
        trial.hear(at=trial.at + LATER)
        webhooks.process_due(at=trial.at + 2 * LATER)

    def _asks_itself(self, trial: Trial) -> None:
        reconciliation.sweep(at=trial.at + LATER)
        webhooks.process_due(at=trial.at + LATER)

    ways: ClassVar = {"Stripe tells again": _told_again, "the shop asks Stripe": _asks_itself}


class HearOfFailure(HearOfPayment):
    """Stripe tells that a bank did not pay after all."""

    def prepare(self, trial: Trial) -> None:
        trial.check_out(at=trial.at)
        assert trial.stripe.pay(trial.newest.session_id or "", card=DEBIT)
        trial.hear(at=trial.at)
        [session] = trial.sessions()
        trial.stripe.control(f"payments/{session['payment_intent']}/settle", outcome="fail")


class PaidTooLate(HearOfPayment):
    """Stripe tells of a payment whose goods are gone; the money goes back."""

    def prepare(self, trial: Trial) -> None:
        # Stripe's answers are lost, so the shop lets go of a session that it cannot name.
        trial.stripe.control(
            "faults", kind="lose_answer", count="2", method="POST", path="/v1/checkout/sessions"
        )
        try:
            trial.check_out(at=trial.at)
        except payments.PaymentNotOpened:
            trial.stripe.control("faults/clear")
        payments.expire_due(at=trial.at + PAYMENT_WINDOW + SOON)
        others = baskets.add(basket=None, user=None, sku=trial.sku, quantity=ON_HAND, at=trial.at)
        Trial(trial.at, trial.sku, others, trial.stripe, trial.database).check_out(at=trial.at)
        [session] = trial.sessions()
        assert trial.stripe.pay(session["id"])

    def act(self, trial: Trial) -> None:
        trial.hear(at=trial.at + SOON)
        refunds.send_due(at=trial.at + SOON)

    def _told_again(self, trial: Trial) -> None:
        super()._told_again(trial)
        refunds.send_due(at=trial.at + LATER)

    def _asks_itself(self, trial: Trial) -> None:
        super()._asks_itself(trial)
        refunds.send_due(at=trial.at + LATER)

    ways: ClassVar = {"Stripe tells again": _told_again, "the shop asks Stripe": _asks_itself}


class GiveMoneyBack(Scenario):
    """Somebody of the clinic gives the whole payment back."""

    def prepare(self, trial: Trial) -> None:
        trial.check_out(at=trial.at)
        assert trial.stripe.pay(trial.newest.session_id or "")
        trial.hear(at=trial.at)

    def act(self, trial: Trial) -> None:
        self._press(trial, at=trial.at + SOON)
        refunds.send_due(at=trial.at + SOON)

    def _press(self, trial: Trial, *, at: dt.datetime) -> None:
        payment = trial.newest
        refunds.request(
            payment=payment, amount_minor=payment.amount_minor, reason="Returned", by=None, at=at
        )

    def _presses_again(self, trial: Trial) -> None:
        try:
            self._press(trial, at=trial.at + LATER)
        except refunds.RefundRefused:
            assert Refund.objects.filter(payment=trial.newest).exists()
        refunds.send_due(at=trial.at + LATER)
        trial.hear(at=trial.at + LATER)

    ways: ClassVar = {"somebody presses again": _presses_again}


class Expire(Scenario):
    """The worker lets go of an order that nobody paid."""

    def prepare(self, trial: Trial) -> None:
        trial.check_out(at=trial.at)

    def act(self, trial: Trial) -> None:
        payments.expire_due(at=trial.at + PAYMENT_WINDOW + SOON)

    def _runs_again(self, trial: Trial) -> None:
        payments.expire_due(at=trial.at + PAYMENT_WINDOW + LATER)
        trial.hear(at=trial.at + PAYMENT_WINDOW + LATER)

    def _stripe_tells(self, trial: Trial) -> None:
        trial.hear(at=trial.at + PAYMENT_WINDOW + LATER)
        payments.expire_due(at=trial.at + PAYMENT_WINDOW + LATER)

    ways: ClassVar = {
        "the worker runs again": _runs_again,
        "Stripe tells of it first": _stripe_tells,
    }


SCENARIOS: dict[str, Scenario] = {
    "check out": CheckOut(),
    "replace an order": ReplaceOrder(),
    "hear of a payment": HearOfPayment(),
    "hear of a failure": HearOfFailure(),
    "paid too late": PaidTooLate(),
    "give money back": GiveMoneyBack(),
    "expire": Expire(),
}
