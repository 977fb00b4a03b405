"""An import goes its way once, whoever pushes it, and a dead worker's is taken over."""

import datetime as dt

import pytest

from catalog.imports import runs, uploads, work
from catalog.models import ImportPart, ImportRun, ImportStatus, Offer, OfferPrice
from catalog.models.imports import ImportKind
from tests.catalog.factories import OfferFactory
from tests.catalog.imports.running import NOON, applied, manager, sheet, upload, worked

pytestmark = pytest.mark.django_db
PRICE = sheet({"sku": "A", "price": "1"})


def test_every_status_can_be_reached_and_has_its_row() -> None:
    reached = set().union(*runs.NEXT.values())

    assert set(runs.NEXT) == set(ImportStatus.values)
    assert reached | {"CHECKING"} == set(ImportStatus.values)


def test_applying_twice_applies_once() -> None:
    OfferFactory(sku="A", price_minor=2400)
    run = upload(PRICE)
    runs.confirm(run_id=run.pk, at=NOON)

    with pytest.raises(runs.TransitionRefused, match="being applied"):
        runs.confirm(run_id=run.pk, at=NOON)
    worked(run)

    assert OfferPrice.objects.count() == 2


def test_only_one_worker_takes_an_import() -> None:
    OfferFactory(sku="A")
    run = runs.start(
        owner=manager(),
        kind=ImportKind.PRODUCTS,
        file_name="a.csv",
        chunks=[PRICE],
        most_bytes=100,
        reason="x",
        at=NOON,
    )

    assert runs.claim(at=NOON) == run
    assert runs.claim(at=NOON) is None
    assert runs.claim(at=NOON + 2 * runs.LEASE) == run


def test_a_worker_that_dies_while_writing_leaves_nothing_and_is_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer = OfferFactory(sku="A", price_minor=2400)
    run = upload(PRICE)
    runs.confirm(run_id=run.pk, at=NOON)

    def die(*_args: object, **_kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("catalog.imports.work.runs.move", die)
        with pytest.raises(KeyboardInterrupt):
            work.work(at=NOON + dt.timedelta(minutes=1))
    offer.refresh_from_db()
    assert offer.price_minor == 2400

    ImportRun.objects.update(lease_until=NOON)
    assert worked(run).status == "APPLIED"
    offer.refresh_from_db()
    assert offer.price_minor == 100


def test_one_that_always_fails_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    OfferFactory(sku="A")
    run = upload(PRICE)
    runs.confirm(run_id=run.pk, at=NOON)

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("A bug")

    monkeypatch.setattr("catalog.imports.applying.apply", fail)
    for _ in range(runs.MOST_ATTEMPTS):
        ImportRun.objects.update(lease_until=None)
        with pytest.raises(RuntimeError):
            work.work(at=NOON)
    ImportRun.objects.update(lease_until=None)

    run = worked(run)

    assert run.status == "REFUSED"
    assert "failed three times" in run.message


def test_files_go_after_a_day_and_at_once_when_applied() -> None:
    OfferFactory(sku="A", price_minor=2400)
    OfferFactory(sku="B", price_minor=2400)
    ready = upload(PRICE)
    applied(sheet({"sku": "B", "price": "2"}))
    assert set(ImportPart.objects.values_list("run", flat=True)) == {ready.pk}

    assert runs.forget_old(at=NOON + dt.timedelta(hours=23)) == 0
    assert runs.forget_old(at=NOON + runs.KEPT) == 1

    ready.refresh_from_db()
    assert ready.status == "EXPIRED"
    assert ImportPart.objects.count() == 0
    with pytest.raises(uploads.FileGone):
        runs.confirm(run_id=ready.pk, at=NOON + runs.KEPT)


def test_a_file_is_given_back_as_it_came_in_pieces() -> None:
    content = bytes(range(256)) * 12_000
    run = ImportRun.objects.create(
        owner=manager(), file_name="a", reason="x", created_at=NOON, expires_at=NOON
    )
    chunks = [content[start : start + 70_000] for start in range(0, len(content), 70_000)]

    uploads.store(run, chunks, most_bytes=4 << 20)

    with uploads.opened(run) as file:
        assert file.read() == content
    assert run.parts.count() == 3


def test_an_import_during_which_an_offer_got_another_price_is_checked_anew() -> None:
    offer = OfferFactory(sku="A", price_minor=2400)
    run = upload(sheet({"sku": "A", "price": "20", "reduction": "yes"}))
    Offer.objects.filter(pk=offer.pk).update(price_minor=1500)

    runs.confirm(run_id=run.pk, at=NOON)
    run = worked(run)

    assert run.status == "REFUSED"
    assert "changed since" in run.message
