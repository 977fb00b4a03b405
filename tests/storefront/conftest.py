"""Nothing that a page kept for the next one outlives a test."""

from collections.abc import Iterator

from django.core.cache import cache
import pytest


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()
