"""Results as pages show them: read in a fixed number of queries, whatever was found."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, TextField
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import strip_tags
from wagtail.contrib.search_promotions.models import SearchPromotion
from wagtail.models import Page
from wagtail.search.models import IndexEntry

from catalog import cards
from catalog.cards import Card
from cms import renditions
from cms.models import CustomImage
from cms.prepared import Prepared
from freshness.keeping import as_of, keep_each
from storefront.search.highlighting import Marker, Piece
from storefront.search.kinds import Kind, by_content_type

# Both databases keep the plain text of what they have indexed, each under its own name.
_INDEXED_TEXT = "body_text" if connection.vendor == "postgresql" else "body"


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was found; `card` is there when it can be bought."""

    kind: str
    kind_slug: str
    title: list[Piece]
    url: str
    text: list[Piece]
    image: CustomImage | None = None
    card: Card | None = None
    note: str = ""
    is_pinned: bool = False

    @property
    def ratio(self) -> str:
        """The shape in which lists show such a picture already."""
        return "4:5" if self.card else "8:5"

    @property
    def plain_title(self) -> str:
        return "".join(piece.text for piece in self.title)


def of_pages(
    page_ids: Sequence[int],
    marker: Marker,
    *,
    at: dt.datetime,
    request: HttpRequest,
    said: Mapping[int, str] | None = None,
    with_texts: bool = True,
) -> list[Result]:
    """Return results for pages in the order given; at most five queries for those not kept.

    :param said: pages that are pinned, each with what staff say of it.
    :param with_texts: where title and first lines do not show why, look into the text.
    """
    found = keep_each("page found", page_ids, _read, since=as_of())
    rows = [found[pk] for pk in page_ids if pk in found]
    selling = [row for row in rows if row.card_benefit is not None]
    wanted = {row.other_image_id for row in rows if row.other_image_id}
    with renditions.reading_together(wanted | cards.image_ids(selling)) as images:
        shown = cards.kept_cards([row.pk for row in selling], at, request=request)
    said, kinds = said or {}, by_content_type()
    unclear = [row.pk for row in rows if with_texts and not _shows_why(row, marker)]
    texts = _texts_of(unclear) if unclear and marker.stems else {}
    return [
        _result(
            row,
            shown.get(row.pk),
            images,
            marker,
            kinds=kinds,
            text=said.get(row.pk, "") or texts.get(row.pk, ""),
            is_pinned=row.pk in said,
            request=request,
        )
        for row in rows
    ]


def of_links(pins: Iterable[SearchPromotion], marker: Marker) -> list[Result]:
    """Return results for what is pinned and no page."""
    return [
        Result(
            kind="",
            kind_slug="link",
            title=marker.pieces(pin.external_link_text or pin.external_link_url),
            url=pin.external_link_url,
            text=marker.snippet(pin.description),
            is_pinned=True,
        )
        for pin in pins
        if pin.page_id is None
    ]


def _read(page_ids: list[int]) -> dict[int, Any]:
    return {row.pk: row for row in _rows(page_ids)}


def _build(page_ids: list[int]) -> QuerySet[Any]:
    pages = cards.annotate_card_facts(Page.objects.filter(pk__in=page_ids))
    rows: QuerySet[Any] = pages.annotate(
        first_lines=Coalesce(
            "productpage__intro",
            "packagepage__intro",
            "treatmentpage__treatment__summary",
            "articlepage__intro",
            "contentpage__intro",
            "search_description",
            output_field=TextField(),
        ),
        other_image_id=Coalesce("treatmentpage__hero_image_id", "articlepage__hero_image_id"),
        treatment_minutes=F("treatmentpage__treatment__duration_minutes"),
        reading_minutes=F("articlepage__reading_minutes"),
    )
    return rows


_rows = Prepared(_build)


def _first_lines(row: Any) -> str:
    """The line under a title: what a card says of it."""
    return str(row.card_benefit or "") or _without_markup(row.first_lines)


def _shows_why(row: Any, marker: Marker) -> bool:
    return marker.is_in(row.title) or marker.is_in(_first_lines(row))


def _texts_of(page_ids: Collection[int]) -> dict[int, str]:
    """Return the text that the search index keeps of pages; one query."""
    entries = IndexEntry.objects.filter(
        content_type_id__in=by_content_type(), object_id__in=[str(pk) for pk in page_ids]
    )
    rows = entries.values_list("object_id", _INDEXED_TEXT)
    return {int(pk): _without_markup(text) for pk, text in rows}


def _without_markup(text: str | None) -> str:
    if not text or not {"<", "&"} & set(text):
        return text or ""
    return unescape(strip_tags(text.replace("</p>", " ")))


def _result(
    row: Any,
    card: Card | None,
    images: Mapping[int, CustomImage],
    marker: Marker,
    *,
    kinds: Mapping[int, Kind],
    text: str,
    is_pinned: bool,
    request: HttpRequest,
) -> Result:
    kind = kinds.get(row.content_type_id)
    return Result(
        kind=kind.one if kind else "",
        kind_slug=kind.slug if kind else "page",
        title=marker.pieces(row.title),
        url=row.get_url(request) or "",
        text=marker.snippet(text or _first_lines(row)),
        image=card.image if card else images.get(row.other_image_id or 0),
        card=card,
        note=_note(row),
        is_pinned=is_pinned,
    )


def _note(row: Any) -> str:
    if row.treatment_minutes:
        return f"{row.treatment_minutes} minutes"
    if row.reading_minutes:
        return f"{row.reading_minutes} min read"
    return ""
