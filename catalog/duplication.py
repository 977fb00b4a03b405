"""Makes a new product from one there is: its page as a draft, its offers under new SKUs."""

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from accounts.models import User
from catalog import kits, prices
from catalog.models import Offer, ProductPage

# What tells one offer from another, or belongs to the one there is alone.
_ITS_OWN = {
    "id",
    "sku",
    "page",
    "barcode",
    "active_from",
    "active_until",
    "lowest_before_minor",
    "is_kit",
}


class SlugTaken(ValueError):
    """Two pages beside each other cannot have one address."""

    def __init__(self, slug: str) -> None:
        super().__init__(f"Another page here is called “{slug}” already.")


class SkuTaken(ValueError):
    """Every offer has a SKU of its own."""

    def __init__(self, sku: str) -> None:
        super().__init__(f"{sku} is the SKU of another offer.")


@transaction.atomic
def duplicate(
    *,
    page_id: int,
    title: str,
    slug: str,
    skus: Mapping[int, str],
    by: User | None,
    at: dt.datetime,
) -> ProductPage:
    """Copy a product's page beside it as a draft, with a copy of each offer that gets a SKU.

    The copies cost the same and begin a history of their own: nothing that was charged for the
    first one counts for them. There are none of them in stock, a barcode stays where it is, and a
    kit's copy is made of the same parts.

    :param skus: by an offer's id, what its copy is called; an offer that is not named stays alone.
    :raises SlugTaken: if a page beside it has the address.
    :raises SkuTaken: if a SKU is another offer's, or given twice.
    :raises ProductPage.DoesNotExist: if there is no such page.
    """
    source = ProductPage.objects.get(pk=page_id)
    if source.get_siblings().filter(slug=slug).exists():
        raise SlugTaken(slug)
    taken = set(Offer.objects.filter(sku__in=skus.values()).values_list("sku", flat=True))
    for sku in skus.values():
        if sku in taken:
            raise SkuTaken(sku)
        taken.add(sku)
    copy: ProductPage = source.copy(
        update_attrs={"title": title, "draft_title": title, "slug": slug},
        copy_revisions=False,
        keep_live=False,
        user=by,
    )
    sources = list(Offer.objects.filter(page_id=page_id, pk__in=skus).order_by("pk"))
    offers = [_copied(offer, copy, skus[offer.pk]) for offer in sources]
    prices.create_first_many(
        offers=offers, by=by, at=at, reason=f"First price, as that of {source.title}"[:200]
    )
    for original, offer in zip(sources, offers, strict=True):
        if original.is_kit:
            parts = list(original.parts.order_by("sort_order").values_list("part_id", "quantity"))
            kits.set_parts(kit_id=offer.pk, parts=parts)
    return copy


def _copied(source: Offer, page: ProductPage, sku: str) -> Offer:
    names = [field.attname for field in Offer._meta.concrete_fields if field.name not in _ITS_OWN]
    values = {name: getattr(source, name) for name in names}
    return Offer(**values, sku=sku, page_id=page.pk)
