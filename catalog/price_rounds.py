"""The only writer of bulk price changes: do all of one, or take it back."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from catalog import planned_prices, prices
from catalog.models import (
    Offer,
    OfferPrice,
    PriceRound,
    PriceRoundLine,
)
from catalog.price_preview import PreviewRow, fingerprint, preview
from catalog.price_rules import PriceRule


class PricesMoved(ValueError):
    """Something else changed between the preview and the change itself."""

    def __init__(self) -> None:
        super().__init__("Prices have changed since you looked. Look again before you apply.")


class NothingToChange(ValueError):
    """Not one of the chosen offers would change."""

    def __init__(self) -> None:
        super().__init__("None of these prices would change.")


class _ChangedSince(ValueError):
    """Somebody has set another price after ours."""

    def __init__(self, newest: OfferPrice) -> None:
        super().__init__(f"Changed since: it costs {newest.price} now.")


class AlreadyUndone(ValueError):
    """A change is taken back once."""

    def __init__(self) -> None:
        super().__init__("This change has been taken back already.")


@transaction.atomic
def carry_out(
    *,
    rule: PriceRule,
    offer_ids: Collection[int],
    seen: str,
    token: str,
    reason: str,
    by: User | None,
    at: dt.datetime,
) -> PriceRound:
    """Change all prices as they were previewed, or none; the same token again does nothing.

    :param seen: the fingerprint of the preview that somebody agreed to.
    :raises PricesMoved: if the preview would look otherwise by now.
    :raises NothingToChange: if every row is refused.
    :raises ReasonMissing: if no reason is given.
    :raises TooLate: if a plan would begin in the past.
    :raises EndsTooSoon: if a plan would end before it began.
    """
    list(Offer.objects.filter(pk__in=offer_ids).order_by("pk").select_for_update().values("pk"))
    done = PriceRound.objects.filter(token=token).first()
    if done is not None:
        return done
    if not reason.strip():
        raise prices.ReasonMissing
    rows = preview(rule, offer_ids, at)
    if fingerprint(rows) != seen:
        raise PricesMoved
    changing = sorted((row for row in rows if not row.refusal), key=lambda row: row.offer.pk)
    if not changing:
        raise NothingToChange
    made = PriceRound.objects.create(
        token=token,
        rule=rule.in_words(changing[0].offer.currency),
        reason=reason.strip(),
        made_by=by,
        made_at=at,
    )
    before = _newest([row.offer.pk for row in changing])
    is_planned = rule.starts_at is not None or rule.ends_at is not None
    lines = (_plan if is_planned else _change)(made, rule, changing)
    for line in lines:
        line.before = before[line.offer_id]
    PriceRoundLine.objects.bulk_create(lines, batch_size=prices.BATCH)
    return made


@transaction.atomic
def undo(*, round_id: int, by: User | None, at: dt.datetime) -> PriceRound:
    """Bring back every price of a change that nobody has touched since.

    What was changed since stays, and its line says so. History only grows: a price that comes
    back is a new price. It is announced as a reduction again only where it lowers the price.

    :raises AlreadyUndone: if it was taken back before.
    :raises PriceRound.DoesNotExist: if there is no such change.
    """
    done = PriceRound.objects.select_for_update().get(pk=round_id)
    if done.undone_at is not None:
        raise AlreadyUndone
    lines = list(done.lines.select_related("before", "plan").order_by("plan_id", "offer_id"))
    for line in lines:
        line.undo_note = _undo_one(line, done, by, at)
    PriceRoundLine.objects.bulk_update(lines, ["undo_note"])
    done.undone_by, done.undone_at = by, at
    done.save(update_fields=["undone_by", "undone_at"])
    return done


def _change(made: PriceRound, rule: PriceRule, rows: list[PreviewRow]) -> list[PriceRoundLine]:
    prices.change_many(
        changes=[
            prices.NewPrice(row.offer.pk, row.new.minor, is_reduction=rule.is_reduction)
            for row in rows
        ],
        reason=_reason(made),
        by=made.made_by,
        at=made.made_at,
    )
    after = _newest([row.offer.pk for row in rows])
    return [PriceRoundLine(round=made, offer=row.offer, after=after[row.offer.pk]) for row in rows]


def _plan(made: PriceRound, rule: PriceRule, rows: list[PreviewRow]) -> list[PriceRoundLine]:
    lines = []
    for row in rows:
        plan = planned_prices.plan_or_begin(
            offer_id=row.offer.pk,
            price_minor=row.new.minor,
            is_reduction=rule.is_reduction,
            starts_at=rule.starts_at,
            ends_at=rule.ends_at,
            reason=_reason(made),
            by=made.made_by,
            at=made.made_at,
        )
        lines.append(PriceRoundLine(round=made, offer=row.offer, plan=plan))
    return lines


def _reason(made: PriceRound) -> str:
    return f"{made.reason} ({made.rule})"[:200]


def _undo_one(line: PriceRoundLine, done: PriceRound, by: User | None, at: dt.datetime) -> str:
    """Take one line back; return why not, or nothing."""
    try:
        if line.plan is None:
            _bring_back(line, done, line.after_id, by, at)
        elif line.plan.is_open:
            return planned_prices.cancel(plan_id=line.plan.pk, by=by, at=at).outcome
        elif line.plan.started_id is None:
            return line.plan.outcome
        else:
            _bring_back(line, done, line.plan.started_id, by, at)
    except (_ChangedSince, planned_prices.NothingToCancel, prices.Backdated) as refusal:
        return str(refusal)
    except prices.SamePrice:
        return "The price is the same; it is not announced as reduced again."
    return ""


def _bring_back(
    line: PriceRoundLine, done: PriceRound, ours_id: int | None, by: User | None, at: dt.datetime
) -> None:
    Offer.objects.select_for_update().get(pk=line.offer_id)
    newest = _newest([line.offer_id])[line.offer_id]
    if newest.pk != ours_id:
        raise _ChangedSince(newest)
    prices.change(
        offer_id=line.offer_id,
        price_minor=line.before.price_minor,
        is_reduction=line.before.is_reduction and line.before.price_minor < newest.price_minor,
        reason=f"Taken back: {done.reason}",
        by=by,
        at=at,
    )


def _newest(offer_ids: Collection[int]) -> dict[int, OfferPrice]:
    """Return the newest price of each offer."""
    found: dict[int, OfferPrice] = {}
    ids = list(offer_ids)
    for start in range(0, len(ids), prices.BATCH):
        rows = OfferPrice.objects.filter(offer_id__in=ids[start : start + prices.BATCH])
        found |= {row.offer_id: row for row in rows.order_by("valid_from")}
    return found
