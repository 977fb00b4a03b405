"""Fill one database with orders and ask the order desk; started by `tools.desk_bench`."""

import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import django

django.setup()

# Models exist only after the set-up above.
from django.core.management import call_command  # noqa: E402
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from tests.accounts.factories import UserFactory  # noqa: E402
from tests.accounts.signing_in import force_login  # noqa: E402
from tests.catalog.factories import TreatmentFactory  # noqa: E402
from tests.checkout import buying  # noqa: E402
from tools.bench.report import write  # noqa: E402

SMALL = 1_000
ROUNDS = 7
BAR = 3.0
MOST_QUERIES = 20
SECTION = "bench-desk"
LIST = "/admin/orders/"
ORDER = "/admin/orders/inspect/"
# Orders are two minutes apart and the newest is of now. Of what is rare there is as much in a small
# shop as in a large one, and each buyer has 60 orders, so that both show pages of one length.
_ORDERS = """
INSERT INTO checkout_order
    (id, number, access_token, checkout_token, email, name, phone, status, review_reason, currency,
     goods_minor, packages_minor, delivery_minor, vat_minor, total_minor, paid_minor,
     refunded_minor, refund_reserved_minor, needs_delivery, delivery_name, delivery_line1,
     delivery_line2, delivery_postcode, delivery_city, delivery_country, delivery_method_code,
     delivery_method_name, delivery_method_kind, delivery_estimate, fulfilment, pieces_to_pack,
     parcels_waiting, terms_version, placed_at, paid_at, arrives_until_on)
SELECT 1000 + n, 'G-' || substr(hex, 1, 4) || '-' || substr(hex, 5), md5('a' || n), md5('c' || n),
       'buyer' || lpad((n %% rare)::text, 6, '0') || '@example.com',
       (ARRAY['Ada', 'Bea', 'Cleo', 'Dora', 'Edith', 'Femke', 'Greta'])[1 + n %% 7] || ' Name'
           || lpad((n %% rare)::text, 6, '0'), '', status, '', 'EUR',
       goods, packages, 490, 461, goods + packages + 490,
       CASE WHEN is_paid THEN goods + packages + 490 ELSE 0 END,
       CASE WHEN status = 'REFUNDED' THEN 500 ELSE 0 END, 0, goods > 0, 'Ada', 'Turmstr. 4',
       '', '10559', 'Berlin', (ARRAY['DE', 'DE', 'DE', 'AT', 'FR'])[1 + n %% 5],
       CASE WHEN n %% 4 = 0 THEN 'express' ELSE 'standard' END, 'Courier', 'COURIER', '',
       CASE WHEN goods = 0 THEN 'NOTHING_TO_SEND' WHEN status = 'PAID' THEN 'UNFULFILLED'
            ELSE 'FULFILLED' END,
       CASE WHEN goods > 0 AND status = 'PAID' THEN 2 ELSE 0 END, 0, '2026-11', at,
       CASE WHEN is_paid THEN at END, at::date + 3
FROM (
    SELECT *, status NOT IN ('CANCELLED', 'EXPIRED', 'PAYMENT_PROCESSING') AS is_paid
    FROM (
        SELECT n, last, rare, upper(lpad(to_hex(n), 8, '0')) AS hex,
               now() - (last - n) * interval '2 minutes' AS at,
               CASE WHEN n %% 20 = 0 THEN 0 ELSE 4800 END AS goods,
               CASE WHEN n %% 10 = 0 THEN 42000 ELSE 0 END AS packages,
               CASE WHEN n > last - 60 THEN 'PAID' WHEN n %% rare = 0 THEN 'NEEDS_REVIEW'
                    WHEN n %% rare = 1 THEN 'PAYMENT_PROCESSING'
                    WHEN n %% 16 = 2 THEN 'REFUNDED' WHEN n %% 16 = 3 THEN 'CANCELLED'
                    WHEN n %% 16 = 5 THEN 'EXPIRED' ELSE 'COMPLETED' END AS status
        FROM (SELECT %(last)s AS last, %(last)s / 60 AS rare) AS bound,
             generate_series(1, %(last)s) AS n
    ) AS numbers
) AS facts
"""
_LINES = """
INSERT INTO checkout_orderline
    (order_id, position, offer_id, kind, sku, name, label, unit_price_minor, quantity, total_minor,
     vat_rate_bp, vat_minor, tax_code, validity_rule, refund_terms_version)
SELECT 1000 + n, step, offer.id, 'PRODUCT', offer.sku, 'Daily Wash', '250 ml', 2400, 1, 2400, 1900,
       383, '', '', ''
FROM generate_series(1, %(last)s) AS n, generate_series(1, 2) AS step,
     (SELECT id, sku, row_number() OVER (ORDER BY id) AS place FROM catalog_offer) AS offer
WHERE offer.place = 1 + (CASE WHEN n %% (%(last)s / 60) = 7 THEN 8 ELSE (n + step) %% 8 END)
ORDER BY n, step
"""
_PACKAGES = """
INSERT INTO checkout_orderline
    (order_id, position, offer_id, kind, sku, name, label, unit_price_minor, quantity, total_minor,
     vat_rate_bp, vat_minor, tax_code, treatment_id, sessions, validity_days, validity_rule,
     refund_terms_version)
SELECT row.id, 3, offer.id, 'PACKAGE', offer.sku, 'Course', '6 sessions', 42000, 1, 42000, 0, 0, '',
       %(treatment)s, 6, 365, 'FROM_PURCHASE', ''
FROM checkout_order AS row, (SELECT id, sku FROM catalog_offer ORDER BY id LIMIT 1) AS offer
WHERE row.id BETWEEN 1001 AND 1000 + %(last)s AND row.packages_minor > 0
"""
_PASSES = """
INSERT INTO treatments_sessionpass
    (id, public_id, holder_email, treatment_id, grant_reference, validity_rule, validity_days,
     starts_on, expires_on, created_at)
SELECT row.id, md5('p' || row.id)::uuid, row.email, %(treatment)s,
       'order:' || row.number || ':line:3:unit:1', 'FROM_PURCHASE', 365,
       row.paid_at::date, row.paid_at::date + 369, row.paid_at
FROM checkout_order AS row
WHERE row.id BETWEEN 1001 AND 1000 + %(last)s AND row.packages_minor > 0
  AND row.paid_at IS NOT NULL
"""
# A grant of six sessions, and two that were used.
_ENTRIES = """
INSERT INTO treatments_ledgerentry
    (session_pass_id, kind, sessions, held, days, is_override, balance_after, held_after,
     reference, reason, note_digest, happened_at, previous_hash, entry_hash)
SELECT row.id, CASE WHEN step = 1 THEN 'GRANT' ELSE 'REDEEM' END,
       CASE WHEN step = 1 THEN 6 ELSE -1 END, 0, 0, false, 7 - step, 0,
       'bench:' || row.id || ':' || step, 'Filled', '',
       row.created_at + (step - 1) * interval '15 days',
       CASE WHEN step = 1 THEN repeat('0', 64)
            ELSE md5(row.id || ':' || step - 1) || md5('x' || row.id || ':' || step - 1) END,
       md5(row.id || ':' || step) || md5('x' || row.id || ':' || step)
FROM treatments_sessionpass AS row, generate_series(1, 3) AS step
WHERE row.id BETWEEN 1001 AND 1000 + %(last)s
"""
# One in eight is paid at the terminal, and a few in cash.
_PAYMENTS = """
INSERT INTO checkout_payment
    (id, order_id, attempt, status, idempotency_key, params, amount_minor, currency, way,
     taken_by_id, session_id, payment_intent, url, created_at, expires_at, paid_at)
SELECT id, id, 1, 'SUCCEEDED', number || '-attempt-1', '{}', total_minor, 'EUR', way,
       CASE WHEN way <> 'STRIPE' THEN %(user)s END,
       CASE WHEN way = 'STRIPE' THEN 'cs_' || number END,
       CASE WHEN way = 'STRIPE' THEN 'pi_' || number END,
       '', placed_at, placed_at, paid_at
FROM (
    SELECT *, CASE WHEN (id - 1000) %% (%(last)s / 60) = 9 THEN 'CASH'
                   WHEN id %% 8 = 4 THEN 'TERMINAL' ELSE 'STRIPE' END AS way
    FROM checkout_order
    WHERE id BETWEEN 1001 AND 1000 + %(last)s AND paid_at IS NOT NULL
) AS paid
"""
_REFUNDS = """
INSERT INTO checkout_refund
    (payment_id, order_id, amount_minor, currency, status, idempotency_key, reason, failure,
     created_at, next_try_at, finished_at)
SELECT row.id, row.id, 500, 'EUR', 'SUCCEEDED', 'refund-' || row.number, 'Broken', '',
       row.paid_at, row.paid_at, row.paid_at
FROM checkout_order AS row
WHERE row.id BETWEEN 1001 AND 1000 + %(last)s AND row.status = 'REFUNDED'
"""
_SHIPMENTS = """
INSERT INTO checkout_shipment
    (order_id, position, reference, status, is_pickup, pickup_code, carrier, tracking_number,
     tracking_url, packed_at, handed_over_at)
SELECT row.id, 1, 'bench:' || row.id, 'HANDED_OVER', false, '', 'DHL', 'T' || row.id, '',
       row.paid_at, row.paid_at
FROM checkout_order AS row
WHERE row.id BETWEEN 1001 AND 1000 + %(last)s AND row.fulfilment = 'FULFILLED'
  AND row.paid_at IS NOT NULL
"""
_TAGS = """
INSERT INTO checkout_ordertag (order_id, name)
SELECT 1000 + n, (ARRAY['press', 'gift', 'call back', 'wholesale'])[1 + n %% 4]
FROM generate_series(1, %(last)s) AS n WHERE n %% (%(last)s / 250) = 1
"""
_STATEMENTS = (
    _ORDERS,
    _LINES,
    _PACKAGES,
    _PASSES,
    _ENTRIES,
    _PAYMENTS,
    _REFUNDS,
    _SHIPMENTS,
    _TAGS,
)


