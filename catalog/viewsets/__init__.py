"""The catalogue's screens in the admin."""

from wagtail.admin.viewsets.model import ModelViewSetGroup

from catalog.viewsets.concerns import ConcernViewSet
from catalog.viewsets.imports import ImportViewSet
from catalog.viewsets.offers import OfferViewSet
from catalog.viewsets.planned_prices import PlannedPriceViewSet
from catalog.viewsets.price_rounds import PriceRoundViewSet
from catalog.viewsets.products import ProductViewSet
from catalog.viewsets.stock import StockViewSet

__all__ = [
    "CatalogueGroup",
    "ConcernViewSet",
    "ImportViewSet",
    "OfferViewSet",
    "PlannedPriceViewSet",
    "PriceRoundViewSet",
    "ProductViewSet",
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
        ConcernViewSet,
        ImportViewSet,
    )
