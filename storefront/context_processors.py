"""What every page shows around its own content."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from checkout import shipping
from checkout.shipping import DeliveryPlan
from freshness import keeping
from freshness.answers import shows
from freshness.changes import SITE
from freshness.log import log
from storefront import navigation
from storefront.blocks import Link
from storefront.models import SiteSettings

# Where nothing follows the log of changes, a page that was moved leaves the menus after this long.
KEPT_SECONDS = 60
# A template tag with a template of its own asks again.
_KEPT_AS = "_galea_shop"


@dataclass(frozen=True)
class Clinic:
    """Where and when the clinic can be reached; texts may hold several lines."""

    address: str
    phone: str
    email: str
    hours: str

    @property
    def phone_href(self) -> str:
        digits = "".join(character for character in self.phone if character in "+0123456789")
        return f"tel:{digits}" if digits else ""


@dataclass(frozen=True)
class Shop:
    """The shop's name, menus and facts, ready to be shown."""

    name: str
    navigation: list[Link]
    footer_groups: list[tuple[str, list[Link]]]
    announcement: str
    delivery_note: str
    returns_note: str
    clinic: Clinic
    company_name: str
    imprint: str
    test_payments: bool
    delivery: DeliveryPlan | None
    # How far the log of changes was read before this was; none if it may be outdated.
    as_of: int | None = None


# What this process built last, and which version of what stands on every page it was built from.
_known: tuple[int, Shop] | None = None


def shop(request: HttpRequest) -> dict[str, Any]:
    """Give templates ``shop``, read once for a request and before its page is rendered.

    The admin's templates do not show it: there it is read only if one asks.
    """
    kept = vars(request)
    if _KEPT_AS not in kept:
        is_admin = request.path.startswith(reverse("wagtailadmin_home"))
        kept[_KEPT_AS] = SimpleLazyObject(current_shop) if is_admin else current_shop()
    return {"shop": kept[_KEPT_AS]}


def current_shop() -> Shop:
    """The shop as it stands; three queries after something changed that any page shows."""
    global _known
    shows(until=_new_year())
    since = keeping.as_of()
    version = log.version(SITE)
    if version is None:
        return _kept_for_a_minute()
    if _known is None or _known[0] != version:
        _known = version, _build(since)
    return _known[1]


def _kept_for_a_minute() -> Shop:
    kept = cache.get(navigation.CACHE_KEY)
    if isinstance(kept, Shop):
        return kept
    built = _build()
    cache.set(navigation.CACHE_KEY, built, KEPT_SECONDS)
    return built


def _new_year() -> dt.datetime:
    """When the year at the foot of every page is over."""
    now = timezone.localtime()
    return now.replace(year=now.year + 1, month=1, day=1, hour=0, minute=0, second=0, microsecond=0)


def _build(since: int | None = None) -> Shop:
    stored = SiteSettings.objects.order_by("pk").first() or SiteSettings()
    main, footer = navigation.resolve(
        stored.main_navigation.raw_data, stored.footer_groups.raw_data
    )
    return Shop(
        name=settings.WAGTAIL_SITE_NAME,
        navigation=main,
        footer_groups=footer,
        announcement=stored.announcement,
        delivery_note=stored.delivery_note,
        returns_note=stored.returns_note,
        clinic=Clinic(
            address=stored.clinic_address,
            phone=stored.clinic_phone,
            email=stored.clinic_email,
            hours=stored.clinic_hours,
        ),
        company_name=stored.company_name,
        imprint=stored.company_imprint,
        test_payments=bool(settings.STRIPE_API_BASE),
        delivery=shipping.default_plan(at=timezone.now()),
        as_of=since,
    )
