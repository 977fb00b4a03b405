"""What an import did, and what it could not carry: for a person, and as JSON."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from blog.wordpress.items import Item
from blog.wordpress.notes import Notes

MOST_LINES = 40


class Outcome(StrEnum):
    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    LEFT = "left alone"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class PostReport:
    """What became of one item of the export."""

    number: int
    kind: str
    status: str
    title: str
    outcome: Outcome
    address: str
    notes: Notes

    def as_data(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "kind": self.kind,
            "status": self.status,
            "title": self.title,
            "outcome": self.outcome.value,
            "address": self.address,
            "notes": self.notes.as_data(),
        }


@dataclass
class Report:
    """The whole import, item by item."""

    site: str
    is_dry_run: bool
    posts: list[PostReport] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    notes: Notes = field(default_factory=Notes)

    def add(self, item: Item, outcome: Outcome, address: str, notes: Notes) -> None:
        """Note what became of an item."""
        self.counts[f"{item.kind}s {outcome.value}"] += 1
        self.posts.append(
            PostReport(item.number, item.kind, item.status, item.title, outcome, address, notes)
        )

    @property
    def by_kind(self) -> Counter[str]:
        """How often each kind of note was made."""
        counted = self.notes.by_kind()
        for post in self.posts:
            counted.update(post.notes.by_kind())
        return counted

    @property
    def carries_everything(self) -> bool:
        return not self.by_kind

    def as_json(self) -> str:
        """The whole report for another program."""
        data = {
            "site": self.site,
            "dry_run": self.is_dry_run,
            "counts": dict(sorted(self.counts.items())),
            "not_carried": dict(self.by_kind.most_common()),
            "notes": self.notes.as_data(),
            "items": [post.as_data() for post in self.posts],
        }
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"

    def as_lines(self) -> Iterator[str]:
        """Yield the report for a person, what is long cut short."""
        yield f"{'Would import' if self.is_dry_run else 'Imported'} from {self.site}:"
        for name, number in sorted(self.counts.items()):
            yield f"  {number:>7,} {name}"
        if self.carries_everything:
            yield "Everything was carried over as it was."
            return
        yield "Not carried over as it was:"
        for kind, times in self.by_kind.most_common():
            yield f"  {times:>7,} {kind}"
        yield from self._examples()

    def _examples(self) -> Iterator[str]:
        noted = [post for post in self.posts if post.notes.noted]
        yield "In these posts:"
        for post in noted[:MOST_LINES]:
            yield f"  {post.number} “{post.title[:60]}”"
            for note in list(post.notes.noted)[:MOST_LINES]:
                yield f"      {str(note)[:160]}"
        if len(noted) > MOST_LINES:
            yield f"  … and {len(noted) - MOST_LINES:,} more; --report names all of them."
