"""Fill one database with passes and ask the desk and the reports; see `tools.pass_bench`."""

import datetime as dt
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import django

django.setup()

# Models exist only after the set-up above.
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from cms.periods import DAYS  # noqa: E402
from tests.accounts.factories import UserFactory  # noqa: E402
from tests.accounts.signing_in import force_login  # noqa: E402
from tests.treatments.factories import ProtocolFactory  # noqa: E402
from tools.bench.report import write  # noqa: E402
from treatments import promises, reminding  # noqa: E402
from treatments.models import SessionPass  # noqa: E402

SMALL = 100
ROUNDS, REPORTS = 60, 5
DESK_BAR, REPORT_BAR_SECONDS = 2.0, 5.0
SECTION = "bench-passes"
_USERS = """
INSERT INTO accounts_user (id, password, is_superuser, email, name, is_staff, is_active, joined_at)
SELECT 1000 + n, '!', false, 'customer' || n || '@example.com', 'Ada Lindqvist' || n,
       false, true, %(now)s
FROM generate_series(%(first)s, %(last)s) AS n
"""
_PASSES = """
INSERT INTO treatments_sessionpass
    (id, public_id, owner_id, holder_email, treatment_id, grant_reference, validity_rule,
     validity_days, starts_on, expires_on, created_at, claimed_at, package_name, vat_rate_bp,
     paid_minor, paid_sessions, pause_days, holder_phone)
SELECT 1000 + n, md5(n::text)::uuid, 1000 + n, 'customer' || n || '@example.com', %(treatment)s,
       'order:G-' || upper(lpad(to_hex(n), 5, '0')) || '-9QXT:line:1:unit:1', 'FROM_PURCHASE', 365,
       at::date, at::date + 369, at, at, 'Package ' || n %% 20,
       CASE WHEN n %% 2 = 0 THEN 1900 ELSE 0 END, 69999, 10, 90, '4930' || lpad(n::text, 7, '0')
FROM (SELECT n, %(now)s - (n %% 70000) * interval '10 minutes' - interval '150 days' AS at
      FROM generate_series(%(first)s, %(last)s) AS n) AS numbers
"""
# One grant, five sessions, four extensions by a day.
_ENTRIES = """
INSERT INTO treatments_ledgerentry
    (session_pass_id, kind, sessions, held, days, is_override, balance_after, held_after,
     reference, reason, note_digest, happened_at, previous_hash, entry_hash)
SELECT row.id, CASE WHEN step = 1 THEN 'GRANT' WHEN step %% 2 = 0 THEN 'REDEEM' ELSE 'EXTEND' END,
       CASE WHEN step = 1 THEN 10 WHEN step %% 2 = 0 THEN -1 ELSE 0 END, 0,
       CASE WHEN step > 1 AND step %% 2 = 1 THEN 1 ELSE 0 END, false, 10 - step / 2, 0,
       'bench:' || row.id || ':' || step, 'Filled', '',
       row.created_at + (step - 1) * interval '15 days',
       CASE WHEN step = 1 THEN repeat('0', 64)
            ELSE md5(row.id || ':' || step - 1) || md5('x' || row.id || ':' || step - 1) END,
       md5(row.id || ':' || step) || md5('x' || row.id || ':' || step)
FROM treatments_sessionpass AS row, generate_series(1, 10) AS step
WHERE row.id BETWEEN 1000 + %(first)s AND 1000 + %(last)s
ORDER BY row.id, step
"""


def main() -> int:
    passes = int(sys.argv[1])
    call_command("migrate", verbosity=0)
    protocol = ProtocolFactory(min_days=0)
    client = Client()
    force_login(client, UserFactory(manager=True))
    fill(protocol.treatment_id, 1, SMALL)
    small = measured(client, SMALL)
    began = time.perf_counter()
    fill(protocol.treatment_id, SMALL + 1, passes)
    print(f"Filled in {time.perf_counter() - began:.0f} s", flush=True)
    large = measured(client, passes)
    table = report(small, large, passes)
    print(table)
    if "--write" in sys.argv:
        write(SECTION, table.splitlines())
    is_slow = large[YEAR] > REPORT_BAR_SECONDS * 1000
    return int(is_slow or any(large[name] > DESK_BAR * small[name] for name in DESK))


