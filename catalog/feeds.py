"""What is sold, as lists for machines: Merchant Center's XML, and JSON for agents.

Both are written while they are read, a batch of pages at a time, and told from the same facts as
the page's structured data. https://support.google.com/merchants/answer/7052112
"""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import quote_etag
from django.views.decorators.http import condition, require_safe
from wagtail.models import Page, PageViewRestriction

from catalog import cards, offer_views, structured_data
from catalog.availability import AvailabilityState
from catalog.models.offers import ContentUnit, Offer
from catalog.sold_facts import SoldFact, sold_facts
from cms import renditions
from cms.pictures import jpeg_url
from cms.structured_data import absolute
from freshness.answers import shows
from freshness.changes import CATALOG
from freshness.models import Change

BATCH = 500
_STATES = {
    AvailabilityState.IN_STOCK: "in_stock",
    AvailabilityState.LOW: "in_stock",
    AvailabilityState.BACK_ORDER: "backorder",
    AvailabilityState.SOLD_OUT: "out_of_stock",
}
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>\n'
    "<title>{title}</title>\n<link>{link}</link>\n<description>{title}</description>\n"
)


@dataclass(frozen=True, slots=True)
class Sold:
    """A public page and what it sells at a moment."""

    page_id: int
    title: str
    benefit: str
    url: str
    image: str
    offers: list[SoldFact]


def sold_pages(at: dt.datetime) -> Iterator[Sold]:
    """Yield every public page that sells something, ordered by id; four queries a batch."""
    hidden = tuple(PageViewRestriction.objects.values_list("page__path", flat=True))
    pages = cards.with_card_facts(Page.objects.live()).order_by("pk")
    last = 0
    while batch := list(pages.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        seen = [row for row in batch if not row.path.startswith(hidden)]
        offers = offer_views.offers_by_page([row.pk for row in seen], at)
        images = renditions.load(cards.image_ids(seen))
        for row in seen:
            if own := offers.get(row.pk):
                yield Sold(
                    page_id=row.pk,
                    title=row.title,
                    benefit=row.card_benefit,
                    url=absolute(row.get_url() or ""),
                    image=absolute(jpeg_url(images.get(row.card_image_id))),
                    offers=sold_facts(own),
                )


def _version(*_arguments: object) -> str:
    """Name what a feed would say now: it differs after any change, and when a date has come."""
    at = timezone.now()
    changes = Change.objects.aggregate(newest=Max("pk"), many=Count("pk"))
    dates = Offer.objects.aggregate(
        begun=Count("pk", filter=Q(active_from__lte=at)),
        over=Count("pk", filter=Q(active_until__lte=at)),
    )
    return quote_etag("-".join(str(each or 0) for each in (*changes.values(), *dates.values())))


@require_safe
@condition(etag_func=_version)
def merchant_feed(_request: HttpRequest) -> HttpResponseBase:
    """Answer with every product's sizes for Merchant Center; it takes no services."""
    shows(CATALOG)
    items = (
        _merchant_item(sold, fact)
        for sold in sold_pages(timezone.now())
        for fact in sold.offers
        if not fact.is_package
    )
    head = _HEAD.format(
        title=escape(settings.WAGTAIL_SITE_NAME), link=escape(f"{settings.SITE_URL}/")
    )
    return _streamed(chain([head], items, ["</channel>\n</rss>\n"]), "application/xml")


@require_safe
@condition(etag_func=_version)
def agent_feed(_request: HttpRequest) -> HttpResponseBase:
    """Answer with every page that sells, as schema.org's words, one page to a line."""
    shows(CATALOG)
    head = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "ItemList",
            "name": settings.WAGTAIL_SITE_NAME,
            "url": f"{settings.SITE_URL}/",
            "about": structured_data.return_policy(),
        },
        ensure_ascii=False,
    )
    return _streamed(_agent_lines(head), "application/json")


def _agent_lines(head: str) -> Iterator[str]:
    yield f'{head[:-1]}, "itemListElement": [\n'
    between = ""
    for sold in sold_pages(timezone.now()):
        page = _Words(sold.page_id, sold.title, sold.benefit)
        images = [sold.image] if sold.image else []
        data = structured_data.product(page, sold.offers, url=sold.url, images=images)
        yield between + json.dumps(data, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


@dataclass(slots=True)
class _Words:
    pk: int
    title: str
    benefit: str


def _merchant_item(sold: Sold, fact: SoldFact) -> str:
    several = len(sold.offers) > 1
    fields: dict[str, Any] = {
        "g:id": fact.sku,
        "title": f"{sold.title}, {fact.label}" if several else sold.title,
        "description": sold.benefit,
        "link": sold.url,
        "g:image_link": sold.image,
        "g:availability": _STATES[fact.state],
        "g:price": _price(fact.usual_price or fact.price),
        "g:sale_price": _price(fact.price) if fact.usual_price else "",
        "g:condition": "new",
        "g:brand": settings.WAGTAIL_SITE_NAME,
        "g:gtin": fact.barcode,
        "g:identifier_exists": "" if fact.barcode else "no",
        "g:item_group_id": str(sold.page_id) if several else "",
        "g:size": fact.label if several else "",
        "g:shipping_weight": f"{fact.weight_grams} g" if fact.weight_grams else "",
        **_unit_pricing(fact),
    }
    told = (f"<{name}>{escape(value)}</{name}>" for name, value in fields.items() if value)
    return f"<item>{''.join(told)}</item>\n"


def _unit_pricing(fact: SoldFact) -> dict[str, str]:
    if fact.compared is None or fact.measure is None:
        return {}
    unit = {ContentUnit.ML: "ml", ContentUnit.G: "g", ContentUnit.PIECE: "ct"}[fact.compared.unit]
    return {
        "g:unit_pricing_measure": f"{fact.measure.normalize():f} {unit}",
        "g:unit_pricing_base_measure": f"{fact.compared.amount} {unit}",
    }


def _price(price: Any) -> str:
    return f"{structured_data.amount(price)} {price.currency}"


def _streamed(parts: Iterator[str], content_type: str) -> StreamingHttpResponse:
    """Answer while the parts are made; whoever keeps a copy asks each time whether it holds."""
    answer = StreamingHttpResponse(
        (part.encode() for part in _gathered(parts)), content_type=f"{content_type}; charset=utf-8"
    )
    answer["Cache-Control"] = "public, max-age=0, must-revalidate"
    return answer


def _gathered(parts: Iterator[str]) -> Iterator[str]:
    """Join small parts, so that each write is worth its while."""
    waiting: list[str] = []
    for part in parts:
        waiting.append(part)
        if len(waiting) >= BATCH:
            yield "".join(waiting)
            waiting = []
    yield "".join(waiting)
