"""Counting tries never fails, whatever has become of the cache."""

from django.core.cache import cache
import pytest

from accounts import tries


def test_each_try_is_counted_under_its_own_name() -> None:
    assert [tries.count("a", seconds=60) for _ in range(3)] == [1, 2, 3]
    assert tries.count("b", seconds=60) == 1


def test_a_count_that_ran_out_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    def ran_out(_key: str) -> int:
        raise ValueError

    monkeypatch.setattr(cache, "incr", ran_out)

    assert tries.count("a", seconds=60) == 1


def test_a_cache_that_is_away_counts_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """django-redis answers nothing where its server does not."""
    monkeypatch.setattr(cache, "incr", lambda _key: None)

    assert tries.count("a", seconds=60) == 1
