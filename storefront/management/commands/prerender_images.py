"""Make the picture files of all public pages, so that no visitor waits for them."""

import os
from argparse import ArgumentParser
from http import HTTPStatus
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from storefront.prerendering import prerender


class Command(BaseCommand):
    help = "Serve every public page once, so that the files of its pictures exist. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--workers",
            type=int,
            default=os.cpu_count() or 1,
            help="pages to serve at once (default: %(default)s, one per core)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve the pages; fail when one of them does."""
        broken = []
        for url, status in prerender(workers=options["workers"]):
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                broken.append(url)
            if options["verbosity"] > 1:
                self.stdout.write(f"{status} {url}")
        if broken:
            raise CommandError(f"These pages cannot be shown: {', '.join(broken)}")
