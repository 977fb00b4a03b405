"""What staff and time do behind the buyer's back: asked line by line over a pipe.

Runs as `python -m tests.browser.backstage` on the settings of the shop under test, because the
tests' own process must not open its database.
"""

import json
import sys
import time
from typing import Any

import django

django.setup()

# Models exist only after the set-up above.
from django.conf import settings  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import F, Sum  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from blog.models import ArticlePage, Comment  # noqa: E402
from blog.models.comments import comments_of  # noqa: E402
from blog.models.spam import PostingCount  # noqa: E402
from catalog import prices, stock  # noqa: E402
from catalog.models import MovementKind, Offer, Reservation, Stock  # noqa: E402
from checkout import payments  # noqa: E402
from checkout.models import Order, Payment, PaymentStatus  # noqa: E402
from freshness.changes import changed  # noqa: E402
from tests.accounts.signing_in import sign_in_at  # noqa: E402
from tests.browser import guide_acts, payload_acts  # noqa: E402
from treatments.models import SessionPass  # noqa: E402


def let_in(email: str) -> dict[str, str]:
    """Sign somebody in who has shown a second factor; return the cookie of the session."""
    client, user = Client(), User.objects.get(email=email)
    client.force_login(user)
    sign_in_at(client, user, time.time())
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value}


def change_price(sku: str, price_minor: int) -> int:
    """Change a price and return what it was."""
    offer = Offer.objects.get(sku=sku)
    prices.change(
        offer_id=offer.pk,
        price_minor=price_minor,
        reason="A test",
        by=None,
        at=timezone.now(),
    )
    return offer.price_minor


def set_free(sku: str, free: int) -> None:
    """Bring the pieces that can still be sold to a number."""
    row = Stock.objects.get(offer__sku=sku)
    difference = free - (row.on_hand - row.reserved)
    if difference > 0:
        stock.receive(
            offer_id=row.offer_id,
            quantity=difference,
            reason="A test",
            by=None,
            at=timezone.now(),
        )
    elif difference < 0:
        stock.adjust(
            offer_id=row.offer_id,
            change=difference,
            kind=MovementKind.COUNTED,
            reason="A test",
            by=None,
            at=timezone.now(),
        )


def shelf(sku: str) -> dict[str, int]:
    """Say how many pieces are there and how many of them are reserved."""
    row = Stock.objects.get(offer__sku=sku)
    return {"on_hand": row.on_hand, "reserved": row.reserved}


def orders_of(email: str) -> list[dict[str, Any]]:
    """Describe every order of a buyer, the oldest first."""
    return [_described(order) for order in Order.objects.filter(email=email).order_by("pk")]


def expire(number: str) -> int:
    """Let the time to pay an order run out."""
    expires_at = Order.objects.get(number=number).expires_at
    return payments.expire_due(at=expires_at or timezone.now())


def let_a_minute_pass(number: str) -> int:
    """Make an order's payments so old that an unanswered one is not repeated any more."""
    unanswered = Payment.objects.filter(order__number=number, status=PaymentStatus.OPENING)
    return unanswered.update(created_at=F("created_at") - 2 * payments.REPEAT_WITHIN)


def fill_comments(slug: str, count: int) -> str:
    """Put public comments below an article and return its address."""
    article, at = ArticlePage.objects.get(slug=slug), timezone.now()
    with transaction.atomic():
        Comment.objects.bulk_create(
            Comment(
                article=article,
                name="Crowd",
                email="crowd@example.com",
                text=f"Remark {number} about hats in summer.",
                status="APPROVED",
                posted_at=at,
                thread_at=at,
            )
            for number in range(count)
        )
        changed(comments_of(article.pk))
    return str(article.url)


def forget_tries() -> int:
    """Forget how often anybody has posted: every visitor here comes from one address."""
    return PostingCount.objects.all().delete()[0]


def _described(order: Order) -> dict[str, Any]:
    passes = SessionPass.objects.filter(grant_reference__startswith=f"{order.reference}:line:")
    return {
        "number": order.number,
        "token": order.access_token,
        "status": order.status,
        "total_minor": order.total_minor,
        "paid_minor": order.paid_minor,
        "lines": {line.sku: line.quantity for line in order.lines.all()},
        "prices": {line.sku: line.unit_price_minor for line in order.lines.all()},
        "payments": sorted(order.payments.values_list("status", flat=True)),
        "sessions": passes.aggregate(all=Sum("entries__sessions"))["all"] or 0,
        "reserved": Reservation.objects.filter(reference=order.reference, status="HELD").aggregate(
            all=Sum("quantity")
        )["all"]
        or 0,
    }


ACTS = {
    act.__name__: act
    for act in (
        let_in,
        change_price,
        set_free,
        shelf,
        orders_of,
        expire,
        let_a_minute_pass,
        fill_comments,
        forget_tries,
        guide_acts.draft,
        guide_acts.let_its_moment_come,
        guide_acts.send_issue,
        guide_acts.subscription,
        guide_acts.addresses_of_readers,
        payload_acts.fill_with_attacks,
        payload_acts.take_attacks_away,
    )
}


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        answer = {"result": ACTS[asked.pop("act")](**asked)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