@dataclass(frozen=True)
class Measured:
    """The medians of some rounds in both shops in milliseconds, and the queries of the large one.

    :ivar is_list: whether the bar of queries is for it.
    """

    small_ms: float
    large_ms: float
    queries: int
    is_list: bool

    @property
    def is_missed(self) -> bool:
        too_many = self.is_list and self.queries > MOST_QUERIES
        return too_many or self.large_ms > BAR * self.small_ms


class Shop:
    """So many orders in a database of their own, and somebody signed in there."""

    def __init__(self, orders: int, user: User, database: BaseDatabaseWrapper) -> None:
        self.orders, self._database = orders, database
        self._client = Client()
        self.open()
        force_login(self._client, user)

    def open(self) -> None:
        """Let whatever asks the database from now on ask this one."""
        connections[DEFAULT_DB_ALIAS] = self._database

    def get(self, address: str) -> None:
        self.open()
        answer = self._client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)  # noqa: S101


def connection_to(name: str) -> BaseDatabaseWrapper:
    """Return a connection of its own to a database of the server."""
    wrapper: BaseDatabaseWrapper = connections.create_connection(DEFAULT_DB_ALIAS)
    wrapper.settings_dict = {**wrapper.settings_dict, "NAME": name}
    return wrapper


def twin(name: str) -> BaseDatabaseWrapper:
    """Copy the database as it is, and return a connection to the copy."""
    copied = connection.settings_dict["NAME"]
    connection.close()
    outside = connection_to("template1")
    with outside.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{copied}"')
    outside.close()
    return connection_to(name)


