"""The promises report says of any days what a fold of the ledger says."""

import csv
import datetime as dt
import io
import os
import random
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
import pytest

from cms.periods import DAYS, MONTHS
from tests.treatments.factories import SessionPassFactory, TreatmentFactory
from tests.treatments.test_desk import ROLES, a_pass, signed_in
from treatments import ledger, promises
from treatments.models import LedgerEntry, SessionPass
from treatments.promises import MOVEMENTS, Package, Promised
from treatments.standing import standing_of

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 1, 20, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SIX = ledger.Sold(package_name="Microdermabrasion 6 sessions", vat_rate_bp=1900, paid_minor=42001)
TEN = ledger.Sold(package_name="Hydration 10 sessions", vat_rate_bp=0, paid_minor=69999)
KINDS = {
    "sold": {"GRANT"},
    "redeemed": {"REDEEM", "RESTORE"},
    "refunded": {"REFUND"},
    "expired": {"EXPIRE"},
    "passed_on": {"TRANSFER_OUT", "TRANSFER_IN"},
    "adjusted": {"ADJUST"},
}
_MOVES = set().union(*KINDS.values())
# So many random histories, each of 60 acts; `LEDGER_HISTORIES` says how many instead.
HISTORIES = int(os.environ.get("LEDGER_HISTORIES", "12"))


class History:
    """Random acts on a few passes, a few hours apart."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.now, self.number = START, 0
        self.treatments = [TreatmentFactory().pk, TreatmentFactory().pk]
        self.buy()

    def reference(self) -> str:
        self.number += 1
        return f"it:{self.number}"

    def live(self, acts: int) -> None:
        names = ["buy", "redeem", "redeem", "undo", "refund", "transfer", "back", "adjust"]
        names += ["expire", "hold", "extend"]
        for _ in range(acts):
            self.now += dt.timedelta(hours=self.dice.randint(1, 50))
            try:
                getattr(self, self.dice.choice(names))()
            except (ledger.PassRefused, ledger.NothingToExpire):
                continue

    def some(self) -> dict[str, Any]:
        row = self.dice.choice(list(SessionPass.objects.order_by("pk")))
        return {"pass_id": row.pk, "reference": self.reference(), "by": None, "at": self.now}

    def buy(self) -> None:
        sold, sessions = self.dice.choice([(SIX, 6), (TEN, 10), (ledger.Sold(), 2)])
        SessionPassFactory(
            treatment_id=self.dice.choice(self.treatments),
            sold=sold,
            sessions=sessions,
            reference=self.reference(),
            validity_days=self.dice.choice([20, 365]),
            at=self.now,
        )

    def redeem(self) -> None:
        ledger.redeem(**self.some(), override_reason="Calm", sessions=self.dice.randint(1, 2))

    def undo(self) -> None:
        last = LedgerEntry.objects.filter(kind="REDEEM").order_by("-pk").first()
        if last:
            at = max(last.happened_at, LedgerEntry.objects.latest("happened_at").happened_at)
            ledger.restore(entry_id=last.pk, reference=self.reference(), by=None, at=at)

    def refund(self) -> None:
        ledger.refund(**self.some(), sessions=self.dice.randint(1, 3))

    def transfer(self) -> None:
        some, many = self.some(), self.dice.randint(1, 2)
        ledger.transfer(**some, sessions=many, to_email="bea@example.com", to=None)

    def back(self) -> None:
        ledger.return_sessions(**self.some(), sessions=1)

    def adjust(self) -> None:
        ledger.adjust(**self.some(), sessions=self.dice.choice([-1, 1, 4]), note="Counted again")

    def expire(self) -> None:
        ledger.expire(**self.some())

    def hold(self) -> None:
        ledger.hold(**self.some(), reason="A visit")

    def extend(self) -> None:
        ledger.extend(**self.some(), days=5, note="Promised")


Sums = tuple[int, int, int, dict[str, int]]


def package_of(row: SessionPass) -> Package:
    name = row.package_name or f"{row.treatment.name}, not sold here"
    return Package(name, -1 if row.vat_rate_bp is None else row.vat_rate_bp)


class Fold:
    """Every pass with its entries by the clinic's day, read once and added up by hand."""

    def __init__(self) -> None:
        rows = SessionPass.objects.select_related("treatment").prefetch_related("entries")
        self.passes = [
            (
                row,
                package_of(row),
                [
                    (timezone.localdate(each.happened_at), each.kind, each.sessions)
                    for each in row.entries.all()
                ],
            )
            for row in rows
        ]
        for row, _, entries in self.passes:
            in_order = sorted(row.entries.all(), key=lambda each: each.pk)
            assert standing_of(row, in_order).balance == sum(many for _, _, many in entries)

    def days(self) -> set[dt.date]:
        return {day for _, _, entries in self.passes for day, kind, _ in entries if kind in _MOVES}

    def of(self, first: dt.date, last: dt.date) -> dict[Package, Sums]:
        """Return opening, closing, money owed at the end, and what moved, by package."""
        found: dict[Package, Sums] = {}
        for row, package, entries in self.passes:
            before = sum(many for day, _, many in entries if day < first)
            after = sum(many for day, _, many in entries if day <= last)
            opening, closing, money, moved = found.get(
                package, (0, 0, 0, dict.fromkeys(MOVEMENTS, 0))
            )
            for name, kinds in KINDS.items():
                moved[name] += sum(
                    many for day, kind, many in entries if first <= day <= last and kind in kinds
                )
            found[package] = (opening + before, closing + after, money + owed(row, after), moved)
        empty = (0, 0, 0, dict.fromkeys(MOVEMENTS, 0))
        return {package: sums for package, sums in found.items() if sums != empty}


