"""The order desk: a list to find orders in, and one screen with everything about an order."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import URLPattern, path
from wagtail.admin.views.generic import InspectView
from wagtail.admin.viewsets.model import ModelViewSet

from checkout import gift_notes, review
from checkout.models import Order, OrderStatus
from checkout.models.payment import BY_HAND
from checkout.order_desk import is_urgent, workspace
from checkout.selling import amending, desk
from checkout.viewsets.calling_off import CallOffView
from checkout.viewsets.disputes import EvidenceView
from checkout.viewsets.documents import DocumentView, XmlView
from checkout.viewsets.money_by_hand import HandBackView, SendLinkView, TakeMoneyView
from checkout.viewsets.order_buttons import (
    CancelView,
    GiftNoteView,
    GiveBackView,
    NoteView,
    PutBackView,
    ResendView,
    TagView,
    may_resend,
)
from checkout.viewsets.order_files import AddFileView, DropFileView, OrderFileView
from checkout.viewsets.order_filters import OrderFilterSet
from checkout.viewsets.order_list import EXPORTED, OrderIndexView
from checkout.viewsets.order_list_acts import (
    ExportTickedView,
    PackManyView,
    SaveViewView,
    TagManyView,
)
from checkout.viewsets.packing import BenchView, QueueView
from checkout.viewsets.papers import GiftNoteCardView, PickListView, SlipsView
from checkout.viewsets.parcels import AnnounceView, NumbersView, ParcelsView
from checkout.viewsets.paying_back import PayBackView
from checkout.viewsets.print_runs import PrintRunView
from checkout.viewsets.selling import ForWhomView, SellView
from checkout.viewsets.shipment_buttons import (
    ArriveView,
    CollectView,
    FollowView,
    HandOverView,
    UnpackView,
)
from checkout.viewsets.withdrawals import DecideWithdrawalView

PERMISSIONS = [
    "refund_large",
    "send_disputed",
    *(
        f"{action}_order"
        for action in ("view", "cancel", "refund", "pack", "note", "report", "sell", "lessen")
    ),
]


class OrderInspectView(InspectView):
    """One order with everything that belongs to it."""

    page_title = "Order"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        is_to_pack = self.object.status == OrderStatus.PAID and self.object.pieces_to_pack > 0
        found = workspace(self.object)
        may_refund = self.user_has_permission("refund") and not found["bank_holds_money"]
        is_unpaid = self.object.status == OrderStatus.AWAITING_PAYMENT
        is_open = is_unpaid or review.may_cancel(self.object)
        return {
            **context,
            **found,
            "is_urgent": is_urgent(self.object),
            "can_cancel": is_open and self.user_has_permission("cancel"),
            "can_put_back": review.may_put_back(self.object) and self.user_has_permission("refund"),
            "can_refund": self.user_has_permission("refund"),
            "may_pay_back": self._has_money_left() and may_refund,
            "can_pack": self.user_has_permission("pack"),
            "can_send_disputed": self.request.user.has_perm("checkout.send_disputed"),
            "may_pack_more": is_to_pack and self.user_has_permission("pack"),
            "may_call_off": is_to_pack and may_refund,
            **self._of_selling(),
            "can_note": self.user_has_permission("note"),
            "may_write_gift_note": gift_notes.may_write(self.object)
            and self.user_has_permission("note"),
            "can_resend": may_resend(self.request.user),
        }

    def _of_selling(self) -> dict[str, Any]:
        """What staff may do who order for somebody, and take money themselves."""
        if not self.user_has_permission("sell"):
            return {}
        is_unpaid = self.object.status == OrderStatus.AWAITING_PAYMENT
        return {
            "can_hand_back": True,
            "can_take": is_unpaid,
            "ways_by_hand": BY_HAND,
            "desk": desk.of_order(self.object),
            "may_amend": amending.may_amend(self.object),
        }

    def _has_money_left(self) -> bool:
        order = self.object
        return bool(order.paid_minor - order.refunded_minor - order.refund_reserved_minor)


class OrderViewSet(ModelViewSet):
    """Orders are read here; verbs behind buttons change them."""

    model = Order
    name = "orders"
    icon = "list-ul"
    menu_label = "Orders"
    # Nothing is ever added by hand, but a viewset asks for the fields of its forms.
    form_fields = ("name",)
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class = OrderIndexView
    inspect_view_class = OrderInspectView
    inspect_view_enabled = True
    inspect_view_fields = ("number",)
    inspect_template_name = "checkout/admin/order_inspect.html"
    filterset_class = OrderFilterSet
    list_per_page = 50
    list_export = tuple(EXPORTED)
    # Names the search field; `orders_matching` does the search.
    search_fields = ("number",)

    def get_urlpatterns(self) -> list[URLPattern]:
        shown = {"inspect_url_name": self.get_url_name("inspect")}
        return [
            *super().get_urlpatterns(),
            path("cancel/<int:pk>/", CancelView.as_view(**shown), name="cancel"),
            path("inspect/<int:pk>/put-back/", PutBackView.as_view(**shown), name="put_back"),
            path(
                "inspect/<int:pk>/passes/<int:pass_id>/give-back/",
                GiveBackView.as_view(**shown),
                name="give_back",
            ),
            path(
                "inspect/<int:pk>/mails/<int:mail_id>/resend/",
                ResendView.as_view(**shown),
                name="resend",
            ),
            *self._of_parcels(shown),
            *self._of_packing(),
            *self._of_selling(shown),
            *self._of_the_list(),
            path(
                "inspect/<int:pk>/documents/<int:document_id>.pdf",
                DocumentView.as_view(),
                name="document",
            ),
            path(
                "inspect/<int:pk>/documents/<int:document_id>.xml",
                XmlView.as_view(),
                name="document_xml",
            ),
            path(
                "inspect/<int:pk>/disputes/<int:dispute_id>/evidence.pdf",
                EvidenceView.as_view(),
                name="evidence",
            ),
            path(
                "inspect/<int:pk>/withdrawals/<int:withdrawal_id>/decide/",
                DecideWithdrawalView.as_view(**shown),
                name="decide_withdrawal",
            ),
            path("inspect/<int:pk>/note/", NoteView.as_view(**shown), name="note"),
            path("inspect/<int:pk>/tag/", TagView.as_view(**shown), name="tag"),
            path(
                "inspect/<int:pk>/gift-note/",
                GiftNoteView.as_view(**shown),
                name="write_gift_note",
            ),
            path("inspect/<int:pk>/gift-note.pdf", GiftNoteCardView.as_view(), name="gift_note"),
            path("inspect/<int:pk>/files/", AddFileView.as_view(**shown), name="add_file"),
            path("inspect/<int:pk>/files/<int:file_id>/", OrderFileView.as_view(), name="file"),
            path(
                "inspect/<int:pk>/files/<int:file_id>/delete/",
                DropFileView.as_view(**shown),
                name="drop_file",
            ),
        ]

    def _of_parcels(self, shown: dict[str, str]) -> list[URLPattern]:
        views = {
            "hand_over": ("hand-over", HandOverView),
            "arrive": ("arrive", ArriveView),
            "unpack": ("unpack", UnpackView),
            "follow": ("follow", FollowView),
        }
        return [
            path(
                f"inspect/<int:pk>/parcels/<int:shipment_id>/{word}/",
                view.as_view(**shown),
                name=name,
            )
            for name, (word, view) in views.items()
        ]

    def _of_packing(self) -> list[URLPattern]:
        return [
            path("packing/", QueueView.as_view(), name="queue"),
            path("packing/<int:pk>/", BenchView.as_view(), name="bench"),
            path("packing/list/", PickListView.as_view(), name="pick_list"),
            path("packing/slips/", SlipsView.as_view(), name="slips"),
            path("parcels/", ParcelsView.as_view(), name="parcels"),
            path("parcels/collect/", CollectView.as_view(), name="collect"),
            path("parcels/carrier.csv", AnnounceView.as_view(), name="announce"),
            path("parcels/numbers/", NumbersView.as_view(), name="numbers"),
            path("inspect/<int:pk>/call-off/", CallOffView.as_view(), name="call_off"),
            path("inspect/<int:pk>/pay-back/", PayBackView.as_view(), name="pay_back"),
        ]

    def _of_selling(self, shown: dict[str, str]) -> list[URLPattern]:
        return [
            path("for-customer/", ForWhomView.as_view(), name="for_whom"),
            path("for-customer/<int:pk>/", SellView.as_view(), name="sell"),
            path("inspect/<int:pk>/take/", TakeMoneyView.as_view(**shown), name="take_money"),
            path("inspect/<int:pk>/link/", SendLinkView.as_view(**shown), name="send_link"),
            path(
                "inspect/<int:pk>/refunds/<int:refund_id>/handed-back/",
                HandBackView.as_view(**shown),
                name="hand_back",
            ),
        ]

    def _of_the_list(self) -> list[URLPattern]:
        return [
            path("views/", SaveViewView.as_view(), name="save_view"),
            path("many/pack/", PackManyView.as_view(), name="pack_many"),
            path("many/tag/", TagManyView.as_view(), name="tag_many"),
            path("many/file/", PrintRunView.as_view(), name="print_run"),
            path("many/export/", ExportTickedView.as_view(), name="export_ticked"),
        ]

    def get_permissions_to_register(self) -> QuerySet[Permission]:
        permissions: QuerySet[Permission] = super().get_permissions_to_register()
        return permissions.filter(codename__in=PERMISSIONS)
