"""What waits for those who look after the stock, counted on the admin's first page."""

from django.db.models import QuerySet
from django.utils import timezone

from catalog.batches.soon import soon_unsold
from catalog.models import Batch, Offer, Stock
from catalog.viewsets.offer_list import in_state
from cms.waiting import WaitingItem


class LowStockItem(WaitingItem):
    order = 25
    icon_name = "warning"
    model = Stock
    action = "change"
    words_for_one, words = "article is low in stock", "articles are low in stock"
    url_name, query = "offer:index", "?state=LOW"

    def rows(self) -> QuerySet[Offer]:
        return in_state(Offer.objects.all(), "LOW")


class ShortBatchesItem(WaitingItem):
    order = 27
    icon_name = "date"
    model = Stock
    action = "change"
    words_for_one, words = "batch is soon too short to sell", "batches are soon too short to sell"
    url_name, query = "batch:index", "?state=SOON"

    def rows(self) -> QuerySet[Batch]:
        return soon_unsold(timezone.localdate())


class SoldOutItem(WaitingItem):
    order = 26
    icon_name = "warning"
    model = Stock
    action = "change"
    words_for_one, words = "article is sold out", "articles are sold out"
    url_name, query = "offer:index", "?state=SOLD_OUT"

    def rows(self) -> QuerySet[Offer]:
        return in_state(Offer.objects.all(), "SOLD_OUT")
