"""Write all articles, their authors and pictures into a folder: Markdown, YAML and files.

The same articles give the same bytes. A file that is right already is left alone, and what an
export wrote before and no longer has is taken away; nothing else in the folder is ever touched.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from blog.markdown import document, surroundings, words
from blog.markdown.front_matter import Value, front_matter
from blog.models import ArticlePage, Person, Topic
from cms.models import CustomImage

MANIFEST = "export.json"
BATCH = 100


class FolderRefused(ValueError):
    """The folder holds something that no export wrote."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not empty and no export wrote it. Name another folder.")


@dataclass
class Export:
    """One run into one folder."""

    folder: Path
    written: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    changed: int = 0

    def run(self) -> None:
        """Write everything.

        :raises FolderRefused: if the folder is in use for something else.
        """
        before = self._before()
        for page in _articles():
            self._write_article(page)
        for person in Person.objects.order_by("slug"):
            self._write(f"people/{person.slug}.md", self._person(person).encode())
        self._write("topics.json", _topics().encode())
        for path in sorted(set(before) - set(self.written)):
            self._remove(path)
        manifest = json.dumps(dict(sorted(self.written.items())), indent=1, ensure_ascii=False)
        self._put(MANIFEST, f"{manifest}\n".encode())

    def _before(self) -> dict[str, str]:
        """What an earlier run wrote."""
        manifest = self.folder / MANIFEST
        if manifest.is_file():
            read: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
            return read
        if self.folder.exists() and any(self.folder.iterdir()):
            raise FolderRefused(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        return {}

    def _write_article(self, page: ArticlePage) -> None:
        """Write what readers see, and beside it a draft that nobody has published yet."""
        parent = PurePosixPath(page.url_path.strip("/")).parent.name
        name = f"articles/{parent}/{page.slug}"
        draft = page.get_latest_revision_as_object() if page.has_unpublished_changes else page
        if page.live:
            self._write(f"{name}.md", self._document(page, "live").encode())
        if not page.live or page.has_unpublished_changes:
            ending = ".draft.md" if page.live else ".md"
            status = "planned" if page.approved_schedule else "draft"
            self._write(f"{name}{ending}", self._document(draft, status).encode())

    def _document(self, page: ArticlePage, status: str) -> str:
        around = surroundings(page, lambda image: f"../../{self._picture(image)}")
        return document(page, around, further={"status": status, "go_live_at": page.go_live_at})

    def _person(self, person: Person) -> str:
        facts: dict[str, Value] = {
            "name": person.name,
            "credentials": person.credentials,
            "role": person.role,
            "registration_number": person.registration_number,
            "may_review": person.may_review,
            "portrait": f"../{self._picture(person.portrait)}" if person.portrait else "",
        }
        around = words.Surroundings(picture=lambda image: f"../{self._picture(image)}")
        return words.joined([front_matter(facts), words.rich_text(person.bio, around)]) + "\n"

    def _picture(self, image: CustomImage) -> str:
        """Copy the file of a picture, once; return where it is in the folder."""
        name = f"pictures/{image.pk}-{PurePosixPath(image.file.name).name}"
        if name not in self.written and name not in self.missing:
            try:
                with image.file.storage.open(image.file.name) as file:
                    self._write(name, file.read())
            except OSError:
                self.missing.append(name)
        return name

    def _write(self, path: str, content: bytes) -> None:
        self.written[path] = hashlib.sha256(content).hexdigest()
        self._put(path, content)

    def _put(self, path: str, content: bytes) -> None:
        """Write a file whole or not at all, unless it says the same already."""
        target = self.folder / path
        if target.is_file() and target.read_bytes() == content:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f"{target.name}.part")
        half.write_bytes(content)
        half.replace(target)
        self.changed += 1

    def _remove(self, path: str) -> None:
        """Take away what an earlier run wrote, inside the folder only."""
        target = (self.folder / path).resolve()
        if target.is_relative_to(self.folder.resolve()):
            target.unlink(missing_ok=True)
            self.changed += 1


def _articles() -> Iterator[ArticlePage]:
    pages = ArticlePage.objects.filter(alias_of=None).order_by("path")
    related = ("author", "reviewer", "hero_image", "latest_revision")
    yield from pages.select_related(*related).iterator(chunk_size=BATCH)


def _topics() -> str:
    topics = [
        {"name": topic.name, "slug": topic.slug, "description": topic.description}
        for topic in Topic.objects.order_by("sort_order", "name")
    ]
    return json.dumps(topics, indent=1, ensure_ascii=False) + "\n"
