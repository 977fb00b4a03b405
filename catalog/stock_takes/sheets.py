"""What a stock take looks like: the blind list to count by, and the differences to approve."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from catalog.models import StockCount, StockTake, StockTakeLine


@dataclass(frozen=True, slots=True)
class CountRow:
    """One line on the screen.

    :ivar typed: what stands in its field while somebody counts.
    :ivar counts: all that was counted on it, the newest last.
    """

    line: StockTakeLine
    typed: str = ""
    counts: Sequence[StockCount] = field(default_factory=tuple)

    @property
    def name(self) -> str:
        offer = self.line.offer
        return f"{offer.page.title if offer.page else offer.sku}, {offer.label}"

    @property
    def field_name(self) -> str:
        return f"line-{self.line.pk}"

    @property
    def codes(self) -> set[str]:
        """What a scanner may read for it: of a batch its own number first of all."""
        offer, batch = self.line.offer, self.line.batch
        own = {offer.sku, offer.barcode, batch.code if batch else ""}
        return {code.casefold() for code in own if code}

    @property
    def newest(self) -> StockCount | None:
        return self.counts[-1] if self.counts else None

    @property
    def is_disputed(self) -> bool:
        """Whether two counts found different differences."""
        return len({each.difference for each in self.counts}) > 1


@dataclass(frozen=True, slots=True)
class Scanned:
    """What came of one scan: what is typed after it, and a sentence that says so."""

    typed: Mapping[int, str]
    words: str
    is_wrong: bool = False


def rows(take: StockTake, typed: Mapping[int, str] | None = None) -> list[CountRow]:
    """Return the lines of a stock take with their counts, in two queries."""
    lines = take.lines.select_related("offer__page", "batch")
    found: dict[int, list[StockCount]] = defaultdict(list)
    for each in StockCount.objects.filter(line__take=take).select_related("counted_by"):
        found[each.line_id].append(each)
    return [CountRow(line, (typed or {}).get(line.pk, ""), found[line.pk]) for line in lines]


def scan(shown: Sequence[CountRow], code: str) -> Scanned:
    """Count one more of what a scanner, or somebody who types, names."""
    typed, read = {row.line.pk: row.typed for row in shown}, code.casefold()
    meant = [row for row in shown if read in row.codes]
    if not meant:
        return Scanned(typed, f"{code} is not on this list.", is_wrong=True)
    if len(meant) > 1:
        words = f"{meant[0].name} has several batches: scan the number of the batch."
        return Scanned(typed, words, is_wrong=True)
    [row] = meant
    so_far = int(row.typed) if row.typed.isascii() and row.typed.isdigit() else 0
    typed[row.line.pk] = str(so_far + 1)
    return Scanned(typed, f"{so_far + 1} × {row.name}")