YEAR = "promises of a year, by month"
DESK = (
    "find by code",
    "find by name",
    "find by e-mail",
    "find by order",
    "find by telephone",
    "redeem",
)


def measured(client: Client, passes: int) -> dict[str, float]:
    """Return the 95th percentile of each thing at the desk, and medians of the rest, in ms."""
    searches: dict[str, Callable[[int], str]] = {
        "find by code": lambda n: str(SessionPass.objects.get(pk=1000 + n).public_id),
        "find by name": lambda n: f"lindqvist{n}",
        "find by e-mail": lambda n: f"customer{n}@",
        "find by order": lambda n: f"G-{n:05X}-9QXT",
        "find by telephone": lambda n: f"030 {n:07}",
    }
    last = [passes - number for number in range(ROUNDS)]
    found = {
        name: percentile([took(partial(find, client, words(number))) for number in last])
        for name, words in searches.items()
    }
    found["redeem"] = percentile([took(partial(redeem, client, number)) for number in last])
    for name, act in others(client).items():
        act()
        found[name] = statistics.median(took(act) for _ in range(REPORTS))
    return found


def others(client: Client) -> dict[str, Callable[[], object]]:
    """Return what else is asked, of the year that ends today."""
    today = timezone.localdate()
    year = partial(promises.report, from_on=today - dt.timedelta(days=364), until_on=today)
    return {
        YEAR: year,
        "promises of a year, by day": partial(year, by=DAYS),
        "list of passes, first page": partial(get, client, "/admin/sessionpass/"),
        "list of passes, one or two left": partial(get, client, "/admin/sessionpass/?state=LOW"),
        "reminders, nothing new": lambda: reminding.remind_due(at=at_noon()),
    }


def at_noon() -> dt.datetime:
    return timezone.localtime(timezone.now()).replace(hour=12)


def get(client: Client, address: str, data: Mapping[str, str] | None = None) -> str:
    answer = client.get(address, data)
    assert answer.status_code == 200, (address, answer.status_code)  # noqa: S101
    return str(answer.content.decode())


def find(client: Client, words: str) -> None:
    page = get(client, "/admin/sessionpass/desk/", {"q": words})
    assert "Redeem 1 session" in page, words  # noqa: S101


def redeem(client: Client, number: int) -> None:
    sent = {"token": uuid.uuid4().hex, "q": ""}
    before = SessionPass.objects.get(pk=1000 + number).entries.count()
    answer = client.post(f"/admin/sessionpass/desk/redeem/{1000 + number}/", sent)
    assert answer.status_code == 302  # noqa: S101
    assert SessionPass.objects.get(pk=1000 + number).entries.count() == before + 1  # noqa: S101


def fill(treatment_id: int, first: int, last: int) -> None:
    """Add customers with a pass each, in three statements."""
    facts: dict[str, Any] = {
        "first": first,
        "last": last,
        "now": timezone.now(),
        "treatment": treatment_id,
    }
    for statement in (_USERS, _PASSES, _ENTRIES):
        with transaction.atomic(), connection.cursor() as cursor:
            # Pages keep their limit; a million rows at once may take longer.
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(statement, facts)
        with connection.cursor() as cursor:
            # The next statement's foreign keys are looked up by plans that know the size.
            cursor.execute("ANALYZE")


def took(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def percentile(taken: list[float]) -> float:
    """Return the 95th percentile without the first two, which warm up."""
    return statistics.quantiles(taken[2:], n=20)[-1]


def report(small: Mapping[str, float], large: Mapping[str, float], passes: int) -> str:
    """Write both shops beside each other as a table."""
    lines = [
        f"| what | {SMALL} passes | {passes:,} passes, {passes * 10:,} entries | ratio | bar |",
        "|---|--:|--:|--:|---|",
    ]
    for name, before in small.items():
        after, ratio = large[name], large[name] / before
        bar = ""
        if name in DESK:
            bar = f"2: {'reached' if ratio <= DESK_BAR else 'missed'}"
        elif name == YEAR:
            bar = f"5 s: {'reached' if after <= REPORT_BAR_SECONDS * 1000 else 'missed'}"
        what = f"{name}, 95th percentile" if name in DESK else name
        lines.append(f"| {what} | {before:.0f} ms | {after:.0f} ms | {ratio:.2f} | {bar} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
