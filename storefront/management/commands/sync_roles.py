"""Bring the groups of staff up to the table of roles; see docs/roles.md."""

from typing import Any

from django.core.management.base import BaseCommand

from storefront.roles import keeping


class Command(BaseCommand):
    help = (
        "Give the groups of staff the rights that are new in the table of roles."
        " What an owner has given or taken stays as it is."
    )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print a line for each right that was given or taken."""
        done = keeping.keep_roles()
        if options["verbosity"] > 0:
            for line in done or ["Nothing has changed."]:
                self.stdout.write(line)
