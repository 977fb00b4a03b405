"""What is asked of a shop that grows."""

from __future__ import annotations

SLUG = "everything"
PER_PAGE = 24


# Pages of a full list at any size: a page of three results costs less than one of twenty-four.
FULL = ("page 1", "page 500", "search", "search with a slip")


def addresses(products: int, concern: str) -> dict[str, str]:
    """Return what to ask for by name; the last full page of a small shop is its five hundredth."""
    last = min(500, products // PER_PAGE)
    return {
        "page 1": f"/shop/{SLUG}/",
        "a facet": f"/shop/{SLUG}/?concern={concern}",
        "two facets": f"/shop/{SLUG}/?concern={concern}&in_stock=1",
        "page 500": f"/shop/{SLUG}/?page={last}",
        "search": "/search/?q=reactive+massage",
        "search with a slip": "/search/?q=reactve+masage",
        "suggestions": "/search/suggest/?q=qui",
    }
