"""What could not be carried over as it was, in words for the person who moves."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was left out or changed.

    :ivar kind: what it was, such as “shortcode”; notes are counted by it.
    :ivar detail: which one it was, whole, so that nothing is lost that no note names.
    """

    kind: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.kind}: {self.detail}" if self.detail else self.kind


@dataclass
class Notes:
    """Notes on one post, in the order in which they came up, each once."""

    noted: dict[Note, int] = field(default_factory=dict)

    def add(self, kind: str, detail: str = "") -> None:
        """Note that something was left out or changed."""
        note = Note(kind, detail.strip())
        self.noted[note] = self.noted.get(note, 0) + 1

    def extend(self, notes: Iterable[Note]) -> None:
        """Take over notes from elsewhere."""
        for note in notes:
            self.add(note.kind, note.detail)

    def as_data(self) -> list[dict[str, str | int]]:
        return [
            {"kind": note.kind, "detail": note.detail, "times": times}
            for note, times in self.noted.items()
        ]

    def by_kind(self) -> Counter[str]:
        counted: Counter[str] = Counter()
        for note, times in self.noted.items():
            counted[note.kind] += times
        return counted
