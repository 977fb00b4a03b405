"""What staff do in a process of their own: asked line by line over a pipe.

Runs as `python -m tests.pages.acts` on the settings of the shop behind nginx.
"""

import json
import sys
from typing import Any

import django

django.setup()

# Models exist only after the set-up above.
from importlib import import_module  # noqa: E402

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.utils import timezone  # noqa: E402
from wagtail.models import Page  # noqa: E402

from accounts.models import User  # noqa: E402
from blog import likeness  # noqa: E402
from catalog import prices, stock  # noqa: E402
from catalog.models import MovementKind, Offer, ProductPage, Stock  # noqa: E402
from cms import social_pictures  # noqa: E402
from storefront.jobs import JOBS  # noqa: E402
from storefront.models import SiteSettings  # noqa: E402
from tests.pages import kinds  # noqa: E402

# Jobs of the worker that change what pages show.
FOR_PAGES = {"tasks", "pictures", "search-words"}


def sells(sku: str) -> dict[str, Any]:
    """Tell where an offer is sold, and what of it there is."""
    offer = Offer.objects.select_related("page").get(sku=sku)
    return {"url": offer.page.url, "page": offer.page_id, "free": offer.stock.available}


def skus(count: int) -> list[str]:
    """Name products that are in stock, each sold on a page of its own."""
    offers = Offer.objects.filter(kind="PRODUCT", page__live=True, is_kit=False)
    found = {offer.page_id: offer.sku for offer in offers.order_by("-pk")}
    return sorted(found.values())[:count]


def public_urls() -> list[str]:
    """List the addresses of all public pages."""
    pages = Page.objects.live().public().filter(depth__gt=1)
    return [page.url for page in pages if page.url]


def change_price(sku: str, price_minor: int) -> None:
    offer = Offer.objects.get(sku=sku)
    prices.change(
        offer_id=offer.pk, price_minor=price_minor, reason="A test", by=None, at=timezone.now()
    )


def leave(sku: str, free: int) -> None:
    """Bring the pieces that can still be sold to a number."""
    row = Stock.objects.get(offer__sku=sku)
    stock.adjust(
        offer_id=row.offer_id,
        change=free - row.available,
        kind=MovementKind.COUNTED,
        reason="A test",
        by=None,
        at=timezone.now(),
    )


def publish(page: int, benefit: str) -> None:
    """Publish a page with another line under its title."""
    found = ProductPage.objects.get(pk=page)
    found.benefit = benefit
    found.save_revision().publish()


def take_back(page: int) -> None:
    Page.objects.get(pk=page).specific.unpublish()


def announce(text: str) -> None:
    shop = SiteSettings.load()
    shop.announcement = text
    shop.save()


def kinds_of_things() -> dict[str, list[str]]:
    """Name each kind of thing, a page that shows one, and what it says once that has changed."""
    return {name: [kind.at(), kind.says] for name, kind in kinds.KINDS.items()}


def change_kind(name: str) -> None:
    kinds.KINDS[name].change()


def catch_up() -> None:
    """Do what the worker has yet to do for pages, so that they rest until the next act."""
    for job in JOBS:
        if job.name in FOR_PAGES:
            job.run(timezone.now())
    while likeness.work(at=timezone.now()) or social_pictures.draw_due(at=timezone.now()):
        pass


def sign_in(name: str, email: str) -> str:
    """Make an account and return the cookie of somebody who is signed in to it."""
    user = User.objects.create_user(email)
    user.name = name
    user.save()
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


ACTS = {
    act.__name__: act
    for act in (
        announce, catch_up, change_kind, change_price, kinds_of_things, leave, public_urls,
        publish, sells, sign_in, skus, take_back,
    )
}  # fmt: skip


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        answer = {"result": ACTS[asked.pop("act")](**asked)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
