"""Whoever types the number on a box, or our own, is led straight to the product."""

import datetime as dt
import re

from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import Page

from catalog.models import Offer
from storefront.search.visible import visible_pages

# Our SKUs, and the EAN or GTIN with the blanks that printers put between its digits.
_SKU = re.compile(r"[A-Z0-9][A-Z0-9-]{1,39}")
_BARCODE = re.compile(r"\d{8,14}")


def page_of(typed: str, *, at: dt.datetime, request: HttpRequest) -> str:
    """Return the address of the public page that sells what a code names; else nothing.

    One query for what looks like a code, none for words.
    """
    code = typed.strip().upper()
    digits = code.replace(" ", "").replace("-", "")
    if _BARCODE.fullmatch(digits):
        named = Q(barcode=digits) | Q(sku=code)
    elif _SKU.fullmatch(code) and any(letter.isdigit() or letter == "-" for letter in code):
        named = Q(sku=code)
    else:
        return ""
    offers = Offer.objects.on_sale(at).filter(named)
    pages = visible_pages().filter(pk__in=offers.values("page_id"))
    found: list[Page] = list(pages.order_by("pk")[:1])
    return (found[0].get_url(request) or "") if found else ""
