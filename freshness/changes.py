"""Say that something visitors can see has changed: `changed(SITE)`, `changed(*offers_of(12))`."""

from freshness.models import Change

# What stands on every page: menus, settings, published pages, pictures, words of the filters.
SITE = "site"
# What lists, searches and feeds show: any offer, price or stock level of any page.
CATALOG = "catalog"
# Which pages lists hold and where they stand: pages moved or hidden, words that decide on them.
LISTS = "lists"


def offers_of(*page_ids: int | None) -> list[str]:
    """Name the changes of what pages sell: their offers, prices and stock levels."""
    known = [f"offers:{page_id}" for page_id in page_ids if page_id is not None]
    return [*known, CATALOG] if known else []


def facts_of(*page_ids: int | None) -> list[str]:
    """Name the changes of what pages themselves say: published, taken back, deleted, edited."""
    return [f"page:{page_id}" for page_id in page_ids if page_id is not None]


def changed(*tags: str) -> None:
    """Note in the current transaction that everything showing one of these tags is out of date."""
    Change.objects.bulk_create([Change(tag=tag) for tag in dict.fromkeys(tags)])
