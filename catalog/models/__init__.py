"""What is for sale: pages that show it, offers that price it, stock that limits it."""

from catalog.models.batches import Batch, BatchMove
from catalog.models.concern import Concern
from catalog.models.facets import FreeFrom, SkinFeel
from catalog.models.gallery import PackagePageImage, ProductPageImage
from catalog.models.gift_card_page import GiftCardPage
from catalog.models.imports import (
    ImportedChange,
    ImportPart,
    ImportProblem,
    ImportRun,
    ImportStatus,
)
from catalog.models.kits import OfferPart
from catalog.models.offers import ContentUnit, Offer, OfferKind, OfferPrice, OfferQuerySet
from catalog.models.package_page import PackagePage, PackagePageRecommendation
from catalog.models.pages import CatalogPage, CategoryPage
from catalog.models.planned_prices import PlannedPrice, PlannedPriceStatus
from catalog.models.price_rounds import PriceRound, PriceRoundLine
from catalog.models.product_page import ProductPage, ProductPageRecommendation
from catalog.models.receipts import GoodsReceipt, GoodsReceiptLine
from catalog.models.responsible_person import ResponsiblePerson
from catalog.models.sales import SalesCount
from catalog.models.stock import (
    MovementKind,
    Reservation,
    ReservationStatus,
    Stock,
    StockMovement,
)
from catalog.models.stock_takes import (
    StockCount,
    StockTake,
    StockTakeLine,
    StockTakeStatus,
)
from catalog.models.together import BoughtTogether

__all__ = [
    "Batch",
    "BatchMove",
    "BoughtTogether",
    "CatalogPage",
    "CategoryPage",
    "Concern",
    "ContentUnit",
    "FreeFrom",
    "GiftCardPage",
    "GoodsReceipt",
    "GoodsReceiptLine",
    "ImportPart",
    "ImportProblem",
    "ImportRun",
    "ImportStatus",
    "ImportedChange",
    "MovementKind",
    "Offer",
    "OfferKind",
    "OfferPart",
    "OfferPrice",
    "OfferQuerySet",
    "PackagePage",
    "PackagePageImage",
    "PackagePageRecommendation",
    "PlannedPrice",
    "PlannedPriceStatus",
    "PriceRound",
    "PriceRoundLine",
    "ProductPage",
    "ProductPageImage",
    "ProductPageRecommendation",
    "Reservation",
    "ReservationStatus",
    "ResponsiblePerson",
    "SalesCount",
    "SkinFeel",
    "Stock",
    "StockCount",
    "StockMovement",
    "StockTake",
    "StockTakeLine",
    "StockTakeStatus",
]
