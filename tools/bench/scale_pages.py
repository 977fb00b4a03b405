"""What is asked of a shop that grows."""

from __future__ import annotations

SLUG = "everything"
PER_PAGE = 24


def addresses(products: int, concern: str) -> dict[str, str]:
    """Return what to ask for by name; a small shop's last page stands for its five hundredth."""
    last = min(500, -(-products // PER_PAGE))
    return {
        "page 1": f"/shop/{SLUG}/",
        "a facet": f"/shop/{SLUG}/?concern={concern}",
        "two facets": f"/shop/{SLUG}/?concern={concern}&in_stock=1",
        "page 500": f"/shop/{SLUG}/?page={last}",
        "search": "/search/?q=barrier+balm",
        "search with a slip": "/search/?q=barier+blam",
        "suggestions": "/search/suggest/?q=qui",
    }
