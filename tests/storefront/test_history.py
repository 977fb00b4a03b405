"""R59: what staff did stays written down, whoever asks the database to forget it."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, connection, transaction
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, Page, PageLogEntry
import pytest

from append_only.operations import protected_tables
from tests.accounts.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> ModelLogEntry:
    """A line of the history of an account."""
    user = UserFactory.create()
    log(instance=user, action="wagtail.edit", user=UserFactory.create(manager=True), data={"a": 1})
    return ModelLogEntry.objects.get(object_id=str(user.pk))


def test_both_histories_are_protected() -> None:
    assert {"wagtailcore_modellogentry", "wagtailcore_pagelogentry"} <= protected_tables(connection)


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "wagtail.delete"},
        {"user_id": None},
        {"object_id": "5"},
        {"label": "", "action": ""},
    ],
)
def test_who_did_what_to_what_is_never_changed(
    entry: ModelLogEntry, changes: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ModelLogEntry.objects.filter(pk=entry.pk).update(**changes)

    now = ModelLogEntry.objects.filter(pk=entry.pk).values(*changes).get()
    assert now == {name: getattr(entry, name) for name in changes}


def test_no_line_is_deleted_by_sql_either(entry: ModelLogEntry) -> None:
    log(instance=Page.objects.first(), action="wagtail.edit")
    for model in (ModelLogEntry, PageLogEntry):
        count = model.objects.count()
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            connection.cursor().execute(f"DELETE FROM {model._meta.db_table}")  # noqa: S608
        assert model.objects.count() == count > 0
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        PageLogEntry.objects.update(label="")


def test_names_and_words_can_be_forgotten_and_a_kind_can_go(entry: ModelLogEntry) -> None:
    gone = ContentType.objects.create(app_label="gone", model="gone")
    ModelLogEntry.objects.filter(pk=entry.pk).update(label="Somebody", data={})
    ModelLogEntry.objects.filter(pk=entry.pk).update(content_type=gone)

    gone.delete()

    entry.refresh_from_db()
    assert (entry.label, entry.data, entry.content_type_id) == ("Somebody", {}, None)
    assert entry.action == "wagtail.edit"


def test_an_account_that_is_deleted_leaves_what_it_did(entry: ModelLogEntry) -> None:
    assert entry.user is not None
    user_id = entry.user.pk

    entry.user.delete()

    assert ModelLogEntry.objects.get(pk=entry.pk).user_id == user_id