def owed(row: SessionPass, left: int) -> int:
    sold = row.paid_sessions
    return row.paid_minor * min(left, sold) // sold if sold else 0


def said(lines: Sequence[Promised]) -> dict[Package, Sums]:
    return {
        each.package: (each.opening, each.closing, each.owed_minor, each.moved) for each in lines
    }


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_the_report_of_random_histories_is_the_fold_of_the_ledger_on_any_days(seed: int) -> None:
    history = History(seed)
    history.live(60)
    fold = Fold()
    length = (history.now - START).days + 2
    begin, end = START.date() - DAY, START.date() + length * DAY

    # Every single day, whatever moved on it.
    every = promises.report(from_on=begin, until_on=end, by=DAYS)
    assert said(every.totals) == fold.of(begin, end)
    assert {line.period for line in every.periods} == fold.days()
    for line in every.periods:
        one = said([line])[line.package]
        assert one == fold.of(line.period, line.period)[line.package]
        assert one[1] == one[0] + sum(line.moved.values())

    # Any days, from the first to the last and beyond.
    for _ in range(6):
        first = begin + history.dice.randint(0, length) * DAY
        last = first + history.dice.randint(0, length) * DAY
        by = history.dice.choice([MONTHS, DAYS])
        assert said(promises.report(from_on=first, until_on=last, by=by).totals) == fold.of(
            first, last
        )


def test_a_day_belongs_to_the_clinics_clock() -> None:
    late = dt.datetime(2026, 7, 31, 22, 30, tzinfo=dt.UTC)
    SessionPassFactory(at=late, sold=SIX)

    july = promises.report(from_on=dt.date(2026, 7, 1), until_on=dt.date(2026, 7, 31))
    august = promises.report(from_on=dt.date(2026, 8, 1), until_on=dt.date(2026, 8, 31))

    assert july == promises.Report([], [])
    (line,) = august.periods
    assert (line.period, line.closing, line.owed_minor) == (dt.date(2026, 8, 1), 6, 42001)


