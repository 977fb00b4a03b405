"""What a rule would do to each of many offers, before anything is done."""

import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from django.utils.timezone import localtime

from catalog import planned_prices, prices
from catalog.models import Offer, PlannedPrice
from catalog.price_law import PricePoint, lowest_before
from catalog.price_rules import PriceRule
from money.money import Money


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One offer under a rule.

    :ivar lowest: what will stand beside the price as the lowest of the 30 days before.
    :ivar refusal: why this one stays as it is; empty when it will change.
    :ivar warning: what staff should know although it will change.
    """

    offer: Offer
    old: Money
    new: Money
    lowest: Money | None = None
    refusal: str = ""
    warning: str = ""
    newest_at: dt.datetime | None = None

    @property
    def percent(self) -> str:
        """The change in percent, such as “−10.4 %”."""
        if not self.old.minor:
            return ""
        change = (self.new.minor - self.old.minor) * 100 / self.old.minor
        return f"{'−' if change < 0 else '+'}{abs(change):.1f} %"


def preview(rule: PriceRule, offer_ids: Collection[int], at: dt.datetime) -> list[PreviewRow]:
    """Return every offer with its old and new price, in the order of their SKUs; three queries."""
    offers = Offer.objects.filter(pk__in=offer_ids).select_related("page").order_by("sku")
    histories = prices.histories(offer_ids, until=at)
    plans: dict[int, list[PlannedPrice]] = {}
    for each in PlannedPrice.objects.open().filter(offer_id__in=offer_ids).select_related("offer"):
        plans.setdefault(each.offer_id, []).append(each)
    return [
        _row(rule, offer, histories.get(offer.pk, []), plans.get(offer.pk, []), at)
        for offer in offers
    ]


def fingerprint(rows: Sequence[PreviewRow]) -> str:
    """Return a short text that is another one as soon as any row would come out otherwise."""
    told = "\n".join(
        f"{row.offer.pk} {row.old.minor} {row.newest_at} {row.new.minor} {row.refusal}"
        for row in rows
    )
    return hashlib.sha256(told.encode()).hexdigest()


def _row(
    rule: PriceRule,
    offer: Offer,
    history: list[PricePoint],
    plans: list[PlannedPrice],
    at: dt.datetime,
) -> PreviewRow:
    row = PreviewRow(offer=offer, old=offer.price, new=rule.new_price(offer.price))
    if not history:
        return replace(row, refusal="Its price begins in the future.")
    row = replace(row, newest_at=history[0].valid_from)
    refusal = _refusal(rule, row, history[0], plans, at)
    if refusal:
        return replace(row, refusal=refusal)
    if not rule.is_reduction:
        return replace(row, warning=_running(rule, plans))
    begins = PricePoint(row.new.minor, is_reduction=True, valid_from=rule.starts_at or at)
    lowest = lowest_before([begins, *history])
    if lowest is None or lowest <= row.new.minor:
        shown = Money(lowest or 0, offer.currency)
        return replace(row, warning=f"Not shown as reduced: it cost {shown} within 30 days before.")
    return replace(row, lowest=Money(lowest, offer.currency), warning=_running(rule, plans))


def _refusal(
    rule: PriceRule,
    row: PreviewRow,
    newest: PricePoint,
    plans: list[PlannedPrice],
    at: dt.datetime,
) -> str:
    """Ask each law in the words in which it will refuse."""
    if row.new.minor < 0:
        return str(prices.NegativePrice(row.new))
    if (row.new.minor, rule.is_reduction) == (newest.price_minor, newest.is_reduction):
        return str(prices.SamePrice(row.new))
    if rule.is_reduction and row.new.minor >= newest.price_minor:
        return str(prices.NotAReduction(row.new, row.old))
    if rule.starts_at is None and rule.ends_at is None:
        return ""
    other = planned_prices.overlapping(plans, rule.starts_at or at, rule.ends_at)
    return str(planned_prices.Overlaps(other)) if other else ""


def _running(rule: PriceRule, plans: list[PlannedPrice]) -> str:
    """Tell of a plan whose end a change by hand takes away."""
    running = next((each for each in plans if each.started_id), None)
    if running is None or rule.starts_at is not None or running.ends_at is None:
        return ""
    until = f"{localtime(running.ends_at):%Y-%m-%d %H:%M}"
    return f"A price until {until} is running: it will not end then."
