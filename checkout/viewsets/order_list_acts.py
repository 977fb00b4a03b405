"""What is done with many orders at once, and with views of the list."""

from typing import Any, cast

from django.db.models import Case, QuerySet, When
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.log_actions import log

from accounts.models import User
from checkout import order_notes, packing, saved_views, shipments
from checkout.models import Order, OrderStatus
from checkout.viewsets.order_list import orders_named, ticked
from checkout.whole_numbers import ID, whole

MOST_AT_ONCE = 200


class ExportTickedView(PermissionCheckedMixin, View):
    """Leads from what was ticked to the list's own export of it."""

    model = Order
    permission_required = "view"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        query = request.GET.copy()
        query.pop("next", None)
        query["export"] = "csv"
        return redirect(f"{reverse('orders:index')}?{query.urlencode()}")


class ManyView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """Asks once more, then makes one call for each order that was shown; what is refused is named.

    The filter may leave others by the time somebody has said yes, or says it twice: those wait.
    """

    model = Order
    header_icon = "list-ul"
    template_name = "checkout/admin/many_orders.html"
    _show_breadcrumbs = True
    what_happens = ""
    asks_for_name = False
    log_action = ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        above = {"url": reverse("orders:index"), "label": "Orders"}
        return [*self.breadcrumbs_items, above, {"url": "", "label": self.get_page_title()}]

    def orders(self) -> list[Order]:
        if self.request.method == "POST":
            shown = ticked(self.request.POST)[:MOST_AT_ONCE]
            return list(Order.objects.filter(pk__in=shown).order_by("pk"))
        return list(self.fitting_first(orders_named(self.request.GET))[:MOST_AT_ONCE])

    def fitting_first(self, orders: QuerySet[Order]) -> QuerySet[Order]:
        """Sort them so that no order that fits is behind `MOST_AT_ONCE` that do not."""
        return orders.order_by("pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.orders()
        return {
            **super().get_context_data(**kwargs),
            "fit": [order for order in found if self.fits(order)],
            "unfit": [order for order in found if not self.fits(order)],
            "most": MOST_AT_ONCE if len(found) == MOST_AT_ONCE else None,
            "what_happens": self.what_happens,
            "asks_for_name": self.asks_for_name,
        }

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponseBase:
        by = cast(User, request.user)
        done = 0
        for order in self.orders():
            if not self.fits(order):
                continue
            try:
                self.act(order, by=by)
            except (*shipments.REFUSALS, order_notes.TagRefused) as refusal:
                messages.error(request, f"{order.number}: {refusal}")
                continue
            log(instance=order, action=self.log_action, user=by)
            done += 1
        if done:
            messages.success(request, f"{done} order{'' if done == 1 else 's'} done.")
        else:
            messages.warning(request, "No order was left to do this with; all stay as they are.")
        return redirect("orders:index")

    def fits(self, order: Order) -> bool:
        """Tell whether the call can be made for an order."""
        raise NotImplementedError

    def act(self, order: Order, *, by: User) -> None:
        """Make the one call."""
        raise NotImplementedError


class PackManyView(ManyView):
    """Packs whatever is here of each order, as one parcel."""

    page_title = "Mark packed"
    permission_required = "pack"
    log_action = "checkout.pack"
    what_happens = (
        "Everything that is here of each order becomes one parcel. The goods stay on the shelf and "
        "no mail is sent, except that whoever collects gets a mail with the code."
    )

    def fitting_first(self, orders: QuerySet[Order]) -> QuerySet[Order]:
        to_pack = When(status=OrderStatus.PAID, pieces_to_pack__gt=0, then=0)
        return orders.order_by(Case(to_pack, default=1), "pk")

    def fits(self, order: Order) -> bool:
        return order.status == OrderStatus.PAID and order.pieces_to_pack > 0

    def act(self, order: Order, *, by: User) -> None:
        shipments.pack(
            order_id=order.pk,
            pieces=packing.everything(order),
            # A second click finds the parcel of the first.
            reference=f"many:{order.pk}:{order.pieces_to_pack}:{order.shipments.count()}",
            by=by,
            at=timezone.now(),
        )


class TagManyView(ManyView):
    """Gives each order one tag more."""

    page_title = "Tag orders"
    permission_required = "note"
    log_action = "checkout.tag"
    asks_for_name = True
    what_happens = "Each order bears the tag beside those it has. No mail is sent."

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        name = request.POST.get("name", "")
        try:
            order_notes.clean_tag(name)
        except order_notes.TagRefused as refusal:
            messages.error(request, str(refusal))
            return self.render_to_response(self.get_context_data(name=name))
        return super().post(request, **kwargs)

    def fits(self, order: Order) -> bool:  # noqa: ARG002
        return True

    def act(self, order: Order, *, by: User) -> None:
        name = self.request.POST.get("name", "")
        order_notes.tag(order_id=order.pk, name=name, by=by, at=timezone.now())


class SaveViewView(PermissionCheckedMixin, View):
    """Keeps the filter of the list under a name, or deletes one that was kept."""

    http_method_names: tuple[str, ...] = ("post",)
    model = Order
    permission_required = "view"

    def post(self, request: HttpRequest) -> HttpResponseBase:
        user = cast(User, request.user)
        dropped = whole(request.POST.get("drop", ""), digits=ID)
        if dropped is not None:
            saved_views.drop(user=user, view_id=dropped)
            return redirect("orders:index")
        query = request.POST.get("query", "")
        try:
            view = saved_views.save(user=user, name=request.POST.get("name", ""), query=query)
        except saved_views.ViewRefused as refusal:
            messages.error(request, str(refusal))
            back = QueryDict(query.removeprefix("?")[:1000]).urlencode()
            return redirect(f"{reverse('orders:index')}?{back}")
        messages.success(request, f"The view “{view.name}” is saved.")
        return redirect(f"{reverse('orders:index')}?{view.query}")
