"""Wagtail's two indexes, of words and of references, are kept for the tests that are about them.

Each page that a test makes would be written into both of them, which takes a third of its time.
A test that looks for something, or asks where something is used, says so: `pytest.mark.indexed`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wagtail import signal_handlers as references
import pytest
from modelsearch import signal_handlers as search


@dataclass
class Task:
    """Stands before the task that writes into an index, and lets it through while one is kept."""

    task: Any
    is_kept: bool = False

    def enqueue(self, *arguments: str) -> None:
        if self.is_kept:
            self.task.enqueue(*arguments)


WORDS = Task(search.insert_or_update_object_task)
REFERENCES = Task(references.update_reference_index_task)


@pytest.fixture(scope="session", autouse=True)
def _indexes_are_kept_where_asked_for() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "insert_or_update_object_task", WORDS)
        patch.setattr(references, "update_reference_index_task", REFERENCES)
        yield


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture, those for a whole module included."""
    WORDS.is_kept = REFERENCES.is_kept = item.get_closest_marker("indexed") is not None
