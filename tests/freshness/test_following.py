"""Who follows the log misses nothing, in whatever order transactions end."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction
import pytest

from freshness.changes import changed
from freshness.following import Follower
from freshness.models import Change


def following() -> Follower:
    follower = Follower()
    follower.begin()
    return follower


@pytest.mark.django_db
def test_who_has_not_begun_must_begin() -> None:
    assert Follower().news() is None


@pytest.mark.django_db
def test_each_change_is_told_once() -> None:
    changed("before")
    follower = following()
    changed("offers:1", "catalog")
    changed("page:2")

    told = [follower.news(), follower.news()]
    changed("page:3")

    assert [*told, follower.news()] == [{"offers:1", "catalog", "page:2"}, set(), {"page:3"}]


@pytest.mark.django_db
def test_the_first_change_ever_is_told() -> None:
    Change.objects.all().delete()
    follower = following()
    changed("page:1")

    assert follower.news() == {"page:1"}


@pytest.mark.django_db
def test_a_log_cut_off_behind_ones_back_means_beginning_anew() -> None:
    changed("page:1")
    follower = following()
    Change.objects.all().delete()
    changed("page:2")

    assert follower.news() is None


@pytest.fixture
def writer() -> Iterator[Callable[[str, threading.Event], threading.Thread]]:
    """Start a transaction that writes a change, and ends when it is told to."""
    running = []

    def start(tag: str, may_end: threading.Event) -> threading.Thread:
        has_written = threading.Event()

        def write() -> None:
            try:
                with transaction.atomic():
                    changed(tag)
                    has_written.set()
                    may_end.wait(20)
            finally:
                connection.close()

        thread = threading.Thread(target=write)
        thread.start()
        assert has_written.wait(20)
        running.append((thread, may_end))
        return thread

    yield start
    for thread, may_end in running:
        may_end.set()
        thread.join()


postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite's writers come one after the other"
)


@postgresql
@pytest.mark.django_db(transaction=True)
def test_a_lower_number_that_commits_later_is_told(
    writer: Callable[[str, threading.Event], threading.Thread],
) -> None:
    follower, may_end = following(), threading.Event()
    slow = writer("page:slow", may_end)
    changed("page:fast")

    first = [follower.news(), follower.news()]
    may_end.set()
    slow.join()

    assert first == [{"page:fast"}, set()]
    assert [follower.news(), follower.news()] == [{"page:slow"}, set()]
    changed("page:next")
    assert follower.news() == {"page:next"}
    assert follower._gaps == []


@postgresql
@pytest.mark.django_db(transaction=True)
def test_what_ran_when_the_follower_began_is_told(
    writer: Callable[[str, threading.Event], threading.Thread],
) -> None:
    may_end = threading.Event()
    slow = writer("page:slow", may_end)
    changed("page:fast")
    follower = following()

    may_end.set()
    slow.join()

    assert follower.news() == {"page:slow"}


@postgresql
@pytest.mark.django_db(transaction=True)
def test_numbers_that_were_taken_back_are_not_looked_for_for_ever() -> None:
    changed("page:1")
    follower = following()
    for _ in range(3):
        with transaction.atomic():
            changed("page:never")
            transaction.set_rollback(True)
    changed("page:2")

    assert follower.news() == {"page:2"}
    assert follower.news() == set()
    assert follower._gaps == []


@postgresql
@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_are_all_heard() -> None:
    """Every committed tag is told exactly once, while transactions end in any order."""
    follower, heard = following(), []
    tags = {f"page:{number}" for number in range(120)}

    def write(tag: str) -> None:
        try:
            with transaction.atomic():
                changed(tag)
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        done = [pool.submit(write, tag) for tag in sorted(tags)]
        while not all(each.done() for each in done):
            heard += sorted(follower.news() or ())
    heard += sorted(follower.news() or ())

    assert sorted(heard) == sorted(tags)
