"""A shop with its page cache on: a folder, a log and a memory of its own for one test."""

from collections.abc import Iterator
from pathlib import Path

from django.core.cache import cache
from wagtail.models import Collection, Site
import pytest

from freshness import keeping
from freshness.log import Log

_FOLLOWERS = (
    "freshness.keeping",
    "freshness.log",
    "catalog.selling_times",
    "storefront.context_processors",
    "storefront.kept_pages",
    "storefront.page_cache",
)


@pytest.fixture
def page_cache(settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Turn the cache on, and yield its folder."""
    # Tests beside this one have databases of their own on the same PostgreSQL, whose open
    # transactions count as running here too; in this test's database none is open.
    none_runs = "pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
    monkeypatch.setattr("freshness.transactions.OLDEST_RUNNING", none_runs)
    settings.PAGE_CACHE_MB = 4
    settings.PAGES_DIR = tmp_path / "pages"
    forget_process(monkeypatch)
    Site.clear_site_root_paths_cache()
    cache.clear()
    if not Collection.objects.exists():  # A test that emptied the database has been before.
        Collection.add_root(name="Root")
    yield settings.PAGES_DIR
    Site.clear_site_root_paths_cache()
    cache.clear()


def forget_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Become a process that has just begun; a new `Client` has a new middleware too."""
    fresh = Log()
    keeping.forget()
    for module in _FOLLOWERS:
        monkeypatch.setattr(f"{module}.log", fresh)
    monkeypatch.setattr("catalog.selling_times._known", None)
    monkeypatch.setattr("storefront.context_processors._known", None)
