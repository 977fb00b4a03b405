"""The shop's screens in the admin."""

from wagtail.admin.viewsets.model import ModelViewSetGroup

from checkout.viewsets.batches.recalls import RecallViewSet
from checkout.viewsets.delivery import MethodViewSet, RateViewSet, ZoneViewSet
from checkout.viewsets.discounts import DiscountViewSet
from checkout.viewsets.gift_cards import GiftCardViewSet
from checkout.viewsets.holidays import HolidayViewSet
from checkout.viewsets.orders import OrderViewSet
from checkout.viewsets.returns import ReturnViewSet
from checkout.viewsets.stripe import NoticeViewSet, ReconciliationViewSet
from checkout.viewsets.withdrawals import WithdrawalViewSet


class ShopGroup(ModelViewSetGroup):
    """Orders first; below them what they depend on."""

    menu_label = "Shop"
    menu_icon = "list-ul"
    menu_order = 210
    items = (
        OrderViewSet,
        ReturnViewSet,
        WithdrawalViewSet,
        DiscountViewSet,
        GiftCardViewSet,
        RecallViewSet,
        ZoneViewSet,
        MethodViewSet,
        RateViewSet,
        HolidayViewSet,
        NoticeViewSet,
        ReconciliationViewSet,
    )
