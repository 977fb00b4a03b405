"""Do what a plan says, in one transaction, and write down how to take it back."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from wagtail.models import Page

from accounts.models import User
from catalog import prices, stock_in_bulk
from catalog.imports import offer_plans, page_writer
from catalog.imports.page_writer import NewPage
from catalog.imports.plans import Plan, PlannedOffer
from catalog.models import ImportedChange, MovementKind, Offer, Stock
from catalog.models.imports import ImportedKind, ImportRun
from catalog.stock_in_bulk import Move, Rules
from freshness.changes import changed, offers_of


class ChangedMeanwhile(RuntimeError):
    """Somebody has worked on a page or an offer since the plan was made."""

    def __init__(self, title: str) -> None:
        super().__init__(f"Somebody has changed “{title}” meanwhile. Nothing was done.")


@transaction.atomic
def apply(plan: Plan, *, run: ImportRun, by: User, at: dt.datetime) -> list[int]:
    """Do it all or nothing; return the pages that must be indexed anew.

    :raises ChangedMeanwhile: if a page or an offer is not what it was when the plan was made.
    """
    _check_untouched(plan)
    new = [
        NewPage(each.page, each.category) for each in plan.pages if each.is_new and each.category
    ]
    if new:
        page_writer.add_pages(new=new, by=by, at=at)
    edited = [each.page for each in plan.pages if not each.is_new]
    if edited:
        page_writer.update_pages(pages=edited, by=by, at=at)
    _write_offers(plan.offers, reason=run.reason, by=by, at=at)
    _write_stock(plan.offers, reason=run.reason, by=by, at=at)
    ImportedChange.objects.bulk_create(_changes(plan, run), batch_size=page_writer.BATCH)
    changed(*offers_of(*{each.offer.page_id for each in plan.offers if not each.is_new}))
    touched = {each.page.pk for each in plan.pages}
    touched |= {
        each.planned_page.page.pk for each in plan.offers if each.planned_page and _is_found(each)
    }
    return sorted(touched)


def store_offers(offers: Sequence[Offer]) -> None:
    """Write what staff may edit of offers that are there; never their prices."""
    Offer.objects.bulk_create(
        offers,
        batch_size=page_writer.BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=_EDITED,
    )


_EDITED = (
    "page",
    "label",
    "content_amount",
    "content_unit",
    "weight_grams",
    "barcode",
    "vat_rate_bp",
    "tax_code",
    "active_from",
    "active_until",
    "sort_order",
)


def _is_found(planned: PlannedOffer) -> bool:
    """Whether the page is found by something that the offer says anew: its SKU or barcode."""
    return planned.is_new or bool(planned.after.keys() & {"barcode", "product"})


def _check_untouched(plan: Plan) -> None:
    """Lock pages, offers and stock with new rules, and compare them with what the plan saw."""
    _check_pages(plan)
    known = [each for each in plan.offers if not each.is_new]
    _check_offers({each.offer.pk: each for each in known if each.after})
    _check_rules({each.offer.pk: each for each in known if each.rules})


def _check_pages(plan: Plan) -> None:
    seen = {each.page.pk: each for each in plan.pages if not each.is_new}
    for some in page_writer.in_batches(sorted(seen)):
        rows = Page.objects.filter(pk__in=some).order_by("pk").select_for_update()
        for pk, revision in rows.values_list("pk", "latest_revision_id"):
            if seen.pop(pk).seen_revision != revision:
                raise ChangedMeanwhile(Page.objects.get(pk=pk).title)
    for gone in seen.values():
        raise ChangedMeanwhile(gone.page.title)


def _check_offers(edited: Mapping[int, PlannedOffer]) -> None:
    for some in page_writer.in_batches(sorted(edited)):
        for offer in Offer.objects.filter(pk__in=some).order_by("pk").select_for_update():
            if not _is_as_seen(offer, edited[offer.pk]):
                raise ChangedMeanwhile(str(offer))


def _check_rules(ruled: Mapping[int, PlannedOffer]) -> None:
    for some in page_writer.in_batches(sorted(ruled)):
        rows = Stock.objects.filter(offer_id__in=some).order_by("offer_id")
        for stock in rows.select_for_update():
            planned = ruled[stock.offer_id]
            if offer_plans.rules_of(planned.offer, stock) != planned.rules_before:
                raise ChangedMeanwhile(str(planned.offer))


def _is_as_seen(stored: Offer, planned: PlannedOffer) -> bool:
    """Whether an offer is what the plan saw, in all that `store_offers` writes."""
    for column, name in offer_plans.FIELDS.items():
        if column in planned.after:
            if offer_plans.read(stored, column) != planned.before[column]:
                return False
        elif getattr(stored, name) != getattr(planned.offer, name):
            return False
    return stored.page_id == (None if "product" in planned.after else planned.offer.page_id)


def _write_offers(
    planned: Sequence[PlannedOffer], *, reason: str, by: User, at: dt.datetime
) -> None:
    for each in planned:
        if each.planned_page is not None:
            each.offer.page_id = each.planned_page.page.pk
    new = [each.offer for each in planned if each.is_new]
    prices.create_first_many(offers=new, by=by, at=at, reason=reason)
    store_offers([each.offer for each in planned if each.after and not each.is_new])
    changes = [each.price for each in planned if each.price]
    if changes:
        prices.change_many(changes=changes, reason=reason, by=by, at=at)


def _write_stock(
    planned: Sequence[PlannedOffer], *, reason: str, by: User, at: dt.datetime
) -> None:
    rules = [_rules(each) for each in planned if each.rules]
    if rules:
        stock_in_bulk.configure_many(rules=rules)
    moves = [
        Move(
            each.offer.pk,
            each.move,
            MovementKind.RECEIVED if each.is_new else MovementKind.COUNTED,
        )
        for each in planned
        if each.move
    ]
    if moves:
        stock_in_bulk.move_many(moves=moves, reason=reason, by=by, at=at)


def _rules(planned: PlannedOffer) -> Rules:
    """Return the rules under the id that a new offer only has by now."""
    rules = planned.rules
    assert rules is not None  # noqa: S101 - only asked where there are some.
    return Rules(planned.offer.pk, rules.low_from, rules.back_order_limit, rules.back_order_days)


def _changes(plan: Plan, run: ImportRun) -> Iterator[ImportedChange]:
    for each in plan.pages:
        yield ImportedChange(
            run=run,
            kind=ImportedKind.PAGE_ADDED if each.is_new else ImportedKind.PAGE_CHANGED,
            row=each.row,
            page_id=each.page.pk,
            before={} if each.is_new else each.before,
            after={
                "revision": each.page.latest_revision_id,
                "facts": {} if each.is_new else each.after,
            },
        )
    for planned in plan.offers:
        for kind, before, after in _offer_changes(planned):
            yield ImportedChange(
                run=run,
                kind=kind,
                row=planned.row,
                page_id=planned.offer.page_id,
                offer=planned.offer,
                before=before,
                after=after,
            )


def _offer_changes(planned: PlannedOffer) -> Iterator[tuple[ImportedKind, Any, Any]]:
    if planned.is_new:
        yield ImportedKind.OFFER_ADDED, {}, {}
    elif planned.after:
        yield ImportedKind.OFFER_CHANGED, planned.before, planned.after
    if planned.price:
        price_minor, is_reduction = planned.price_before
        yield (
            ImportedKind.PRICE_CHANGED,
            {"price_minor": price_minor, "is_reduction": is_reduction},
            {
                "price_minor": planned.price.price_minor,
                "is_reduction": planned.price.is_reduction,
            },
        )
    if planned.move:
        yield ImportedKind.STOCK_MOVED, {}, {"change": planned.move}
    if planned.rules and planned.rules_before and not planned.is_new:
        yield (
            ImportedKind.RULES_CHANGED,
            _rule_values(planned.rules_before),
            _rule_values(planned.rules),
        )


def _rule_values(rules: Rules) -> dict[str, int]:
    return {
        "low_from": rules.low_from,
        "back_order_limit": rules.back_order_limit,
        "back_order_days": rules.back_order_days,
    }
