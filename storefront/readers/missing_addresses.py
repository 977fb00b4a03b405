"""Addresses that lead nowhere: how often they are asked for, and where they may have led."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site
from rapidfuzz import fuzz, process

from storefront.models import MissingAddress
from storefront.search.visible import visible_pages

# Beyond so many addresses somebody is trying names; the ones that are known go on being counted.
MOST = 5_000
SUGGESTED = 3
# Of a hundred: how alike an address and a page's must be to be worth showing.
ALIKE = 55.0
# What is asked for in the hope of finding a hole, not a page.
_PROBES = re.compile(
    r"\.(?!html?$)[a-z0-9~]+$|/\.|wp-(?:admin|login|content|includes)|cgi-bin|/xmlrpc", re.I
)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A page that an address may have meant."""

    page_id: int
    title: str
    path: str


class NotMissing(ValueError):
    """The address leads somewhere by now."""

    def __init__(self) -> None:
        super().__init__("This address leads somewhere already: see the redirects.")


def note(missing: Mapping[str, int], *, at: dt.datetime) -> None:
    """Count addresses that were asked for, unless they look like an attack or are too many.

    :param missing: how often each path was asked for.
    """
    wanted = {
        path: times
        for path, times in missing.items()
        if len(path) <= _LONGEST and not _PROBES.search(path)
    }
    known = MissingAddress.objects.filter(path__in=wanted)
    paths = set(known.values_list("path", flat=True))
    for path in paths:
        MissingAddress.objects.filter(path=path).update(times=F("times") + wanted[path], last_at=at)
    room = max(0, MOST - MissingAddress.objects.count())
    new = [path for path in wanted if path not in paths][:room]
    MissingAddress.objects.bulk_create(
        [
            MissingAddress(path=path, times=wanted[path], first_at=at, last_at=at)
            for path in sorted(new)
        ],
        ignore_conflicts=True,
    )


def suggestions(path: str) -> list[Suggestion]:
    """Return the public pages whose addresses are most like a path, the likest first."""
    root = Site.objects.select_related("root_page").get(is_default_site=True).root_page
    pages = visible_pages().filter(path__startswith=root.path, depth__gt=root.depth)
    rows = list(pages.order_by("path").values_list("pk", "title", "url_path"))
    names = [_name(url_path) for _, _, url_path in rows]
    found = process.extract(
        _name(path), names, scorer=fuzz.WRatio, limit=SUGGESTED, score_cutoff=ALIKE
    )
    return [
        Suggestion(rows[place][0], rows[place][1], "/" + rows[place][2].removeprefix(root.url_path))
        for _, _, place in found
    ]


def lead(*, address_id: int, to: Page) -> Redirect:
    """Make an address lead to a page from now on.

    :raises NotMissing: if it leads somewhere already.
    """
    address = MissingAddress.objects.get(pk=address_id)
    old_path = Redirect.normalise_path(address.path)
    if Redirect.objects.filter(old_path=old_path).exists():
        raise NotMissing
    redirect: Redirect = Redirect.add_redirect(old_path, to, is_permanent=True)
    address.delete()
    return redirect


def leave_alone(*, address_id: int) -> None:
    """Show an address no more; it goes on being counted."""
    MissingAddress.objects.filter(pk=address_id).update(is_ignored=True)


def forget_old(*, before: dt.datetime) -> int:
    """Drop addresses that nobody has asked for since; return how many."""
    dropped, _ = MissingAddress.objects.filter(last_at__lt=before).delete()
    return dropped


def _name(path: str) -> str:
    """Return the words of an address's last part: “/blog/dry-scalp.html” is “dry scalp”."""
    last = path.rstrip("/").rpartition("/")[2]
    return re.sub(r"[-_+.%]+", " ", re.sub(r"\.html?$", "", last)).lower()
