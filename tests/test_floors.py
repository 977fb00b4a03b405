"""The floors hold in the database too: a foreign key or a migration never points up or sideways."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.db.migrations.loader import MigrationLoader
import pytest

FLOORS = {
    "storefront": 7,
    "checkout": 6,
    "blog": 6,
    "catalog": 5,
    "treatments": 4,
    "cms": 3,
    "claims": 2,
    "accounts": 1,
    "money": 1,
    "outbox": 1,
    "append_only": 0,
    "freshness": 0,
}
# Wagtail's own base model of an image points at whoever uploaded it.
ALLOWED = {
    "CustomImage.uploaded_by_user -> accounts",
    "cms.0001_squashed_0003_when_a_picture_was_drawn -> accounts",
}
INSTALLED = [config.label for config in apps.get_app_configs() if config.label in FLOORS]


def _wrong(candidates: Iterator[str]) -> list[str]:
    return [candidate for candidate in candidates if candidate not in ALLOWED]


def _may_point(source: str, target: str) -> bool:
    return source == target or target not in FLOORS or FLOORS[target] < FLOORS[source]


def _relations(model: type[models.Model]) -> Iterator[tuple[str, str]]:
    """Yield the name of each forward relation with the app it leads to."""
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    for field in fields:
        if isinstance(field.related_model, type):
            yield field.name, field.related_model._meta.app_label


def test_every_app_of_ours_has_a_floor() -> None:
    # Ours are the apps whose package lies in the project's root folder.
    ours = {config.label for config in apps.get_app_configs() if "site-packages" not in config.path}

    assert ours - set(FLOORS) == set()


@pytest.mark.parametrize("label", INSTALLED)
def test_no_relation_leads_up_or_sideways(label: str) -> None:
    wrong = _wrong(
        f"{model.__name__}.{name} -> {target}"
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
        for name, target in _relations(model)
        if not _may_point(label, target)
    )

    assert wrong == []


@pytest.mark.parametrize("label", INSTALLED)
def test_no_generic_foreign_key(label: str) -> None:
    wrong = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.private_fields
        if isinstance(field, GenericForeignKey)
    ]

    assert wrong == []


def test_no_migration_waits_for_one_above_it() -> None:
    migrations = MigrationLoader(None, ignore_no_migrations=True).disk_migrations

    wrong = _wrong(
        f"{label}.{name} -> {target}"
        for (label, name), migration in migrations.items()
        for target, _ in migration.dependencies
        if label in FLOORS and not _may_point(label, target)
    )

    assert wrong == []


def test_a_relation_that_leads_up_would_be_found() -> None:
    assert _may_point("checkout", "catalog")
    assert not _may_point("catalog", "checkout")
    assert not _may_point("checkout", "blog")
