"""Rows that many tests begin with, written once instead of before each of them."""

import contextlib
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from wagtail.models import Site
from pytest_django import DjangoDbBlocker


@contextlib.contextmanager
def kept_for_many(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep what is written inside until it is left: the tests within roll back to it, not past it.

    Only for fixtures of one module: its tests follow each other in every process of the suite.
    """
    block: Any = transaction.atomic()
    # As Django marks its own: the tests' transaction is not one that the shop has opened.
    block._from_testcase = True
    with blocker.unblock():
        with block:
            yield
            transaction.set_rollback(True)
        # The addresses of the pages are remembered beyond the transaction.
        Site.clear_site_root_paths_cache()
