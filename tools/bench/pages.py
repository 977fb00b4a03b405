"""Which pages are measured, and what each must reach."""

from __future__ import annotations

from dataclasses import dataclass

CATEGORY = "/shop/measured/"
PRODUCT = "/shop/measured/measured-01/"
PACKAGE = "/shop/session-packages/scalp-microdermabrasion/"
ARTICLE = "/scalp-guide/microdermabrasion-on-the-scalp/"
ITEMS = 24


@dataclass(frozen=True, slots=True)
class Measured:
    """A page; its bars are shares of the bare view's requests per second, and queries.

    `lines` is how many lines the visitor's basket has; with any, the page is a person's own and
    nothing keeps it. `sku` makes it a POST that puts one piece into a new basket.
    """

    name: str
    path: str
    cold: float | None = None
    queries: int | None = None
    cached: float | None = 0.5
    lines: int = 0
    sku: str = ""


PAGES = (
    Measured("home", "/", queries=12),
    Measured("category, 24 items", CATEGORY, cold=0.04, queries=12),
    Measured("product", PRODUCT, cold=0.06, queries=10),
    Measured("package", PACKAGE, cold=0.06, queries=10),
    Measured("article", ARTICLE, queries=12),
    Measured("search", "/search/?q=serum", cold=0.03, queries=12, cached=None),
    Measured("suggestions", "/search/suggest/?q=ser", cold=0.03, queries=12, cached=None),
    Measured("add to basket", "/basket/add/", queries=12, cached=None, sku="MEASURED-01-A"),
    Measured("basket, 1 line", "/basket/", queries=15, cached=None, lines=1),
    Measured("basket, 5 lines", "/basket/", queries=15, cached=None, lines=5),
    Measured("basket, 50 lines", "/basket/", queries=15, cached=None, lines=50),
    Measured("checkout", "/checkout/", queries=20, cached=None, lines=5),
)
