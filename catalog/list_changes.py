"""Say which lists are out of date once Wagtail's own views have written what lists are made of.

Our own verbs say so themselves. What writes pages past `save()`, as bulk writers do, must call
`changed(*facts_of(...))` or, for many, `changed(LISTS)` in the same transaction.
"""

from collections.abc import Collection
from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import post_page_move

from freshness.changes import LISTS, changed, facts_of
from treatments.models import CareTag

# What a list knows of a page besides the words it is found by; drafts are saved without these.
_SHOWN = {"live", "title", "first_published_at"}
_DECIDING = (PageViewRestriction, CareTag)


def connect() -> None:
    """Listen to what Wagtail writes; called once, when all apps are loaded."""
    post_save.connect(_note_saved, dispatch_uid="lists_note_saved")
    post_delete.connect(_note_deleted, dispatch_uid="lists_note_deleted")
    post_page_move.connect(_note_moved, dispatch_uid="lists_note_moved")


def _note_saved(
    *, instance: Model, update_fields: Collection[str] | None = None, **_signal: Any
) -> None:
    if isinstance(instance, Page) and (update_fields is None or _SHOWN & set(update_fields)):
        changed(*facts_of(instance.pk))
    elif isinstance(instance, _DECIDING):
        changed(LISTS)


def _note_deleted(*, instance: Model, **_signal: Any) -> None:
    if isinstance(instance, Page):
        changed(*facts_of(instance.pk))
    elif isinstance(instance, _DECIDING):
        changed(LISTS)


def _note_moved(**_signal: Any) -> None:
    """A page that changes its place changes those of its siblings along."""
    changed(LISTS)
