"""A migration step that makes many tables at once.

A step of a migration renders every model that is linked to its own; making sixty tables in sixty
steps renders them sixty times, which was most of what an empty database cost.
"""

from collections.abc import Sequence
from typing import Any

from django.db import router
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateModels(Operation):
    """Make the tables of new models as all of `operations` together describe them.

    The operations are of one app and only make models or add to them: each table is created once,
    when all have been heard.
    """

    reversible = True

    def __init__(self, operations: Sequence[Any]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Describe the models; what has been rendered goes, to be rendered once, when asked for."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for model in _new(app_label, schema_editor, from_state, to_state):
            schema_editor.create_model(model)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for model in reversed(_new(app_label, schema_editor, to_state, from_state)):
            schema_editor.delete_model(model)

    def describe(self) -> str:
        return f"Create tables in {len(self.operations)} steps at once"


def _new(
    app_label: str,
    schema_editor: BaseDatabaseSchemaEditor,
    before: ProjectState,
    after: ProjectState,
) -> list[Any]:
    """Return the models that one state has and the other has not, as they were described."""
    names = [key for key in after.models if key[0] == app_label and key not in before.models]
    models = [after.apps.get_model(*key) for key in names]
    alias = schema_editor.connection.alias
    return [model for model in models if router.allow_migrate_model(alias, model)]
