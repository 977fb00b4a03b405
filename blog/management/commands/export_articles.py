"""Write all articles into a folder, as Markdown with their facts and pictures."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from blog.exporting import Export, FolderRefused


class Command(BaseCommand):
    help = (
        "Write all articles, published or not, into a folder: Markdown with YAML facts, authors "
        "and pictures. Safe to repeat: only what has changed is written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a new folder, or one of an earlier export")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Export; fail when the file of a picture is gone."""
        export = Export(options["folder"])
        try:
            export.run()
        except FolderRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{len(export.written):,} files, {export.changed:,} of them changed.")
        if export.missing:
            raise CommandError(f"These pictures have no file: {', '.join(export.missing)}")
