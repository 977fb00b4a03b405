"""Which prices can go back to what they were before an import."""

from collections.abc import Callable, Iterable, Mapping

from catalog.models import ImportedChange, Offer
from catalog.prices import NewPrice

Keep = Callable[[ImportedChange, str], None]


def prices_back(
    changes: Iterable[ImportedChange], offers: Mapping[int, Offer], keep: Keep
) -> list[NewPrice]:
    """Return the prices to set; those that were changed again since stay as they are.

    A price that was announced as reduced comes back as reduced only if it is lower than the one
    it replaces: the price of the meantime was asked for, and the law counts it.
    """
    news = []
    for change in changes:
        offer = offers[change.offer_id or 0]
        is_reduced = offer.lowest_before_minor is not None
        now = {"price_minor": offer.price_minor, "is_reduction": is_reduced}
        price_minor = change.before["price_minor"]
        is_reduction = change.before["is_reduction"] and price_minor < offer.price_minor
        if now != change.after:
            keep(change, "the price was changed again.")
        elif (price_minor, is_reduction) == (offer.price_minor, is_reduced):
            keep(change, "the price is that already.")
        else:
            news.append(NewPrice(offer.pk, price_minor, is_reduction=is_reduction))
    return news
