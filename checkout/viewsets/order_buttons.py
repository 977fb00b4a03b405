"""What the buttons on an order's screen do: one call each, and its refusals in words."""

from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log
from wagtail.permissions import policy_registry

from accounts.models import User
from checkout import (
    gift_notes,
    giving_back,
    order_notes,
    order_status,
    payments,
    refund_ways,
    refunds,
    review,
    stripe_gateway,
)
from checkout.models import Order, OrderStatus
from checkout.order_page import passes_of
from checkout.viewsets import large_refunds
from checkout.whole_numbers import AMOUNT, whole
from money.money import Money
from outbox import mail
from outbox.models import OutboundMail
from treatments import ledger


class OrderButtonView(PermissionCheckedMixin, View):
    """A button on one order; afterwards the order is shown again.

    :cvar log_action: how the history of what staff did names it.
    """

    http_method_names: tuple[str, ...] = ("post",)
    model = Order
    inspect_url_name = ""
    log_action = ""

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        order = get_object_or_404(Order, pk=pk)
        self.press(request, order, **kwargs)
        return redirect(self.inspect_url_name, order.pk)

    def press(self, request: HttpRequest, order: Order) -> None:
        """Make the one call, and say what came of it."""
        raise NotImplementedError

    def say_done(self, request: HttpRequest, order: Order, words: str) -> None:
        """Write down that it was done, and say so."""
        log(instance=order, action=self.log_action, user=request.user)
        messages.success(request, words)


class CancelView(OrderButtonView):
    """Withdraw an unpaid order, or one in review, and free what it holds."""

    permission_required = "cancel"
    log_action = "checkout.cancel"

    def press(self, request: HttpRequest, order: Order) -> None:
        by, at = cast(User, request.user), timezone.now()
        try:
            if order.status == OrderStatus.NEEDS_REVIEW:
                review.cancel(order_id=order.pk, by=by, at=at)
            else:
                payments.close(
                    order_id=order.pk,
                    to=OrderStatus.CANCELLED,
                    at=at,
                    by=by,
                    message="Cancelled by staff",
                )
        except (order_status.TransitionRefused, review.MoneyIsIn) as refusal:
            messages.error(request, str(refusal))
        except (
            stripe_gateway.PaymentServiceUnavailable,
            stripe_gateway.PaymentServiceRefused,
        ):
            messages.error(request, "Stripe did not confirm, so nothing was changed. Try again.")
        else:
            self.say_done(request, order, f"Order {order.number} is cancelled.")


class PutBackView(OrderButtonView):
    """Let a paid order go on that was set aside, because what was wrong is settled."""

    permission_required = "refund"
    log_action = "checkout.put_back"

    def press(self, request: HttpRequest, order: Order) -> None:
        by, reason = cast(User, request.user), request.POST.get("reason", "").replace("\0", "")
        try:
            order = review.put_back(order_id=order.pk, reason=reason, by=by, at=timezone.now())
        except (review.NothingToSettle, review.ReasonMissing) as refusal:
            messages.error(request, str(refusal))
        else:
            status = order.get_status_display().lower()
            self.say_done(request, order, f"Order {order.number} is {status} now.")


class GiveBackView(OrderButtonView):
    """Pay back the sessions of a pass that are left, for the amount that the screen showed."""

    permission_required = "refund"
    log_action = "checkout.give_back"

    def post(self, request: HttpRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        shown = _agreed(request)
        if shown is not None:
            order = get_object_or_404(Order, pk=pk)
            get_object_or_404(passes_of(order), pk=kwargs.get("pass_id", 0))
            back_to = reverse(self.inspect_url_name, args=[pk])
            held_up = large_refunds.held_up(request, order, shown, back_to=back_to)
            try:
                return held_up or super().post(request, pk, **kwargs)
            except refund_ways.AboveLimit as refusal:
                return large_refunds.overtaken(request, order, shown, refusal, back_to=back_to)
        return super().post(request, pk, **kwargs)

    def press(self, request: HttpRequest, order: Order, pass_id: int = 0) -> None:
        row = get_object_or_404(passes_of(order), pk=pass_id)
        shown = _agreed(request)
        if shown is None:
            messages.error(request, "Open the order again and confirm the amount that it shows.")
            return
        try:
            refund = giving_back.give_back(
                pass_id=row.pk,
                agreed_minor=shown,
                by=cast(User, request.user),
                at=timezone.now(),
                on=timezone.localdate(),
                most_minor=large_refunds.most_minor(request, order),
            )
        except (
            giving_back.NothingToGiveBack,
            giving_back.ValueChanged,
            ledger.PassRefused,
            refunds.PaymentDisputed,
            refunds.RefundRefused,
        ) as refusal:
            messages.error(request, str(refusal))
        else:
            amount = Money(refund.amount_minor if refund else 0, order.currency)
            self.say_done(request, order, f"The sessions are taken back; {amount} is on its way.")


class ResendView(OrderButtonView):
    """Send one of the order's own mails again."""

    permission_required = "view"

    def press(self, request: HttpRequest, order: Order, mail_id: int = 0) -> None:
        if not may_resend(request.user):
            raise Http404
        original = get_object_or_404(OutboundMail, pk=mail_id, subject_reference=order.reference)
        try:
            mail.resend(mail_id=original.pk, by=cast(User, request.user), at=timezone.now())
        except mail.AlreadyOnItsWay as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, "A copy is on its way.")


class NoteView(OrderButtonView):
    """Leave a note for colleagues."""

    permission_required = "note"
    log_action = "checkout.note"

    def press(self, request: HttpRequest, order: Order) -> None:
        by, at = cast(User, request.user), timezone.now()
        try:
            order_notes.write(order_id=order.pk, text=request.POST.get("text", ""), by=by, at=at)
        except order_notes.NoteRefused as refusal:
            messages.error(request, str(refusal))
        else:
            self.say_done(request, order, "The note is written.")


class GiftNoteView(OrderButtonView):
    """Write or change the words that lie in the parcel."""

    permission_required = "note"
    log_action = "checkout.gift_note"

    def press(self, request: HttpRequest, order: Order) -> None:
        by, at = cast(User, request.user), timezone.now()
        try:
            gift_notes.write(order_id=order.pk, text=request.POST.get("text", ""), by=by, at=at)
        except gift_notes.GiftNoteRefused as refusal:
            messages.error(request, str(refusal))
        else:
            self.say_done(request, order, "The gift note is as you wrote it.")


class TagView(OrderButtonView):
    """Give an order a tag, or take one off."""

    permission_required = "note"
    log_action = "checkout.tag"

    def press(self, request: HttpRequest, order: Order) -> None:
        by, at = cast(User, request.user), timezone.now()
        try:
            if "drop" in request.POST:
                order_notes.untag(order_id=order.pk, name=request.POST["drop"], by=by, at=at)
            else:
                order_notes.tag(order_id=order.pk, name=request.POST.get("name", ""), by=by, at=at)
        except order_notes.TagRefused as refusal:
            messages.error(request, str(refusal))
        else:
            log(instance=order, action=self.log_action, user=by)


def may_resend(user: Any) -> bool:
    """Tell whether somebody may send a mail again."""
    policy = policy_registry.get_by_type(OutboundMail)
    return bool(policy.user_has_permission(user, "resend"))


def _agreed(request: HttpRequest) -> int | None:
    return whole(request.POST.get("agreed_minor", ""), digits=AMOUNT)
