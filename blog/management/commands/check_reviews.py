"""Read every live article again and compare it with what was approved."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from blog.review import auditing


class Command(BaseCommand):
    """Names live articles that say something nobody has approved."""

    help = "Name live articles that say something nobody has approved."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--let-through",
            metavar="REASON",
            help="let them be read as they are, on record with this reason and naming nobody",
        )

    def handle(self, *_args: Any, let_through: str | None, **_options: Any) -> None:
        """Compare, and with a reason let through what differs.

        :raises CommandError: if an article differs and no reason is given.
        """
        if let_through is not None:
            if not let_through.strip():
                raise CommandError("Give a reason.")
            count = auditing.let_all_through(reason=let_through, at=timezone.now())
            self.stdout.write(f"{count} articles may be read as they are.")
            return
        found = list(auditing.findings())
        for finding in found:
            self.stdout.write(f"{finding.page.url_path} {finding.why}")
        if found:
            message = f"{len(found)} live articles are not what was approved."
            raise CommandError(message)
        self.stdout.write("Every live article is what was approved.")
