"""The catalogue's screens in the admin."""

from wagtail.admin.viewsets.model import ModelViewSetGroup

from catalog.viewsets.batches.batches import BatchViewSet
from catalog.viewsets.concerns import ConcernViewSet
from catalog.viewsets.facet_words import FreeFromViewSet, SkinFeelViewSet
from catalog.viewsets.imports import ImportViewSet
from catalog.viewsets.offers import OfferViewSet
from catalog.viewsets.planned_prices import PlannedPriceViewSet
from catalog.viewsets.price_rounds import PriceRoundViewSet
from catalog.viewsets.products import ProductViewSet
from catalog.viewsets.responsible_persons import ResponsiblePersonViewSet
from catalog.viewsets.stock import StockViewSet
from catalog.viewsets.stock_takes.takes import StockTakeViewSet

__all__ = [
    "BatchViewSet",
    "CatalogueGroup",
    "ConcernViewSet",
    "FreeFromViewSet",
    "ImportViewSet",
    "OfferViewSet",
    "PlannedPriceViewSet",
    "PriceRoundViewSet",
    "ProductViewSet",
    "ResponsiblePersonViewSet",
    "SkinFeelViewSet",
    "StockTakeViewSet",
    "StockViewSet",
]


class CatalogueGroup(ModelViewSetGroup):
    menu_label = "Catalogue"
    menu_icon = "tag"
    menu_order = 240
    items = (
        ProductViewSet,
        OfferViewSet,
        PlannedPriceViewSet,
        PriceRoundViewSet,
        StockViewSet,
        BatchViewSet,
        StockTakeViewSet,
        ConcernViewSet,
        SkinFeelViewSet,
        FreeFromViewSet,
        ResponsiblePersonViewSet,
        ImportViewSet,
    )
