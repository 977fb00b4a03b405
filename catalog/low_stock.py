"""One mail a day to those who see the stock: what runs low, and what is soon too short to sell."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from wagtail.permissions import policy_registry

from accounts.models import User
from catalog.batches.soon import soon_unsold
from catalog.models import Batch, Offer, Stock
from catalog.viewsets.offer_list import in_state
from outbox import mail
from outbox.models import OutboundMail

STOCK_RUNS_LOW: Final = "stock_runs_low"
# Written in the morning of the shop's day, so that somebody can order.
FIRST_HOUR: Final = 7
MOST_NAMED: Final = 50


def tell(*, at: dt.datetime) -> int:
    """Write to everybody who may see the stock, once a day and only when there is something.

    :returns: how many mails were written.
    """
    today = timezone.localdate(at)
    if timezone.localtime(at).hour < FIRST_HOUR or _is_told(today) or not _is_worth_it(today):
        return 0
    return sum(
        mail.queue(
            effect_key=f"{_key(today)}{person.pk}",
            event=STOCK_RUNS_LOW,
            to=person.email,
            reference=f"stock:{today.isoformat()}",
            context={"event": STOCK_RUNS_LOW},
            at=at,
        )
        for person in readers()
    )


def readers() -> list[User]:
    """Return the active people who may see the stock."""
    policy = policy_registry.get_by_type(Stock)
    people = policy.users_with_permission("view").filter(is_active=True).order_by("pk")
    return [person for person in people if person.has_perm("wagtailadmin.access_admin")]


def low() -> QuerySet[Offer]:
    """Return the articles that run low or are gone, the emptiest first."""
    found: Any = in_state(Offer.objects.all(), "LOW") | in_state(Offer.objects.all(), "SOLD_OUT")
    rows: QuerySet[Offer] = found.filter(stock__isnull=False).select_related("page", "stock")
    return rows.order_by("stock__on_hand", "sku")


def render(_context: Mapping[str, Any]) -> mail.RenderedMail:
    """Write it as things stand when it is sent."""
    batches = soon_unsold(timezone.localdate()).select_related("offer__page")
    articles = list(low()[:MOST_NAMED])
    return mail.render(
        event=STOCK_RUNS_LOW,
        subject=_subject(len(articles), batches),
        context={
            "articles": articles,
            "batches": list(batches.order_by("sold_until_on", "pk")[:MOST_NAMED]),
            "stock_url": settings.SITE_URL + reverse("offer:index") + "?state=LOW",
            "batches_url": settings.SITE_URL + reverse("batch:index") + "?state=SOON",
        },
    )


def register() -> None:
    """Tell the outbox who writes it."""
    mail.register_renderer(STOCK_RUNS_LOW, render)


def _subject(articles: int, batches: QuerySet[Batch]) -> str:
    told = [f"{articles} article{' runs' if articles == 1 else 's run'} low"] if articles else []
    count = batches.count()
    if count:
        told.append(f"{count} batch{' is' if count == 1 else 'es are'} soon too short to sell")
    return (", ".join(told) or "The stock is in order")[:1].upper() + ", ".join(told)[1:]


def _key(today: dt.date) -> str:
    return f"low-stock:{today.isoformat()}:"


def _is_told(today: dt.date) -> bool:
    return OutboundMail.objects.filter(effect_key__startswith=_key(today)).exists()


def _is_worth_it(today: dt.date) -> bool:
    return low().exists() or soon_unsold(today).exists()
