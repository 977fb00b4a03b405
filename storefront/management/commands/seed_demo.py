"""Fill an empty shop with the demo's pages, products, people and orders."""

import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from storefront.demo import people, seeding


class Command(BaseCommand):
    help = (
        "Fill the shop with the demo's pages, products, people and orders. "
        "Run again, it adds only what is missing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--logins-file",
            type=Path,
            default=settings.VAR_DIR / "demo-logins.json",
            help="where to write the logins of this install (default: %(default)s)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Seed what is missing, then make sure that everybody can sign in."""
        # What is played back here happened long ago: nobody is to be alarmed by it today.
        logging.disable(logging.ERROR)
        try:
            for name in seeding.seed(at=timezone.now()):
                self._say(options, f"Adding {name}")
        except seeding.NotADemo as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            logging.disable(logging.NOTSET)
        people.refresh_logins(options["logins_file"])
        self._say(options, f"Logins are in {options['logins_file']}")

    def _say(self, options: dict[str, Any], text: str) -> None:
        if options["verbosity"] > 0:
            self.stdout.write(text)
