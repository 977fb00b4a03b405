"""The quote of what would come back, from the terms of the line and the entries of the ledger."""

import datetime as dt

from django.test import Client
from django.utils import timezone
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.models import User
from catalog.models import Offer
from checkout.models import OrderLine
from checkout.pass_values import PassValue, pass_value
from tests.accounts.factories import UserFactory
from tests.catalog.factories import OfferFactory, PackagePageFactory, TreatmentFactory
from tests.checkout import buying
from tests.checkout.factories import OrderFactory, OrderLineFactory
from tests.treatments.factories import NOON, SessionPassFactory
from treatments import ledger
from treatments.models import SessionPass

pytestmark = pytest.mark.django_db

TODAY = NOON.date()


def bought(
    *, paid_minor: int = 48_000, single: int | None = 9_000, sessions: int = 6
) -> SessionPass:
    """A pass that was bought with a line of an order."""
    line = OrderLineFactory.create(
        order=OrderFactory.create(),
        offer=OfferFactory.create(package=True),
        unit_price_minor=paid_minor,
        quantity=1,
        sessions=sessions,
        single_price_minor=single,
    )
    return SessionPassFactory.create(
        treatment_id=line.treatment_id,
        sessions=sessions,
        reference=f"order:{line.order.number}:line:{line.position}:unit:1",
    )


def use(row: SessionPass, times: int) -> None:
    """Redeem sessions four weeks apart."""
    for number in range(times):
        at = NOON + dt.timedelta(days=28 * number)
        ledger.redeem(pass_id=row.pk, reference=f"{row.pk}:{number}", by=None, at=at)


def worth(row: SessionPass, *, on: dt.date = TODAY) -> PassValue:
    found = pass_value(row, on=on)
    assert found is not None
    return found


def test_a_new_pass_brings_back_what_was_paid() -> None:
    assert worth(bought()).refund.minor == 48_000


def test_used_sessions_count_at_the_single_price_of_the_line() -> None:
    row = bought()
    use(row, 2)

    value = worth(row)

    assert (value.used.minor, value.refund.minor) == (18_000, 30_000)
    assert value.single is not None
    assert value.single.minor == 9_000


def test_a_session_that_was_put_back_is_not_used() -> None:
    row = bought()
    entry = ledger.redeem(pass_id=row.pk, reference="r", by=None, at=NOON)
    ledger.restore(entry_id=entry.pk, reference="u", by=None, at=NOON)

    assert worth(row).refund.minor == 48_000


def test_what_was_passed_on_is_its_new_holders() -> None:
    row = bought()
    ledger.transfer(
        pass_id=row.pk,
        sessions=2,
        to_email="b@example.com",
        to=None,
        reference="t",
        by=None,
        at=NOON,
    )

    value = worth(row)
    received = SessionPass.objects.get(holder_email="b@example.com")

    assert (value.passed_on.minor, value.refund.minor) == (16_000, 32_000)
    assert pass_value(received, on=TODAY) is None


def test_nothing_is_promised_for_a_pass_that_is_over_or_used_up() -> None:
    over, used_up = bought(), bought(sessions=1)
    use(used_up, 1)

    assert pass_value(over, on=TODAY + dt.timedelta(days=800)) is None
    assert pass_value(used_up, on=TODAY) is None


def test_nothing_is_promised_for_a_pass_that_nobody_bought_here() -> None:
    assert pass_value(SessionPassFactory.create(reference="gift of the clinic"), on=TODAY) is None


def test_a_price_that_changes_later_changes_nothing() -> None:
    row = bought()
    line = OrderLine.objects.get()
    line.offer.price_minor = 99_000
    line.offer.save()

    assert worth(row).refund.minor == 48_000


@settings(max_examples=25, deadline=None)
@given(
    paid=st.integers(min_value=1, max_value=200_000),
    single=st.none() | st.integers(min_value=0, max_value=50_000),
    sessions=st.integers(min_value=1, max_value=8),
    used=st.integers(min_value=0, max_value=7),
)
def test_refund_and_what_was_used_sum_to_what_was_paid(
    paid: int, single: int | None, sessions: int, used: int
) -> None:
    row = bought(paid_minor=paid, single=single, sessions=sessions)
    use(row, min(used, sessions - 1))

    value = worth(row)

    assert value.refund.minor + value.used.minor + value.passed_on.minor == paid


def test_what_the_page_of_a_package_promises_is_what_its_pass_brings_back(client: Client) -> None:
    at = timezone.now()
    treatment = TreatmentFactory.create()
    page, other = (PackagePageFactory.create(treatment=treatment) for _ in range(2))
    sizes = {"package": True, "treatment": treatment}
    offer = OfferFactory.create(**sizes, page=page, price_minor=48_000)
    single = OfferFactory.create(**sizes, page=other, price_minor=9_000, sessions=1)
    told = client.get(page.url).context["refunds"]
    order = buying.place(buying.basket_with((offer, 1), at=at), at=at)
    Offer.objects.filter(pk=single.pk).update(price_minor=99_000)
    line = order.lines.get()
    row = SessionPassFactory.create(
        treatment_id=line.treatment_id,
        sessions=6,
        reference=f"{order.reference}:line:{line.position}:unit:1",
    )

    assert [each.used for each in told.rows] == [0, 1, 2, 3, 4, 5]
    for each in told.rows:
        assert each.amounts == (worth(row).refund,)
        if each.used < 5:
            at = NOON + dt.timedelta(days=28 * each.used)
            ledger.redeem(pass_id=row.pk, reference=f"u:{each.used}", by=None, at=at)


def test_customers_read_the_formula_on_the_page_of_their_pass(client: Client) -> None:
    user: User = UserFactory.create(email="ada@example.com", verified=True)
    client.force_login(user)
    row = bought()
    SessionPass.objects.filter(pk=row.pk).update(owner=user)
    use(row, 1)

    words = client.get(f"/account/passes/{row.public_id}/").content.decode()

    for part in ("What would I get back today?", "€480.00", "€90.00", "€390.00", "5 that are left"):
        assert part in words
