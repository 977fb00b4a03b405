"""From which pages things are put into baskets: articles that tell of a product sell it, too."""

import datetime as dt
import re

from django.db.models import F
from django.utils import timezone
from wagtail.models import Page

from checkout.models import AdditionCount

_PAGE_ID = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


def read(text: str) -> int | None:
    """Read the number of a page as a form carries it; nothing if it is none."""
    return int(text) if _PAGE_ID.fullmatch(text) else None


def known(page_id: int | None) -> int | None:
    """Return the number of a page if there is such a page and it is published."""
    if page_id is None or not Page.objects.live().filter(pk=page_id).exists():
        return None
    return page_id


def count(page_id: int | None, *, at: dt.datetime) -> None:
    """Count one addition to a basket for the page that it was made from, if there is one."""
    if page_id is None:
        return
    day, _ = AdditionCount.objects.get_or_create(page_id=page_id, on=timezone.localdate(at))
    AdditionCount.objects.filter(pk=day.pk).update(times=F("times") + 1)
