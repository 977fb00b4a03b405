"""Take a whole import back: not by forgetting it, but as new history."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from catalog import prices, stock_in_bulk
from catalog.imports import applying, facts, indexing, offer_plans, page_writer
from catalog.imports.prices_back import prices_back
from catalog.models import ImportedChange, MovementKind, Offer, ProductPage, Stock
from catalog.models.imports import ImportedKind, ImportRun
from catalog.stock_in_bulk import Move, Rules
from freshness.changes import changed, offers_of


@dataclass
class TakenBack:
    """What an undo did, and what it left because somebody has gone on from there.

    :ivar kept: rows of the sheet with the reason why something of them stays.
    """

    page_ids: list[int] = field(default_factory=list)
    added_ids: list[int] = field(default_factory=list)
    done: int = 0
    kept: list[tuple[int, str]] = field(default_factory=list)

    def keep(self, change: ImportedChange, why: str) -> None:
        self.kept.append((change.row, f"{change.get_kind_display()}: {why}"))


@transaction.atomic
def undo(run: ImportRun, *, by: User, at: dt.datetime) -> TakenBack:
    """Bring back prices, stock, offers and pages; what was added is taken off sale."""
    result = TakenBack()
    by_kind: dict[str, list[ImportedChange]] = {kind: [] for kind in ImportedKind.values}
    for change in run.changes.order_by("pk"):
        by_kind[change.kind].append(change)
    reason = f"Undone: {run.reason}"[:200]
    _pages_back(by_kind[ImportedKind.PAGE_CHANGED], result, by=by, at=at)
    _pages_off(by_kind[ImportedKind.PAGE_ADDED], result, by=by, at=at)
    offers = _offers([each for group in by_kind.values() for each in group])
    _offers_back(by_kind[ImportedKind.OFFER_CHANGED], offers, result)
    _offers_off(by_kind[ImportedKind.OFFER_ADDED], offers, at=at)
    news = prices_back(by_kind[ImportedKind.PRICE_CHANGED], offers, result.keep)
    if news:
        prices.change_many(changes=news, reason=reason, by=by, at=at)
    stocks = _locked_stock([change.offer_id for change in by_kind[ImportedKind.STOCK_MOVED]])
    moves = list(_moves_back(by_kind[ImportedKind.STOCK_MOVED], stocks, result))
    if moves:
        stock_in_bulk.move_many(moves=moves, reason=reason, by=by, at=at)
    _rules_back(by_kind[ImportedKind.RULES_CHANGED], result)
    result.done = sum(map(len, by_kind.values())) - len(result.kept)
    page_ids = {each.page_id for group in by_kind.values() for each in group if each.offer_id}
    changed(*offers_of(*page_ids))
    return result


def _pages_back(
    changes: list[ImportedChange], result: TakenBack, *, by: User, at: dt.datetime
) -> None:
    words = facts.Words()
    by_page = {change.page_id: change for change in changes if change.page_id}
    for some in page_writer.in_batches(list(by_page)):
        ready = []
        for page in indexing.load(some):
            if (page.live and page.has_unpublished_changes) or page.locked:
                result.keep(by_page[page.pk], "the page has newer changes or is locked.")
            elif _page_back(page, by_page[page.pk], words, result):
                ready.append(page)
        page_writer.update_pages(pages=ready, by=by, at=at)
        result.page_ids += [page.pk for page in ready]


def _page_back(
    page: ProductPage, change: ImportedChange, words: facts.Words, result: TakenBack
) -> bool:
    """Put the facts back that still are as the import left them; tell whether any was."""
    was_touched = False
    for column, after in change.after["facts"].items():
        before = change.before.get(column, "")
        if column == "status":
            page.live = before == "live"
            was_touched = True
            continue
        if facts.read(page, column) != after:
            result.keep(change, f"{column} was changed again.")
            continue
        try:
            facts.write(page, column, before or facts.NOTHING, words)
        except ValidationError:
            result.keep(change, f"what {column} named is gone.")
        else:
            was_touched = True
    return was_touched


def _pages_off(
    changes: list[ImportedChange], result: TakenBack, *, by: User, at: dt.datetime
) -> None:
    by_page = {change.page_id: change for change in changes if change.page_id}
    result.added_ids = list(by_page)
    for some in page_writer.in_batches(list(by_page)):
        live = [page for page in indexing.load(some) if page.live]
        for page in live:
            page.live, page.has_unpublished_changes, page.live_revision = False, True, None
        if live:
            page_writer.store_shared(live, ["live", "has_unpublished_changes", "live_revision"])
        page_writer.write_log(live, "wagtail.unpublish", by=by, at=at)
        changed(*page_writer.tags_of(live))


def _offers(changes: Iterable[ImportedChange]) -> dict[int, Offer]:
    ids = sorted({each.offer_id for each in changes if each.offer_id})
    found: dict[int, Offer] = {}
    for some in page_writer.in_batches(ids):
        rows = Offer.objects.filter(pk__in=some).order_by("pk").select_for_update()
        found.update({offer.pk: offer for offer in rows})
    return found


def _offers_back(
    changes: list[ImportedChange], offers: dict[int, Offer], result: TakenBack
) -> None:
    ready = []
    for change in changes:
        offer = offers[change.offer_id or 0]
        for column, after in change.after.items():
            before = change.before[column]
            if column == "product":
                offer.page_id = None
            elif offer_plans.read(offer, column) != after:
                result.keep(change, f"{column} was changed again.")
            else:
                offer_plans.write(offer, column, before or facts.NOTHING)
        ready.append(offer)
    applying.store_offers(ready)


def _offers_off(
    changes: list[ImportedChange], offers: dict[int, Offer], *, at: dt.datetime
) -> None:
    """End what was added: an offer that had a price is never deleted."""
    ended = []
    for change in changes:
        offer = offers[change.offer_id or 0]
        if offer.active_from is not None and offer.active_from >= at:
            offer.active_from = None
        offer.active_until = at
        offer.page_id = None
        ended.append(offer)
    applying.store_offers(ended)


def _locked_stock(offer_ids: list[int | None]) -> dict[int, Stock]:
    found: dict[int, Stock] = {}
    for some in page_writer.in_batches(sorted(pk for pk in offer_ids if pk)):
        rows = Stock.objects.filter(offer_id__in=some).order_by("offer_id").select_for_update()
        found.update({stock.offer_id: stock for stock in rows})
    return found


def _moves_back(
    changes: list[ImportedChange], stocks: dict[int, Stock], result: TakenBack
) -> Iterable[Move]:
    for change in changes:
        stock, back = stocks[change.offer_id or 0], -change.after["change"]
        if stock.on_hand + back < stock.reserved:
            result.keep(change, "these goods are sold or promised.")
        else:
            yield Move(stock.offer_id, back, MovementKind.COUNTED)


def _rules_back(changes: list[ImportedChange], result: TakenBack) -> None:
    stocks = _locked_stock([change.offer_id for change in changes])
    rules = []
    for change in changes:
        stock = stocks[change.offer_id or 0]
        now: dict[str, Any] = {name: getattr(stock, name) for name in change.after}
        if now != change.after:
            result.keep(change, "they were changed again.")
        elif stock.back_ordered > change.before["back_order_limit"]:
            result.keep(change, "more are on back-order already.")
        else:
            rules.append(Rules(stock.offer_id, **change.before))
    if rules:
        stock_in_bulk.configure_many(rules=rules)
