"""What is offered while somebody is still typing: products first, eight things at most."""

import datetime as dt

from django.http import HttpRequest

from storefront.search import looking, results
from storefront.search.finding import Hit
from storefront.search.kinds import HELP, KINDS, PRODUCT
from storefront.search.results import Result
from storefront.search.wording import Asked

MOST = 8
FEWEST_LETTERS = 2
# However many products there are, something to read is offered beside them.
KEPT_FOR_OTHERS = 3
_WEIGHED = 24


def suggest(asked: Asked, *, at: dt.datetime, request: HttpRequest) -> list[Result]:
    """Return what may be meant, products first."""
    if len(asked.text) < FEWEST_LETTERS or not asked.words:
        return []
    found = looking.look_up(asked, limit=_WEIGHED)
    page_ids = [hit.page_id for hit in _choose(found.hits)]
    return results.of_pages(page_ids, found.marker, at=at, request=request, with_texts=False)


def _choose(hits: list[Hit]) -> list[Hit]:
    order = {kind.slug: place for place, kind in enumerate(KINDS)}
    hits = [hit for hit in hits if hit.kind is not HELP] or hits
    products = [hit for hit in hits if hit.kind is PRODUCT]
    others = [hit for hit in hits if hit.kind is not PRODUCT]
    kept = max(MOST - len(others), MOST - KEPT_FOR_OTHERS)
    chosen = [*products[:kept], *others][:MOST]
    return sorted(chosen, key=lambda hit: order[hit.kind.slug])
