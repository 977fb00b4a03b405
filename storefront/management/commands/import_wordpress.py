"""Bring a WordPress site's posts, pages, pictures and comments into the scalp guide."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from blog.models import ArticleIndexPage, ArticlePage
from blog.wordpress.importing import Choices, Import
from blog.wordpress.plan import Shelf
from blog.wordpress.reading import ExportRefused
from storefront.models import ContentPage, HomePage

# Everything was imported, and the report names what is not as it was.
SOMETHING_NOT_CARRIED = 3
_BAR = 30


class Command(BaseCommand):
    help = (
        "Import a WordPress export (Tools, Export, All content). Articles come as drafts. Safe to "
        "repeat: what is here already is not doubled. Exit code 0: all was carried over; 3: the "
        "report names what was not; 1: refused, and nothing was written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("export", type=Path, help="the XML file")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say all")
        parser.add_argument(
            "--uploads", type=Path, help="a copy of the old site's wp-content/uploads"
        )
        parser.add_argument(
            "--fetch-from",
            action="append",
            default=[],
            metavar="HOST",
            help="fetch pictures from this host, and from no other; may be given several times",
        )
        parser.add_argument(
            "--pages",
            choices=["articles", "content", "skip"],
            default="content",
            help="what pages become (default: %(default)s)",
        )
        parser.add_argument(
            "--zone",
            default=settings.TIME_ZONE,
            help="the old site's time zone, for dates that do not say (default: %(default)s)",
        )
        parser.add_argument("--by", metavar="EMAIL", help="the account that the drafts belong to")
        parser.add_argument(
            "--publish-because",
            default="",
            metavar="REASON",
            help="publish what was public there without a clinical review, for this reason; needs "
            "--by somebody who may let articles through",
        )
        parser.add_argument("--report", type=Path, help="write the whole report here, as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import; leave with a code that says whether everything was carried over."""
        choices = _choices(options)
        bar = _Bar(options["export"])
        try:
            report = Import(options["export"], choices, bar.show).run()
        except ExportRefused as refusal:
            raise CommandError(f"{refusal} Nothing was written.") from refusal
        finally:
            bar.end()
        if options["report"] is not None:
            options["report"].write_text(report.as_json(), encoding="utf-8")
        for line in report.as_lines():
            self.stdout.write(line)
        if not report.carries_everything:
            sys.exit(SOMETHING_NOT_CARRIED)


def _choices(options: dict[str, Any]) -> Choices:
    if options["zone"] not in available_timezones():
        raise CommandError(f"{options['zone']} is no time zone. Name one such as Europe/Berlin.")
    if options["uploads"] is not None and not options["uploads"].is_dir():
        raise CommandError(f"{options['uploads']} is no folder.")
    by = _account(options["by"])
    reason = options["publish_because"].strip()
    if reason and (by is None or not by.has_perm("blog.let_through")):
        raise CommandError(
            "--publish-because needs --by somebody who may publish without clinical review."
        )
    return Choices(
        shelves=_shelves(options["pages"]),
        zone=ZoneInfo(options["zone"]),
        at=timezone.now(),
        by=by,
        publish_because=reason,
        uploads=options["uploads"],
        hosts=frozenset(host.lower() for host in options["fetch_from"]),
        is_dry_run=options["dry_run"],
    )


def _shelves(pages: str) -> dict[str, Shelf]:
    guide = ArticleIndexPage.objects.order_by("path").first()
    home = HomePage.objects.order_by("path").first()
    if guide is None or home is None:
        raise CommandError("There is no list of articles yet. Add one beneath the home page first.")
    articles = Shelf(guide, ArticlePage)
    kinds = {"articles": articles, "content": Shelf(home, ContentPage)}
    return {"post": articles, **({"page": kinds[pages]} if pages in kinds else {})}


def _account(email: str | None) -> User | None:
    if not email:
        return None
    user = User.objects.filter(email__iexact=email, is_active=True).first()
    if user is None:
        raise CommandError(f"Nobody here has the address {email}.")
    return user


class _Bar:
    """How far the file is read, where somebody is watching."""

    def __init__(self, path: Path) -> None:
        self._total = path.stat().st_size if path.is_file() else 0
        self._is_watched = sys.stderr.isatty()

    def show(self, stage: str, read: int) -> None:
        """Draw the bar over the one before."""
        if self._is_watched and self._total:
            done = min(1.0, read / self._total)
            bar = ("#" * round(done * _BAR)).ljust(_BAR, ".")
            sys.stderr.write(f"\r{stage:<10} [{bar}] {done:>4.0%}")
            sys.stderr.flush()

    def end(self) -> None:
        """Leave the line."""
        if self._is_watched and self._total:
            sys.stderr.write("\n")
