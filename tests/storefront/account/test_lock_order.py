"""Whoever claims, merges or leaves locks orders before the gifts and passes that came of them."""

import datetime as dt
import re
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext
import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from accounts.person import person_of
from checkout.models import Order
from storefront.account import closing
from storefront.account.claiming import claim_all
from storefront.customers import merging
from tests.accounts.factories import UserFactory
from tests.checkout.factories import OrderFactory
from tests.storefront.account.conftest import EMAIL
from tests.treatments.factories import SessionPassFactory
from treatments import appointments
from treatments.appointments import Asked, Wish
from treatments.models import DayPart
from treatments.spacing import clinic_day

pytestmark = pytest.mark.django_db

OTHER = "zora@work.example"
ORDER = "checkout_order"
_LOCKS = re.compile(
    r'UPDATE "(?P<written>\w+)"|.* FROM "(?P<read>\w+)".* FOR (?P<no_key>NO KEY )?UPDATE'
)


@pytest.fixture
def own_order(zoraida: User) -> Order:
    order: Order = OrderFactory.create(user=zoraida, email=EMAIL, status="SHIPPED")
    return order


@pytest.fixture
def own_passes(zoraida: User, at: dt.datetime) -> None:
    """Two passes and an appointment of the second one."""
    SessionPassFactory.create(owner=None, holder_email=EMAIL, at=at)
    later = SessionPassFactory.create(owner=zoraida, holder_email=EMAIL, at=at)
    appointments.ask(
        pass_id=later.pk,
        asked=Asked([Wish(clinic_day(at) + dt.timedelta(days=40), DayPart.EVENING)]),
        closed_on=(),
        reference="appointment:1",
        by=zoraida,
        at=at,
    )


def locks_of(act: Callable[[], object]) -> list[tuple[str, str]]:
    """Return table and statement of whatever locks rows of orders and sessions, in its order."""
    with CaptureQueriesContext(connection) as asked:
        act()
    found = ((_LOCKS.match(each["sql"]), each["sql"]) for each in asked.captured_queries)
    named = [(match["written"] or match["read"], sql) for match, sql in found if match]
    return [each for each in named if each[0] == ORDER or each[0].startswith("treatments_")]


def before_sessions(locks: list[tuple[str, str]]) -> list[str]:
    """Return what locks orders before the first gift, appointment or pass is locked."""
    tables = [table for table, _ in locks]
    first = next(number for number, table in enumerate(tables) if table != ORDER)
    return [sql for _, sql in locks[:first]]


def locks_own(sql: str, *users: User) -> bool:
    """Whether a statement locks all orders of the accounts, and those they could claim."""
    owned = all(f'"{ORDER}"."user_id" = {user.pk}' in sql for user in users)
    return owned and f'"{ORDER}"."user_id" IS NULL' in sql


def in_order(locks: list[tuple[str, str]]) -> bool:
    """Whether gifts, appointments and passes follow each other, and all passes go by their ids."""
    wanted = ["treatments_gift", "treatments_appointment", "treatments_sessionpass"]
    tables = list(dict.fromkeys(table for table, _ in locks))
    passes = next(sql for table, sql in locks if table == wanted[-1])
    by_id = passes.startswith(f'SELECT "{wanted[-1]}"."id"') and "ORDER BY 1 ASC FOR" in passes
    return tables[:4] == [ORDER, *wanted] and by_id


def needs_row_locks() -> None:
    if not connection.features.has_select_for_update:
        pytest.skip("rows are locked one by one on PostgreSQL")


def test_of_many_addresses_all_orders_are_claimed_before_the_first_pass(
    zoraida: User, at: dt.datetime
) -> None:
    EmailAddress.objects.create(user=zoraida, email=OTHER, verified=True)
    for email in (EMAIL, OTHER):
        OrderFactory.create(user=None, email=email, status="SHIPPED")
        SessionPassFactory.create(owner=None, holder_email=email, at=at)

    locks = locks_of(lambda: claim_all(person_of(zoraida), at=at))

    tables = list(dict.fromkeys(table for table, _ in locks))
    assert tables == [ORDER, "treatments_sessionpass"]
    assert [table for table, _ in locks] == sorted(table for table, _ in locks)


@pytest.mark.usefixtures("own_order", "own_passes")
def test_whoever_leaves_locks_all_orders_before_gifts_and_passes(
    zoraida: User, at: dt.datetime
) -> None:
    needs_row_locks()

    locks = locks_of(lambda: closing.close_account(user_id=zoraida.pk, gives_up_passes=True, at=at))

    assert any(locks_own(sql, zoraida) for sql in before_sessions(locks))
    assert in_order(locks)


@pytest.mark.usefixtures("own_order", "own_passes")
def test_a_merge_locks_all_orders_of_both_before_gifts_and_passes(
    zoraida: User, at: dt.datetime
) -> None:
    needs_row_locks()
    zora = UserFactory.create(email=OTHER, verified=True)
    by = UserFactory.create(is_staff=True)

    locks = locks_of(
        lambda: merging.merge(
            gone_id=zoraida.pk, stays_id=zora.pk, reason="Her passport", by=by, at=at
        )
    )

    assert any(locks_own(sql, zoraida, zora) for sql in before_sessions(locks))
    assert in_order(locks)


def test_the_key_of_an_account_stays_free_for_what_names_it(zoraida: User, at: dt.datetime) -> None:
    """A payment that has locked its order writes whose passes it grants."""
    needs_row_locks()

    with CaptureQueriesContext(connection) as asked:
        closing.close_account(user_id=zoraida.pk, gives_up_passes=True, at=at)

    said = [each["sql"] for each in asked.captured_queries if "accounts_user" in each["sql"]]
    assert said[0].endswith("FOR NO KEY UPDATE")
