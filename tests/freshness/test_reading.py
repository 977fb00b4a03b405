"""The log of changes is read whole, however its transactions overlap."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import StringIO

from django.core.management import call_command
from django.db import connection, transaction
import pytest

from freshness.changes import SITE, changed
from freshness.log import Log
from freshness.models import Change
from freshness.reading import Reader

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def slow_transaction(tag: str) -> Iterator[None]:
    """Another connection notes a change before the block, and commits it after."""
    noted, commit = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                changed(tag)
                noted.set()
                commit.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    assert noted.wait(10)
    try:
        yield
    finally:
        commit.set()
        thread.join()


def tags(reader: Reader) -> list[str]:
    return [row.tag for row in reader.news().rows]


def test_each_change_is_read_once() -> None:
    reader = Reader()
    changed("a")

    assert tags(reader) == ["a"]
    assert tags(reader) == []
    changed("b", "c")
    assert tags(reader) == ["b", "c"]
    assert tags(reader) == []


def test_who_begins_is_told_that_more_may_have_been() -> None:
    changed("a")
    reader = Reader()
    first, second = reader.news(), reader.news()

    assert (first.tags, first.is_beginning) == ({"a"}, True)
    assert (second.tags, second.is_beginning) == (set(), False)


def test_a_log_cut_off_behind_ones_back_means_beginning_anew() -> None:
    changed("a")
    reader = Reader()
    reader.news()
    Change.objects.all().delete()
    changed("b")

    assert reader.news().is_beginning
    assert not reader.news().is_beginning


def test_what_a_process_kept_is_not_fresh_once_the_log_was_cut_off(settings, tmp_path) -> None:
    settings.PAGE_CACHE_MB, settings.PAGES_DIR = 1, tmp_path / "pages"
    log = Log()
    changed("a")
    assert log.follow()
    built = log.moment()
    assert log.is_fresh({"b"}, since=built.count)

    changed("b")
    Change.objects.all().delete()
    changed("c")

    assert log.follow()
    assert not log.is_fresh({"b"}, since=built.count)
    assert log.is_fresh({"b"}, since=log.moment().count)


def test_what_was_taken_back_is_never_told() -> None:
    reader = Reader()
    reader.news()
    for _ in range(3):
        with transaction.atomic():
            changed("never")
            transaction.set_rollback(True)
    changed("a")

    assert tags(reader) == ["a"]
    assert tags(reader) == []


def test_what_many_write_at_once_is_told_exactly_once() -> None:
    reader, told = Reader(), list[str]()
    reader.news()
    written = [f"page:{number:03}" for number in range(60)]

    def write(tag: str) -> None:
        try:
            with transaction.atomic():
                changed(tag)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        done = [pool.submit(write, tag) for tag in written]
        while not all(each.done() for each in done):
            told += tags(reader)
    told += tags(reader)

    assert sorted(told) == written


def test_a_change_that_commits_late_is_read_late_and_not_twice() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nothing commits late")
    reader = Reader()
    reader.news()

    with slow_transaction("late"):
        changed("early")
        assert tags(reader) == ["early"]
        before = reader.horizon
        changed("next")
        assert tags(reader) == ["next"]

    assert tags(reader) == ["late"]
    assert tags(reader) == []
    # While it ran, nothing newer counted as surely seen by everybody.
    late = Change.objects.get(tag="late")
    assert before <= late.transaction


def test_what_was_kept_before_a_late_commit_is_not_fresh_after_it(settings, tmp_path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time: nothing commits late")
    settings.PAGE_CACHE_MB, settings.PAGES_DIR = 1, tmp_path / "pages"
    log, other = Log(), Log()
    changed("first")

    with slow_transaction("late"):
        changed("early")
        assert log.follow()
        built = log.moment()
        assert log.is_fresh({"late"}, since=built.count)

    assert log.follow()
    assert other.follow()
    assert not log.is_fresh({"late"}, since=built.count)
    assert not other.is_fresh_for_all({"late"}, since=built.place)
    assert log.is_fresh({"early", "first"}, since=built.count)


def test_a_transaction_never_reads_the_log(settings, tmp_path) -> None:
    """Its own rows are not committed: what it builds may be kept by nobody."""
    settings.PAGE_CACHE_MB, settings.PAGES_DIR = 1, tmp_path / "pages"
    log = Log()
    changed(SITE)

    with transaction.atomic():
        assert log.follow() is False
    assert log.follow() is True


def test_everything_can_be_built_anew_by_hand() -> None:
    said = StringIO()

    call_command("refresh_pages", stdout=said)

    assert Change.objects.get().tag == SITE
    assert "built anew" in said.getvalue()
