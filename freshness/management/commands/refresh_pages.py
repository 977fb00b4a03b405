"""Have every page built anew, after something was changed past the shop."""

from typing import Any

from django.core.management.base import BaseCommand

from freshness.changes import SITE, changed


class Command(BaseCommand):
    """Says that everything has changed."""

    help = "Have every page built anew, as after a change that was made past the shop."

    def handle(self, *_args: Any, **_options: Any) -> None:
        changed(SITE)
        self.stdout.write("Every page is built anew when it is asked for next.")