class Counted:
    """Counts what is asked of the database, savepoints left out."""

    def __init__(self) -> None:
        self.queries = 0

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        self.queries += "SAVEPOINT" not in sql
        return execute(sql, *rest)


def main() -> int:
    orders = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    at = timezone.now()
    for number in range(9):
        buying.product(f"WASH-{number}", at=at)
    buying.courier()
    user = UserFactory(manager=True)
    treatment = TreatmentFactory()
    whole = connection.settings_dict["NAME"]
    small, large = Shop(SMALL, user, twin("small")), Shop(orders, user, connection_to(whole))
    for shop in (small, large):
        began = time.perf_counter()
        shop.open()
        fill(shop.orders, treatment=treatment.pk, user=user.pk)
        print(f"Filled {shop.orders:,} in {time.perf_counter() - began:.0f} s", flush=True)
    return compare(small, large)


def compare(small: Shop, large: Shop) -> int:
    """Ask both shops, write the table, and return 0 if every bar was reached."""
    pages = questions(large.orders)
    rows = {
        name: measure(
            partial(small.get, page), partial(large.get, pages[name]), is_list=is_list(page)
        )
        for name, page in questions(small.orders).items()
    }
    table = report(rows, small.orders, large.orders)
    print(table)
    if "--write" in sys.argv:
        write(SECTION, table.splitlines())
    return int(any(row.is_missed for row in rows.values()))


