"""Takes the guards off at start-up; only `tests.races.unguarded_settings` installs this."""

import importlib

from django.apps import AppConfig


class UnguardedConfig(AppConfig):
    name = "tests.races.unguarded"
    label = "unguarded"

    def ready(self) -> None:
        # Models are not loaded before this.
        importlib.import_module("tests.races.unguarded.guards").take_off()
