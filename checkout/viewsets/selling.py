"""The screens on which staff order for somebody: whom for, then what, how sent and how paid."""

from contextlib import suppress
from typing import Any, Final, cast

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.log_actions import log

from accounts.models import User
from catalog import stock
from checkout import baskets, calling_off, clearance, payments, placement, refund_ways
from checkout.discounts import by_hand, codes
from checkout.discounts.finding import DiscountRefused
from checkout.forms import CheckoutForm
from checkout.gift_cards import spending
from checkout.gift_cards import typed as typed_codes
from checkout.models import DeskBasket, Order, PaymentWay
from checkout.models.payment import BY_HAND
from checkout.permissions import may_lessen, may_refund
from checkout.pricing import PricedBasket, price_basket
from checkout.selling import amending, articles, customers, desk, placing
from checkout.sold_out import sold_out_text
from checkout.viewsets import large_refunds
from checkout.viewsets.asking_for_money import send_link, settle_with_card, take_money
from checkout.viewsets.packing import BenchScreen
from checkout.whole_numbers import AMOUNT, ID, PIECES, whole, wholes
from money.money import Money, NotAnAmount

LINK: Final = "LINK"
PERCENT: Final = "PERCENT"
LONGEST_WORDS: Final = 80
UNDER_WAY_SHOWN: Final = 20
_FACTS = CheckoutForm.base_fields


