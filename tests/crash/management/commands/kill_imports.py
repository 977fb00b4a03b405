"""Kill imports of a small WordPress export at many moments, import again, say what came of it."""

import contextlib
import io
import json
import sys
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page
from PIL import Image

from blog.models import ArticlePage, Comment, ImportedPicture, ImportedPost, Person, Topic
from blog.wordpress import importing
from cms.models import CustomImage
from tests.blog.factories import ArticleIndexPageFactory
from tests.blog.wordpress.exports import OldComment, OldPost, write_export
from tests.crash.kill_points import Moments
from tests.crash.management.commands.kill_and_go_on import in_a_fork

POSTS, BATCH = 5, 2


@dataclass(frozen=True)
class OldBlog:
    """A blog that no other trial has: its export and its one picture in a folder."""

    number: int
    folder: Path

    @property
    def export(self) -> Path:
        return self.folder / f"{self.number}.xml"

    def write(self) -> None:
        """Write five posts, of which the second has a picture and the third a talk."""
        address, slug = f"old{self.number}.example", f"trial-{self.number}"
        posts = [OldPost(each, title=slug, slug=f"{slug}-{each}") for each in range(1, POSTS + 1)]
        posts[1].content = f'<p><img src="https://{address}/wp-content/uploads/{slug}.png"></p>'
        posts[2].comments = [OldComment(1), OldComment(2, text="So it did me.", parent=1)]
        posts[3].terms = [("category", slug, slug)]
        text = write_export(self.export, posts).read_text()
        text = text.replace("old.example", address).replace("Ada Lindqvist", slug)
        self.export.write_text(text)
        Image.new("RGB", (40, 30), (self.number, 90, 90)).save(self.folder / f"{slug}.png")

    def bring_in(self, *, fatal: int | None = None, notes: Path | None = None) -> None:
        """Import it, two posts at a time; die at a moment, or note what the moments are."""
        importing.BATCH = BATCH
        moments = Moments(fatal)
        # It leaves by `sys.exit` if its report names something that was not carried over.
        with moments.watched(), contextlib.suppress(SystemExit):
            call_command(
                "import_wordpress", str(self.export), f"--uploads={self.folder}",
                stdout=io.StringIO(),
            )  # fmt: skip
        if notes is not None:
            notes.write_text(json.dumps(moments.names))

    def found(self) -> dict[str, Any]:
        """Count all that is here of it, and what is wrong with the tree of pages."""
        slug, address = f"trial-{self.number}", f"old{self.number}.example"
        articles = ArticlePage.objects.filter(title=slug)
        return {
            "posts": ImportedPost.objects.filter(site__contains=address).count(),
            "articles": articles.count(),
            "revisions": sum(page.revisions.count() for page in articles),
            "comments": Comment.objects.filter(article__in=articles).count(),
            "answers": Comment.objects.filter(article__in=articles, parent__isnull=False).count(),
            "pictures": ImportedPicture.objects.filter(address__contains=address).count(),
            "images": CustomImage.objects.filter(title=slug).count(),
            "redirects": Redirect.objects.filter(redirect_page__in=articles).count(),
            "authors": Person.objects.filter(name=slug).count(),
            "topics": Topic.objects.filter(name=slug).count(),
            "problems": list(map(list, Page.find_problems())),
        }


class Command(BaseCommand):
    help = "Print, as JSON, how many moments there are, and every death that changed the end."
    requires_system_checks: list[str] = []  # noqa: RUF012 - Django's own way to say none

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=int, required=True)

    def handle(self, *_args: Any, **options: Any) -> None:
        ArticleIndexPageFactory.create()
        with tempfile.TemporaryDirectory() as folder:
            report = _run(Path(folder), every=options["every"])
        sys.stdout.write(json.dumps(report) + "\n")


def _run(folder: Path, *, every: int) -> dict[str, Any]:
    whole, notes = OldBlog(0, folder), folder / "names.json"
    whole.write()
    in_a_fork(partial(whole.bring_in, notes=notes))
    names = json.loads(notes.read_text())
    cut_off, alive, wrong = [], [], []
    for trial, fatal in enumerate(range(0, len(names), every), start=1):
        blog = OldBlog(trial, folder)
        blog.write()
        if not in_a_fork(partial(blog.bring_in, fatal=fatal)):
            alive.append(names[fatal])
        cut_off.append(blog.found()["articles"])
        in_a_fork(blog.bring_in)
        if (found := blog.found()) != whole.found():
            wrong.append({"at": f"{fatal}: {names[fatal]}", "found": found})
    return {
        "moments": len(names),
        "whole": whole.found(),
        "cut_off": cut_off,
        "alive": alive,
        "wrong": wrong,
    }
