"""Read everything that customers can read; fail while something blocks."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from claims.live_texts import live_findings


class Command(BaseCommand):
    help = (
        "Name every sentence of the live shop that breaks a rule of claims. Exits with 1 while one "
        "blocks and no reviewer has allowed it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="Name warnings, advice and allowed sentences too."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        total = blocking = 0
        for one in live_findings():
            total += 1
            blocking += one.is_open
            if one.is_open or options["all"]:
                finding = one.found.finding
                state = f"allowed by {one.allowed_by}" if one.allowed_by else finding.severity.label
                self.stdout.write(
                    f"{state}: {one.title} ({one.subject}), {one.found.label}: "
                    f"“{finding.sentence}” [{finding.rule.key}: {finding.words}]"
                )
        self.stdout.write(f"{total} findings, {blocking} of them blocking.")
        if blocking:
            raise SystemExit(1)