class BuyerForm(forms.Form):
    """Who buys, in the words of the checkout; the address may come later."""

    name = _FACTS["name"]
    email = _FACTS["email"]
    phone = _FACTS["phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for field in self.fields.values():
            # These are somebody else's: the browser must not offer those of staff.
            field.widget.attrs["autocomplete"] = "off"
            field.help_text = ""


class AddressedForm(BuyerForm):
    """Who buys, and where goods go if a courier brings them."""

    line1 = forms.CharField(label="Street and house number", max_length=150, required=False)
    line2 = forms.CharField(label="Flat, floor or company", max_length=150, required=False)
    postcode = forms.CharField(label="Postcode", max_length=20, required=False)
    city = forms.CharField(label="Town or city", max_length=100, required=False)


class SellScreen(BenchScreen):
    """A screen of those who order for somebody."""

    permission_required = "sell"
    header_icon = "user"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        orders = {"url": reverse("orders:index"), "label": "Orders"}
        return [*self.breadcrumbs_items, orders, {"url": "", "label": self.get_page_title()}]

    @property
    def by(self) -> User:
        return cast(User, self.request.user)


class ForWhomView(SellScreen):
    """Find the buyer, or write down a new one."""

    page_title = "Order for a customer"
    template_name = "checkout/admin/sell_for_whom.html"

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        amended_id = _number(request, "amend")
        if amended_id is not None:
            return self._amend(get_object_or_404(Order, pk=amended_id))
        begun = self._known()
        if begun is None:
            form = BuyerForm(request.POST)
            if not form.is_valid():
                return self.render_to_response(self.get_context_data(form=form))
            begun = desk.begin(
                customer=None, facts=form.cleaned_data, country="", by=self.by, at=timezone.now()
            )
        return redirect("orders:sell", begun.pk)

    def _amend(self, order: Order) -> HttpResponseBase:
        """Begin to change an order that is paid and not sent."""
        try:
            begun = amending.begin(order_id=order.pk, by=self.by, at=timezone.now())
        except amending.AmendmentRefused as refusal:
            messages.error(self.request, str(refusal))
            return redirect("orders:inspect", order.pk)
        return redirect("orders:sell", begun.pk)

    def _known(self) -> DeskBasket | None:
        """Begin for somebody who was found, if the form names one."""
        user_id, order_id = _number(self.request, "user"), _number(self.request, "order")
        if user_id is not None:
            customer = get_object_or_404(User, pk=user_id, is_active=True)
            return desk.begin_for_account(customer=customer, by=self.by, at=timezone.now())
        if order_id is not None:
            order = get_object_or_404(Order, pk=order_id)
            return desk.begin_like(order=order, by=self.by, at=timezone.now())
        return None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").replace("\0", "")[:LONGEST_WORDS]
        return {
            "form": BuyerForm(),
            **super().get_context_data(**kwargs),
            "words": words,
            "found": customers.find(words),
            "under_way": desk.under_way().select_related("begun_by")[:UNDER_WAY_SHOWN],
        }


class SellView(SellScreen):
    """One basket at the desk: articles, buyer, delivery, and the way it is paid."""

    template_name = "checkout/admin/sell.html"

    @cached_property
    def desk(self) -> DeskBasket:
        """Looked up once it is known who asks."""
        rows = DeskBasket.objects.select_related("basket", "customer", "amends")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_title(self) -> str:
        amended = self.desk.amends
        return f"Amend order {amended.number}" if amended else f"Order for {self.desk.name}"

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        acts = {
            "add": self._add,
            "quantity": self._set_quantity,
            "remove": self._remove,
            "lessen": self._lessen,
            "undo": self._undo,
            "enter_code": self._enter_code,
            "take_code": self._take_code,
            "take_card": self._take_card,
            "take_out": self._take_out,
            "delivery": self._choose_delivery,
            "buyer": self._change_buyer,
            "drop": self._drop,
            "place": self._place,
        }
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            return redirect("orders:sell", self.desk.pk)
        try:
            return act() or redirect("orders:sell", self.desk.pk)
        except baskets.REFUSALS as refusal:
            messages.error(request, str(refusal))
            return redirect("orders:sell", self.desk.pk)

    def _add(self) -> HttpResponseBase | None:
        code = self._sent("code")
        sku = self._sent("sku") or articles.by_code(code)
        if not sku:
            return self.render_to_response(self.get_context_data(words=code))
        baskets.add(basket=self.desk.basket, user=None, sku=sku, quantity=1, at=timezone.now())
        return None

    def _set_quantity(self) -> None:
        baskets.set_quantity(
            basket=self.desk.basket,
            sku=self._sent("sku"),
            quantity=baskets.read_quantity(self._sent("quantity")),
            at=timezone.now(),
        )

    def _remove(self) -> None:
        baskets.remove(basket=self.desk.basket, sku=self._sent("sku"), at=timezone.now())

    def _lessen(self) -> HttpResponseBase | None:
        if not may_lessen(self.by):
            raise PermissionDenied
        figure, unit = self._sent("figure"), self._sent("unit")
        try:
            by_hand.lessen(
                desk=self.desk,
                sku=self._sent("sku"),
                reason=self._sent("reason"),
                by=self.by,
                at=timezone.now(),
                percent=_percent(figure) if unit == PERCENT else None,
                amount_minor=_amount(figure) if unit != PERCENT else None,
            )
        except DiscountRefused as refusal:
            typed = {name: self._sent(name) for name in ("sku", "figure", "unit", "reason")}
            wrong = {"lessening": {**typed, "problem": str(refusal)}}
            return self.render_to_response(self.get_context_data(**wrong))
        return None

    def _undo(self) -> None:
        by_hand.undo(desk=self.desk, sku=self._sent("sku"), at=timezone.now())

    def _enter_code(self) -> HttpResponseBase | None:
        typed = self._sent("discount")
        try:
            typed_codes.enter(basket=self.desk.basket, text=typed, at=timezone.now())
        except typed_codes.REFUSALS as refusal:
            wrong = {"code_typed": typed, "code_problem": str(refusal)}
            return self.render_to_response(self.get_context_data(**wrong))
        return None

    def _take_code(self) -> None:
        # A code that nobody could have entered is out already.
        with suppress(DiscountRefused):
            code = codes.read(self._sent("discount"))
            codes.take_out(basket=self.desk.basket, code=code, at=timezone.now())

    def _take_card(self) -> None:
        spending.take_out(basket=self.desk.basket, at=timezone.now())

    def _take_out(self) -> None:
        if self.desk.amends is None or not may_refund(self.by):
            raise PermissionDenied
        lines = [each.line.pk for each in calling_off.open_lines(self.desk.amends)]
        typed = {line_id: self._sent(f"line-{line_id}") for line_id in lines}
        try:
            amending.choose(begun=self.desk, units=wholes(typed, digits=PIECES))
        except calling_off.NothingToCallOff as refusal:
            messages.error(self.request, str(refusal))

    def _choose_delivery(self) -> None:
        if self.desk.amends_id:
            return  # What goes along goes as the first order does.
        baskets.choose_delivery(
            basket=self.desk.basket,
            country=self._sent("country"),
            method_code=self._sent("method"),
            at=timezone.now(),
        )

    def _change_buyer(self) -> HttpResponseBase | None:
        form = AddressedForm(self.request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        desk.change_facts(desk=self.desk, facts=form.cleaned_data)
        messages.success(self.request, "The buyer is written down.")
        return None

    def _drop(self) -> HttpResponseBase:
        desk.drop(desk=self.desk)
        messages.success(self.request, "The basket is thrown away.")
        return redirect("orders:for_whom")

    def _place(self) -> HttpResponseBase | None:
        agreed = whole(self._sent("agreed_total_minor"), digits=AMOUNT)
        back = whole(self._sent("agreed_back_minor"), digits=AMOUNT)
        if agreed is None or (self.desk.take_out and back is None):
            return None
        if self.desk.amends is None or not self.desk.take_out or back is None:
            return self._place_for(agreed)
        if not may_refund(self.by):
            raise PermissionDenied
        amended, here = self.desk.amends, self.request.path
        held_up = large_refunds.held_up(self.request, amended, back, back_to=here)
        if held_up is not None:
            return held_up
        most = large_refunds.most_minor(self.request, amended)
        try:
            return self._place_for(agreed, back=back, most_back=most)
        except refund_ways.AboveLimit as refusal:
            return large_refunds.overtaken(self.request, amended, back, refusal, back_to=here)

    def _place_for(
        self, agreed: int, *, back: int | None = None, most_back: int | None = None
    ) -> HttpResponseBase | None:
        """Place the order; none where it was refused, and the screen says why."""
        try:
            order = placing.place(
                desk=self.desk,
                checkout_token=self._sent("checkout_token"),
                agreed_total_minor=agreed,
                was_told=bool(self._sent("told")),
                by=self.by,
                at=timezone.now(),
                agreed_back_minor=back,
                most_back_minor=most_back,
                agreed_gift_card_minor=whole(self._sent("agreed_gift_card_minor"), digits=AMOUNT)
                or 0,
            )
        except (
            placement.PlacementRefused,
            payments.PaymentNotOpened,
            *amending.REFUSALS,
        ) as refusal:
            messages.error(self.request, str(refusal))
            return None
        except stock.SoldOut as refusal:
            messages.error(self.request, sold_out_text(self._priced(), refusal))
            return None
        log(instance=order, action="checkout.sell", user=self.by)
        self._ask_for_money(order)
        return redirect("orders:inspect", order.pk)

    def _ask_for_money(self, order: Order) -> None:
        way = self._sent("way")
        if order.gift_card_minor and not order.due_minor:
            settle_with_card(self.request, order)
        elif way in BY_HAND:
            take_money(self.request, order, PaymentWay(way), self._sent("reference"))
        else:
            send_link(self.request, order)

    def _of_amending(self) -> dict[str, Any]:
        """What is known of the order that this one goes along with."""
        amended = self.desk.amends
        if amended is None:
            return {}
        units = amending.units_of(self.desk)
        lines = calling_off.open_lines(amended)
        return {
            "amended": amended,
            "amended_lines": [(each, units.get(each.line.pk, 0)) for each in lines],
            "amount_back": amending.amount_out(self.desk),
            "may_take_out": may_refund(self.by),
            "may_still_amend": amending.may_amend(amended),
        }

    def _priced(self) -> PricedBasket:
        self.desk.basket.refresh_from_db()
        return price_basket(self.desk.basket, at=timezone.now(), with_pictures=False)

    def _sent(self, name: str) -> str:
        return self.request.POST.get(name, "").replace("\0", "").strip()[:LONGEST_WORDS]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        priced, words = self._priced(), kwargs.get("words", "")
        gate = clearance.gate_of_basket(self.desk.basket, priced.asked_versions, at=timezone.now())
        facts = {name: getattr(self.desk, name) for name in desk.FACTS}
        return {
            "form": AddressedForm(initial=facts),
            **super().get_context_data(**kwargs),
            "desk": self.desk,
            "basket": priced,
            "unchecked": gate.missing,
            "unpaid": desk.unpaid_order(self.desk),
            "words": words,
            "found": articles.by_words(words, at=timezone.now()),
            "ways": [(LINK, "Link by e-mail"), *((way, way.label) for way in BY_HAND)],
            "must_have_address": bool(priced.delivery and priced.delivery.kind == "COURIER"),
            "held_for": placing.HELD_FOR,
            "may_lessen": may_lessen(self.by),
            **self._of_amending(),
        }


def _number(request: HttpRequest, name: str) -> int | None:
    return whole(request.POST.get(name, ""), digits=ID)


def _percent(text: str) -> int:
    """Read a whole number of percent; 0 for what is none, which is refused as such."""
    return whole(text.removesuffix("%").strip(), digits=3) or 0


def _amount(text: str) -> int:
    """Read an amount in minor units; 0 for what is none, which is refused as such."""
    try:
        return Money.parse(text, settings.SHOP_CURRENCY).minor
    except NotAnAmount:
        return 0
