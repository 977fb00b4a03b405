"""What the maker's boxes say, a shelf that is being counted, and a drill of a recall."""

import datetime as dt
from functools import cache

from accounts.models import User
from catalog.batches.last_days import months_before, use_months_of
from catalog.batches.receiving import Arrived, receive
from catalog.models import Batch, Offer
from catalog.stock_takes import taking
from checkout.batches import recalling
from money.money import Money
from storefront.demo import content, people


def deliver(offer: Offer, quantity: int, *, by: User, at: dt.datetime, today: dt.date) -> bool:
    """Let so many pieces come in as the data file's batches; tell whether it has some."""
    facts = _articles().get(offer.sku)
    if facts is None:
        return False
    arrived, left = [], quantity
    for batch in facts["batches"]:
        pieces = min(batch.get("pieces", left), left)
        last_sale = today + dt.timedelta(days=batch["sold_for_days"])
        arrived.append(
            Arrived(
                offer.pk,
                pieces,
                batch["code"],
                months_before(last_sale, -use_months_of(offer)),
                Money.parse(facts["cost"]).minor,
            )
        )
        left -= pieces
    receive(
        supplier=content.facts("batches")["supplier"],
        reference=facts["delivery_note"],
        arrived=arrived,
        token=f"demo-{offer.pk}",
        by=by,
        at=at,
    )
    return True


def seed(at: dt.datetime) -> None:
    """Let a shelf be counted and not yet approved, and a recall have been tried."""
    facts = content.facts("batches")
    _count(facts["stock_take"], at=at)
    _drill(facts["drill"], at=at)


def _count(facts: content.Facts, *, at: dt.datetime) -> None:
    moment, by = at - dt.timedelta(days=facts["days_ago"]), people.packer()
    ids = Offer.objects.filter(sku__in=facts["articles"]).values_list("pk", flat=True)
    take = taking.begin(name=facts["name"], offer_ids=list(ids), by=by, at=moment)
    counted = {}
    for line in take.lines.select_related("batch", "offer__stock"):
        counted[line.pk] = line.batch.on_hand if line.batch else line.offer.stock.on_hand
        if line.batch and line.batch.code == facts["missing"]["code"]:
            counted[line.pk] -= facts["missing"]["pieces"]
    taking.count(take_id=take.pk, counted=counted, by=by, at=moment + dt.timedelta(minutes=20))


def _drill(facts: content.Facts, *, at: dt.datetime) -> None:
    recalling.start(
        batch_id=Batch.objects.get(code=facts["code"]).pk,
        reason=facts["reason"],
        is_drill=True,
        by=people.manager(),
        at=at - dt.timedelta(days=facts["days_ago"]),
    )


@cache
def _articles() -> dict[str, content.Facts]:
    return {each["sku"]: each for each in content.facts("batches")["article"]}
