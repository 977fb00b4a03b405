"""Many tables in one step: the same tables as step by step, and gone again on the way back."""

from typing import Any

from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
import pytest

from append_only.tables import CreateModels

APP = "outbox"
STEPS = [
    migrations.CreateModel(
        "Shelf",
        [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=9))],
        {"indexes": [models.Index(fields=["name"], name="shelf_by_name")]},
    ),
    migrations.CreateModel("Jar", [("id", models.BigAutoField(primary_key=True))]),
    migrations.AddField("jar", "shelf", models.ForeignKey("outbox.Shelf", models.CASCADE)),
    migrations.AddField("jar", "others", models.ManyToManyField("outbox.Jar")),
    migrations.AddConstraint("shelf", models.UniqueConstraint(fields=["name"], name="shelf_once")),
]
TABLES = {"outbox_shelf", "outbox_jar", "outbox_jar_others"}


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_what_they_are_one_by_one_and_go_as_they_came() -> None:
    at_once, one_by_one = [CreateModels(STEPS)], list(STEPS)

    wanted = _made_and_undone(one_by_one)
    found = _made_and_undone(at_once)

    assert set(found) == TABLES
    assert found == wanted


@pytest.mark.django_db
def test_a_state_already_rendered_knows_the_new_models() -> None:
    state = ProjectState()
    assert not state.apps.get_models()

    CreateModels(STEPS).state_forwards(APP, state)

    jar = state.apps.get_model(APP, "Jar")
    assert jar._meta.get_field("shelf").related_model is state.apps.get_model(APP, "Shelf")


def _made_and_undone(operations: list[Operation]) -> dict[str, Any]:
    states = [ProjectState()]
    for operation in operations:
        after = states[-1].clone()
        operation.state_forwards(APP, after)
        with connection.schema_editor() as editor:
            operation.database_forwards(APP, editor, states[-1], after)
        states.append(after)
    described = {name: _described(name) for name in TABLES & set(_tables())}
    for operation in reversed(operations):
        after = states.pop()
        with connection.schema_editor() as editor:
            operation.database_backwards(APP, editor, after, states[-1])
    assert not TABLES & set(_tables())
    return described


def _tables() -> list[str]:
    return connection.introspection.table_names()


def _described(table: str) -> tuple[Any, Any]:
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, table)
        constraints = connection.introspection.get_constraints(cursor, table)
    return sorted((each.name, each.type_code, each.null_ok) for each in columns), constraints
