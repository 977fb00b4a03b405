"""The packing screens: the queue, one order on the bench, and the parcels that wait to leave."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from accounts.models import User
from checkout import packing, shipments
from checkout.models import DeliveryMethod, Order, Shipment, ShipmentStatus
from checkout.order_page import together
from checkout.order_search import read_number
from checkout.shipments import Parcel
from checkout.whole_numbers import ID, PIECES, wholes

PER_PAGE = 50


class BenchScreen(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A screen of those who pack."""

    model = Order
    permission_required = "pack"
    header_icon = "download"
    _show_breadcrumbs = True

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("orders:queue"), "label": "Packing"}
        here = {"url": "", "label": self.get_page_title()}
        items = [*self.breadcrumbs_items, above]
        return items if isinstance(self, QueueView) else [*items, here]


class QueueView(BenchScreen):
    """The orders to pack, the oldest promise first; a scanned order number opens its order."""

    page_title = "Packing"
    template_name = "checkout/admin/packing_queue.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        number = read_number(request.GET.get("q", "").replace("\0", "")[:40])
        if number:
            found = Order.objects.filter(number=number).first()
            if found is not None:
                return redirect("orders:bench", found.pk)
            messages.warning(request, f"No order is called {number}.")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(packing.queue(), PER_PAGE).get_page(self.request.GET.get("p"))
        return {
            **super().get_context_data(**kwargs),
            "orders": page,
            "first": next(iter(page), None),
            "today": timezone.localdate(),
            "waiting_count": Shipment.objects.filter(status=ShipmentStatus.PACKED).count(),
        }


class ParcelForm(forms.Form):
    """What the bench sends besides the counts."""

    token = forms.RegexField(r"\A[0-9a-f]{32}\Z")
    carrier = forms.CharField(max_length=80, required=False)
    tracking_number = forms.CharField(max_length=60, required=False)
    weight_grams = forms.IntegerField(min_value=1, max_value=100_000, required=False)

    def parcel(self) -> Parcel:
        sent = self.cleaned_data
        return Parcel(
            carrier=sent["carrier"],
            tracking_number=sent["tracking_number"],
            weight_grams=sent["weight_grams"],
        )


class BenchView(BenchScreen):
    """One order: count what goes into this parcel by scanning or typing, then pack it."""

    page_title = "Pack"
    template_name = "checkout/admin/packing_bench.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.order = get_object_or_404(Order, pk=kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.order.number

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        counts = self._counts()
        act = request.POST.get("act", "scan")
        if act == "scan":
            return self._scan(counts, request.POST.get("scan", "").strip()[:60])
        form = ParcelForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Nothing was packed: look at tracking number and weight.")
            return self._show(counts)
        pieces = packing.everything(self.order) if act.startswith("all") else counts
        return self._pack(form, pieces, hands_over=act.endswith("send"))

    def _counts(self) -> dict[int, int]:
        """Read how many of each item were counted; what is no number counts nothing."""
        typed = self._typed(packing.field_name)
        return dict.fromkeys(typed, 0) | wholes(typed, digits=PIECES)

    def _batches(self) -> dict[int, int]:
        """Read which batch was named for an item, where one was."""
        return wholes(self._typed(packing.batch_field_name), digits=ID)

    def _typed(self, name_of: Callable[[int], str]) -> dict[int, str]:
        ids = self.order.items_to_send.values_list("pk", flat=True)
        return {item_id: self.request.POST.get(name_of(item_id), "") for item_id in ids}

    def _bench(
        self, counts: dict[int, int], batches: dict[int, int], token: str = ""
    ) -> packing.Bench:
        today = timezone.localdate()
        return packing.bench(self.order, counts, token, batches=batches, on=today)

    def _scan(self, counts: dict[int, int], code: str) -> HttpResponse:
        if not code:
            return self._show(counts)
        found = packing.scan(self._bench(counts, self._batches()).rows, code)
        return self._show(dict(found.counts), said=found)

    def _show(self, counts: dict[int, int], said: packing.Scan | None = None) -> HttpResponse:
        token = self.request.POST.get("token", "")
        batches = dict(said.batches) if said else self._batches()
        bench = self._bench(counts, batches, token if len(token) == 32 else "")
        return self.render_to_response(self.get_context_data(bench=bench, said=said))

    def _pack(
        self, form: ParcelForm, pieces: dict[int, int], *, hands_over: bool
    ) -> HttpResponseBase:
        by, at = cast(User, self.request.user), timezone.now()
        try:
            packed = shipments.pack(
                order_id=self.order.pk,
                pieces=pieces,
                reference=f"bench:{form.cleaned_data['token']}",
                parcel=form.parcel(),
                batches=self._batches(),
                by=by,
                at=at,
            )
            if hands_over and packed.status == ShipmentStatus.PACKED:
                shipments.hand_over(shipment_id=packed.pk, by=by, at=at)
        except shipments.REFUSALS as refusal:
            messages.error(self.request, str(refusal))
            return self._show(self._counts())
        log(instance=self.order, action="checkout.pack", user=by)
        return self._go_on(packed, hands_over=hands_over)

    def _go_on(self, packed: Shipment, *, hands_over: bool) -> HttpResponseBase:
        """Stay while the order has more to pack; then take the next one."""
        done = "packed and handed over" if hands_over else "packed"
        code = f" The buyer's code is {packed.pickup_code}." if packed.pickup_code else ""
        messages.success(self.request, f"Parcel {packed} is {done}.{code}")
        self.order.refresh_from_db()
        if self.order.pieces_to_pack:
            return redirect("orders:bench", self.order.pk)
        following = packing.next_after(self.order)
        return redirect("orders:bench", following.pk) if following else redirect("orders:queue")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        method = DeliveryMethod.objects.filter(code=self.order.delivery_method_code).first()
        posted = self.request.POST
        if "bench" not in context:
            context["bench"] = self._bench({}, {})
        return {
            **context,
            "order": self.order,
            "carrier": posted.get("carrier", method.carrier if method else ""),
            "tracking_number": posted.get("tracking_number", ""),
            "weight_grams": posted.get("weight_grams", ""),
            "together": together(self.order),
            "following": packing.next_after(self.order),
        }
