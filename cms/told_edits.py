"""Edits whose line in the history says what was there before, and what is there now.

Wagtail writes down who edited what; for what decides over money that is not enough.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Field, Model
from modelcluster.fields import ParentalKey
from modelcluster.models import get_all_child_relations
from wagtail.log_actions import LogFormatter, log

from cms.own_edits import OwnEdit
from money.money import Money

EDITED: Final = "cms.edit"
# Of one value, in characters; the history is no second copy of long texts.
LONGEST: Final = 200


class ToldEdit(OwnEdit):
    """For models without revisions, which would say it themselves.

    :cvar told: the fields that are told of; all without any.
    """

    told: ClassVar[Collection[str]] = ()

    @transaction.atomic
    def execute(self, skip_permission_checks: bool = False) -> Any:
        """Save the form, and write down what it changed."""
        before = facts_of(self.instance, self.told)
        self.log_action = None
        instance = super().execute(skip_permission_checks=skip_permission_checks)
        changes = _changes(before, facts_of(instance, self.told))
        _tell(instance, changes, user=self.user, content_changed=self.content_changed)
        return instance


@contextmanager
def told_edits(rows: Sequence[Model], told: Collection[str]) -> Iterator[None]:
    """Write down what is done within to each of many rows, or do none of it.

    Whoever is at work in the admin did it.
    """
    with transaction.atomic():
        before = [facts_of(row, told) for row in rows]
        yield
        for row, facts in zip(rows, before, strict=True):
            changes = _changes(facts, facts_of(row, told))
            _tell(row, changes, content_changed=bool(changes))


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    changes = [
        (name, before.get(name, ""), value)
        for name, value in after.items()
        if before.get(name, "") != value
    ]
    return changes + [(name, value, "") for name, value in before.items() if name not in after]


def _tell(row: Model, changes: list[tuple[str, str, str]], **more: Any) -> None:
    log(instance=row, action=EDITED, data={"changes": changes} if changes else {}, **more)


def facts_of(instance: Model, told: Collection[str] = ()) -> dict[str, str]:
    """Return what the database says of a row and of the rows that are edited with it.

    :param told: the fields of the row that are told of; all without any.
    """
    stored = type(instance)._base_manager.get(pk=instance.pk)
    facts = dict(_values(stored, told))
    for relation in get_all_child_relations(type(stored)):
        children = relation.related_model._base_manager
        for child in children.filter(**{relation.field.name: stored.pk}):
            name = f"{child._meta.verbose_name} {child}"
            facts[name] = ", ".join(f"{key} {value}" for key, value in _values(child) if value)
    return facts


def _values(row: Model, told: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    own = [field for field in row._meta.concrete_fields if field.editable and not field.primary_key]
    for field in own:
        if (not told or field.name in told) and not isinstance(field, ParentalKey):
            yield str(field.verbose_name), _shown(row, field)
    for many in row._meta.many_to_many:
        if not told or many.name in told:
            names = sorted(str(each) for each in getattr(row, many.name).all())
            yield str(many.verbose_name), ", ".join(names)[:LONGEST]


def _shown(row: Model, field: Field[Any, Any]) -> str:
    value = getattr(row, field.name)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if field.name.endswith("_minor"):
        return str(Money(value, settings.SHOP_CURRENCY))
    if field.name.endswith("_bp"):
        return f"{value / 100:g} %"
    chosen = getattr(row, f"get_{field.name}_display", None)
    return str(chosen() if chosen else value)[:LONGEST]


class EditFormatter(LogFormatter):
    """Says it in the site history."""

    label = "Edit"

    def format_message(self, log_entry: Any) -> str:
        told = "; ".join(
            f"{name}: {before or 'nothing'} → {now or 'nothing'}"
            for name, before, now in log_entry.data.get("changes", ())
        )
        return f"Edited. {told}" if told else "Edited"
