"""Which row the address of a reviewer's screen means, and who may see it."""

from django.apps import apps
from django.db import models
from django.http import Http404
from wagtail.models import Page

from accounts.models import User
from claims.models.checked_words import CheckedWords
from claims.overrides import PERMISSION


def row_of(subject: str) -> models.Model:
    """The row that an address means; of a page its newest draft.

    :raises Http404: when there is no such row, or its words are not checked.
    """
    label, _, pk = subject.partition(":")
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        raise Http404 from None
    if not issubclass(model, Page | CheckedWords) or not pk.isdecimal():
        raise Http404
    row = model._default_manager.filter(pk=int(pk)).first()
    if row is None:
        raise Http404
    return row.get_latest_revision_as_object() if isinstance(row, Page) else row


def may_see(row: models.Model, user: User) -> bool:
    """Tell whether somebody may read a row's drafts: its editors and reviewers."""
    if user.has_perm(PERMISSION):
        return True
    if isinstance(row, Page):
        return bool(row.permissions_for_user(user).can_edit())
    return user.has_perm(f"{row._meta.app_label}.change_{row._meta.model_name}")