def test_the_same_look_reads_any_number_of_passes(django_assert_num_queries: Any) -> None:
    for number in range(5):
        SessionPassFactory(sold=SIX, reference=f"it:{number}")

    with django_assert_num_queries(2):
        promises.report(from_on=dt.date(2026, 1, 1), until_on=dt.date(2026, 12, 31))


def test_managers_read_the_report_and_take_it_along_without_formulas() -> None:
    sold = ledger.Sold(package_name="=HYPERLINK(1)", vat_rate_bp=1900, paid_minor=42000)
    now = timezone.now()
    a_pass(sold=sold, at=now)
    today = timezone.localdate(now).isoformat()
    days = {"from_on": today, "until_on": today, "by": "day"}
    manager = signed_in("manager")

    page = manager.get(reverse("promises_report"), days)
    taken = manager.get(reverse("promises_report"), days | {"export": "csv"})

    assert "<strong>6 sessions</strong>" in page.context["told"].sentence
    assert "<strong>€420.00</strong> still owed" in page.context["told"].sentence
    rows = list(csv.DictReader(io.StringIO(taken.content.decode())))
    assert [(row["Package"], row["VAT"], row["Sold"], row["Closing"]) for row in rows] == [
        ("'=HYPERLINK(1)", "19 %", "6", "6")
    ]
    assert rows[0]["Still owed (EUR)"] == "420.00"


@pytest.mark.parametrize(
    "days",
    [
        {"from_on": "2026-02-01", "until_on": "2026-01-01"},
        {"from_on": "1900-01-01", "until_on": "2026-01-01"},
        {"from_on": "x", "until_on": ""},
        {"from_on": "2026-01-01", "until_on": "2026-01-01", "by": "hour"},
    ],
)
def test_days_that_are_none_are_refused_beside_the_form(days: dict[str, str]) -> None:
    page = signed_in("manager").get(reverse("promises_report"), days | {"export": "csv"})

    assert page.status_code == 200
    assert page.context["form"].errors
    assert "told" not in page.context


def test_reports_are_read_by_those_whose_they_are() -> None:
    reports = ("promises_report", "overrides_report")
    allowed = {
        role: [name for name in reports if signed_in(role).get(reverse(name)).status_code == 200]
        for role in ROLES
    }

    assert allowed == {
        "front desk": [],
        "clinician": ["overrides_report"],
        "manager": list(reports),
        "adjuster": list(reports),
        "marketer": [],
    }


def test_what_was_decided_is_listed_with_its_reason_which_no_export_holds() -> None:
    row = a_pass()
    now = timezone.now()
    facts: dict[str, Any] = {"pass_id": row.pk, "by": None, "at": now}
    ledger.adjust(**facts, sessions=2, reference="adjust:1", note="canary-9931")
    ledger.extend(**facts, days=30, reference="extend:1", note="She was ill")
    ledger.redeem(**facts, reference="visit:1", note="Nothing special")
    manager = signed_in("manager")

    page = manager.get(reverse("overrides_report"))
    only = manager.get(reverse("overrides_report"), {"what": "EXTEND"})
    taken = manager.get(reverse("overrides_report"), {"export": "csv"})

    assert {entry.kind for entry in page.context["object_list"]} == {"ADJUST", "EXTEND"}
    assert "canary-9931" in page.content.decode()
    assert [entry.days for entry in only.context["object_list"]] == [30]
    words = b"".join(taken.streaming_content).decode()
    assert "Balance put right" in words
    assert "canary-9931" not in words


def test_the_list_of_passes_can_be_taken_along_without_formulas() -> None:
    a_pass(holder_email="=cmd@example.com", sessions=2)
    a_pass(holder_email="bea@example.com", sessions=6)
    desk = signed_in("front desk")

    answer = desk.get(reverse("sessionpass:index"), {"state": "LOW", "export": "csv"})

    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert [(row["Holder"], row["Left"]) for row in rows] == [("'=cmd@example.com", "2")]
