"""What the buttons on a return do: one call each, and its refusals in words."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from accounts.models import User
from catalog.batches.pieces import NotOfThisArticle
from checkout import refund_ways
from checkout.batches import returning
from checkout.models import Order, Return
from checkout.returns import asking, deciding, files, settling
from checkout.viewsets import large_refunds
from checkout.whole_numbers import AMOUNT, whole, wholes
from money.money import Money, NotAnAmount

LONGEST_NUMBER = 9
REFUSALS = (
    *settling.REFUSALS,
    deciding.MoreInBatches,
    deciding.NotSoManyCame,
    files.FileRefused,
    NotAnAmount,
    NotOfThisArticle,
)


class ReturnButtonView(PermissionCheckedMixin, View):
    """A button on one return; afterwards the return is shown again."""

    http_method_names: tuple[str, ...] = ("post",)
    model = Return
    permission_required = "handle"
    done_message = ""

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        row = get_object_or_404(Return.objects.select_related("order").defer("label"), pk=pk)
        held_up = self.held_up(request, row)
        if held_up is not None:
            return held_up
        try:
            done = self.act(request, row)
        except REFUSALS as refusal:
            messages.error(request, str(refusal))
        else:
            log(instance=row.order, action="checkout.return", user=request.user)
            messages.success(request, done)
        return redirect("returns:inspect", pk)

    def held_up(self, _request: HttpRequest, _row: Return) -> HttpResponseBase | None:
        """Return where to go first; none where nothing stands in the way."""
        return None

    def act(self, request: HttpRequest, row: Return) -> str:
        """Make the one call, and say what came of it."""
        raise NotImplementedError


class AnswerView(ReturnButtonView):
    """Approve a return, perhaps with a label, or reject it with a reason."""

    def act(self, request: HttpRequest, row: Return) -> str:
        by, at = cast(User, request.user), timezone.now()
        answer = request.POST.get("answer", "")
        if request.POST.get("decide") != "approve":
            deciding.reject(return_id=row.pk, answer=answer, by=by, at=at)
            return "Rejected; the buyer gets a mail with your words."
        deciding.approve(return_id=row.pk, answer=answer, label=_label(request), by=by, at=at)
        return "Approved; the buyer gets a mail."


class PutLabelView(ReturnButtonView):
    """Add or replace the label of goods that are to come."""

    def act(self, request: HttpRequest, row: Return) -> str:
        label = _label(request)
        if label is None:
            raise files.FileRefused("Choose the file with the label first.")
        by = cast(User, request.user)
        deciding.put_label(return_id=row.pk, label=label, by=by, at=timezone.now())
        return "The label is on the page of the return; no mail was sent."


class ReceiveView(ReturnButtonView):
    """The goods have come."""

    def act(self, request: HttpRequest, row: Return) -> str:
        deciding.receive(return_id=row.pk, by=cast(User, request.user), at=timezone.now())
        return "The goods are here. Look at them piece by piece."


class InspectPiecesView(ReturnButtonView):
    """How many pieces can be sold again."""

    def act(self, request: HttpRequest, row: Return) -> str:
        deciding.inspect(
            return_id=row.pk,
            sellable=_numbers(request, row, "good"),
            batches=_batches(request, row),
            split=_split(request, row),
            by=cast(User, request.user),
            at=timezone.now(),
        )
        return "Inspected; what can be sold again is on the shelf."


class CallOffView(ReturnButtonView):
    """The buyer keeps the goods after all, or they never came."""

    def act(self, request: HttpRequest, row: Return) -> str:
        asking.call_off(return_id=row.pk, by=cast(User, request.user), at=timezone.now())
        return "The return is called off; no mail was sent."


class SettlingView(ReturnButtonView):
    """A button that takes the right to pay back, too."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm("checkout.refund_order"):
            return self.handle_no_permission()
        return super().dispatch(request, *args, **kwargs)

    def handle_no_permission(self) -> HttpResponseBase:
        """Answer like any screen of the admin that somebody may not see."""
        messages.error(self.request, "Sorry, you do not have permission to access this area.")
        return redirect("wagtailadmin_home")


class PayBackReturnView(SettlingView):
    """The amount that was shown goes back."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        try:
            return super().post(request, pk)
        except refund_ways.AboveLimit as refusal:
            order = Order.objects.get(returns=pk)
            agreed_minor = _minor(request, "agreed_minor")
            back_to = reverse("returns:inspect", args=[pk])
            return large_refunds.overtaken(request, order, agreed_minor, refusal, back_to=back_to)

    def held_up(self, request: HttpRequest, row: Return) -> HttpResponseBase | None:
        back_to = reverse("returns:inspect", args=[row.pk])
        agreed_minor = _minor(request, "agreed_minor")
        return large_refunds.held_up(request, row.order, agreed_minor, back_to=back_to)

    def act(self, request: HttpRequest, row: Return) -> str:
        agreed_minor = _minor(request, "agreed_minor")
        settling.pay_back(
            return_id=row.pk,
            with_delivery=bool(request.POST.get("delivery")),
            withheld_minor=_minor(request, "withheld_minor"),
            agreed_minor=agreed_minor,
            by=cast(User, request.user),
            at=timezone.now(),
            most_minor=large_refunds.most_minor(request, row.order),
        )
        return f"{Money(agreed_minor, row.order.currency)} is on its way."


class ExchangeView(SettlingView):
    """Other goods are sent for what came back."""

    def act(self, request: HttpRequest, row: Return) -> str:
        done = settling.exchange(
            return_id=row.pk,
            offers=_numbers(request, row, "offer"),
            by=cast(User, request.user),
            at=timezone.now(),
        )
        return f"Order {done.replacement} replaces it and is to be packed; the buyer gets a mail."


class CloseView(SettlingView):
    """Neither money nor goods, and why."""

    def act(self, request: HttpRequest, row: Return) -> str:
        settling.close(
            return_id=row.pk,
            answer=request.POST.get("answer", ""),
            by=cast(User, request.user),
            at=timezone.now(),
        )
        return "Closed; the buyer gets a mail with your words."


def _label(request: HttpRequest) -> bytes | None:
    file = request.FILES.get("label")
    return files.label(file) if file else None


def _numbers(request: HttpRequest, row: Return, kind: str) -> dict[int, int]:
    """Read what was typed or chosen for each line."""
    texts = {
        each.line_id: request.POST.get(f"{kind}-{each.line_id}", "") for each in row.lines.all()
    }
    return wholes(texts, digits=LONGEST_NUMBER)


def _batches(request: HttpRequest, row: Return) -> dict[int, int]:
    """Read which batch was chosen for each article; 0 says that nobody knows."""
    texts = {item.pk: request.POST.get(f"batch-{item.pk}", "") for item in returning.items_of(row)}
    return wholes(texts, digits=LONGEST_NUMBER)


def _split(request: HttpRequest, row: Return) -> dict[int, dict[int, int]]:
    """Read how many pieces of further batches were counted, by article and batch."""
    found: dict[int, dict[int, int]] = {}
    for each in returning.choices(row):
        fields = {batch.pk: f"batch-{each.item.pk}-{batch.pk}" for batch, _ in each.batches}
        texts = {batch_id: request.POST.get(name, "") for batch_id, name in fields.items()}
        found[each.item.pk] = wholes(texts, digits=LONGEST_NUMBER)
    return found


def _minor(request: HttpRequest, name: str) -> int:
    return whole(request.POST.get(name, ""), digits=AMOUNT) or 0