def questions(orders: int) -> dict[str, str]:
    """Return what is asked: every page by its address."""
    middle = orders // 2
    month = dt.timedelta(days=1)
    from_on = (timezone.localdate() - month).isoformat()
    high, low = divmod(middle, 65536)
    asked = {
        "first page": "",
        "page 15": "?p=15",
        "to pack": "?to_do=PACK",
        "to hand over": "?to_do=HAND_OVER",
        "needs review": "?to_do=REVIEW",
        "disputed": "?to_do=DISPUTE",
        "completed": "?status=COMPLETED",
        "awaiting bank": "?status=PAYMENT_PROCESSING",
        "cancelled or expired": "?status=CANCELLED&status=EXPIRED",
        "not sent": "?fulfilment=UNFULFILLED",
        "placed since yesterday": f"?placed_at_from={from_on}",
        "sessions alone": "?contents=SESSIONS",
        "goods and sessions": "?contents=BOTH",
        "to France": "?delivery_country=FR",
        "express": "?delivery_method_code=express",
        "paid by Stripe": "?way=STRIPE",
        "paid at the terminal": "?way=TERMINAL",
        "paid in cash": "?way=CASH",
        "paid by gift card": "?way=GIFT_CARD",
        "a tag": "?tag=press",
        "with a refund": "?has_refund=true",
        "without a refund": "?has_refund=false",
        "search: number": f"?q=G-{high:04X}-{low:04X}",
        "search: e-mail": "?q=buyer000009@example.com",
        "search: beginning of an e-mail": "?q=buyer00000",
        "search: name": "?q=Name000009",
        "search: common name": "?q=Greta",
        "search: common SKU": "?q=WASH-3",
        "search: rare SKU": "?q=WASH-8",
        "search: tracking number": f"?q=T{1000 + middle + 1}",
        "search: Stripe id": f"?q=pi_G-{high:04X}-{low + 2:04X}",
        "search: part of a name": "?q=ame000009",
        "search: nothing": "?q=nobody at all",
    }
    pages = {f"orders, {name}": f"{LIST}{query}" for name, query in asked.items()}
    return pages | {
        "one order": f"{ORDER}{1000 + middle}/",
        "packing queue": f"{LIST}packing/",
        "parcels that wait": f"{LIST}parcels/",
        "order for a customer, by name": f"{LIST}for-customer/?q=Name000009",
        "admin's first page": "/admin/",
    }


def is_list(page: str) -> bool:
    return page.startswith(LIST) and not page.startswith(ORDER)


def measure(small: Callable[[], object], large: Callable[[], object], *, is_list: bool) -> Measured:
    """Ask both shops in turn, so that whatever else the machine does meets both alike."""
    small()
    large()
    counted = Counted()
    with connection.execute_wrapper(counted):
        large()
    rounds = [(took(small), took(large)) for _ in range(ROUNDS)]
    before, after = map(statistics.median, zip(*rounds, strict=True))
    return Measured(before, after, counted.queries, is_list)


def took(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def fill(last: int, *, treatment: int, user: int) -> None:
    """Add orders with all that belongs to them, one statement a kind of row.

    :param last: how many orders.
    :param treatment: what their packages are of, by its id.
    :param user: who takes what is paid by hand, by their id.
    """
    facts = {"last": last, "treatment": treatment, "user": user}
    for statement in _STATEMENTS:
        with transaction.atomic(), connection.cursor() as cursor:
            # Pages keep their limit; a million rows at once may take longer.
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(statement, facts)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("RESET statement_timeout")


def report(rows: Mapping[str, Measured], small: int, large: int) -> str:
    """Write both shops beside each other as a table."""
    lines = [
        f"| page | {small:,} orders | {large:,} orders | ratio | queries | bar |",
        "|---|--:|--:|--:|--:|---|",
    ]
    for name, row in rows.items():
        passed = "missed" if row.is_missed else "reached"
        ratio = row.large_ms / row.small_ms
        lines.append(
            f"| {name} | {row.small_ms:.0f} ms | {row.large_ms:.0f} ms | {ratio:.2f}"
            f" | {row.queries} | {passed} |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
