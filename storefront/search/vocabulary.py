"""The words that the shop's public pages use, and which of them somebody may have meant.

The worker reads the pages a few at a time, what was published since last, and the whole shop
again once a day; a word that no page uses any more is then forgotten.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import DateTimeField, Q, Value
from django.db.models.functions import Coalesce
from wagtail.models import Page
from wagtail.search.index import SearchField
from rapidfuzz import process
from rapidfuzz.distance import OSA

from freshness.changes import changed
from storefront.models import SearchWord, VocabularyMark
from storefront.search.kinds import by_content_type
from storefront.search.visible import visible_pages
from storefront.search.wording import LONGEST_WORD, are_all_known, places_of_words

# What searches show besides the catalogue: which words are known, and corrected to.
WORDS = "search-words"
BATCH = 200
BATCHES_PER_RUN = 5
READ_AGAIN_AFTER = dt.timedelta(days=1)
MOST_WORDS = 50_000
SHORTEST_WORD = 3
SHORTEST_CORRECTED = 4
_BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
# How many letters a word of at least so many may differ in.
_SLIPS: Final = ((10, 3), (6, 2), (SHORTEST_CORRECTED, 1))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words as they stood at a version, with how many pages use each."""

    version: int
    uses: dict[str, int]

    def corrected(self, words: Sequence[str]) -> tuple[str, ...]:
        """Return the words that were probably meant; nothing where there is nothing to correct."""
        joined = self._joined(words)
        fixed: list[str] = []
        for word in joined:
            fixed += self._meant(word)
        return tuple(fixed) if tuple(fixed) != tuple(words) else ()

    def knows(self, words: Collection[str]) -> bool:
        return are_all_known(words, self.uses)

    def _joined(self, words: Sequence[str]) -> list[str]:
        """Write together what the shop writes as one word: “micro dermabrasion”."""
        found: list[str] = []
        for word in words:
            if found and found[-1] + word in self.uses and not self.knows([found[-1], word]):
                found[-1] += word
            else:
                found.append(word)
        return found

    def _meant(self, word: str) -> list[str]:
        if self.knows([word]) or not word.isalpha():
            return [word]
        return self._nearest(word) or self._parted(word) or [word]

    def _nearest(self, word: str) -> list[str]:
        slips = next((slips for length, slips in _SLIPS if len(word) >= length), 0)
        if not slips:
            return []
        near = process.extract(word, self.uses.keys(), scorer=OSA.distance, score_cutoff=slips)
        if not near:
            return []
        best = min(near, key=lambda each: (each[1], each[0][0] != word[0], -self.uses[each[0]]))
        return [str(best[0])]

    def _parted(self, word: str) -> list[str]:
        """Write apart what the shop writes as two words: “scalpserum”."""
        cuts = range(SHORTEST_WORD, len(word) - SHORTEST_WORD + 1)
        parts = ([word[:cut], word[cut:]] for cut in cuts)
        return next((each for each in parts if all(part in self.uses for part in each)), [])


_kept: Vocabulary | None = None


def current() -> Vocabulary:
    """Return the words as they stand; one query, two when they have changed since last asked."""
    global _kept
    version = VocabularyMark.objects.values_list("version", flat=True).first() or 0
    if _kept is None or _kept.version != version:
        words = SearchWord.objects.order_by("-uses", "word").values_list("word", "uses")
        _kept = Vocabulary(version, dict(words[:MOST_WORDS]))
    return _kept


def forget() -> None:
    """Drop the copy in memory."""
    global _kept
    _kept = None


def read_on(*, at: dt.datetime) -> int:
    """Read what was published since last; return how many pages that were."""
    count = 0
    for _ in range(BATCHES_PER_RUN):
        read = _read_batch(at)
        count += read
        if read < BATCH:
            break
    return count


@transaction.atomic
def _read_batch(at: dt.datetime) -> int:
    VocabularyMark.objects.get_or_create(pk=1, defaults={"begun_at": at})
    mark = VocabularyMark.objects.select_for_update().get(pk=1)
    if mark.is_whole and at - mark.begun_at >= READ_AGAIN_AFTER:
        mark = VocabularyMark(pk=1, begun_at=at, reading=mark.reading + 1, version=mark.version + 1)
    pages = _next_pages(mark)
    if pages:
        _write(Counter(word for page in pages for word in _words_on(page)), mark.reading)
        mark.read_to, mark.read_to_page = pages[-1].published, pages[-1].pk
        mark.version += 1
    if len(pages) < BATCH and not mark.is_whole:
        SearchWord.objects.filter(reading__lt=mark.reading).delete()
        mark.is_whole = True
        mark.version += 1
    elif not pages:
        return 0
    mark.save()
    changed(WORDS)
    return len(pages)


def _next_pages(mark: VocabularyMark) -> list[Page]:
    published = Coalesce("last_published_at", Value(_BEGINNING, output_field=DateTimeField()))
    pages = visible_pages().filter(content_type_id__in=by_content_type())
    pages = pages.annotate(published=published).order_by("published", "pk")
    if mark.read_to is not None:
        same = Q(published=mark.read_to, pk__gt=mark.read_to_page)
        pages = pages.filter(Q(published__gt=mark.read_to) | same)
    batch = list(pages[:BATCH])
    chosen = Page.objects.filter(pk__in=[page.pk for page in batch])
    specific = {page.pk: page for page in chosen.specific()}
    for page in batch:
        page.with_text = specific.get(page.pk, page)
    return batch


def _words_on(page: Page) -> set[str]:
    """Return each word of what the page's kind lets be searched."""
    specific = page.with_text
    fields = [each for each in specific.search_fields if isinstance(each, SearchField)]
    words: set[str] = set()
    for field in fields:
        value = field.get_value(specific)
        for text in value if isinstance(value, list) else [value or ""]:
            words.update(_telling(str(text)))
    return words


def _telling(text: str) -> Iterable[str]:
    for begin, end in places_of_words(text):
        if SHORTEST_WORD <= end - begin <= LONGEST_WORD:
            word = text[begin:end].casefold()
            if word.isalpha():
                yield word


def _write(counted: Counter[str], reading: int) -> None:
    known = SearchWord.objects.filter(word__in=list(counted), reading=reading)
    before = dict(known.values_list("word", "uses"))
    SearchWord.objects.bulk_create(
        [
            SearchWord(word=word, uses=before.get(word, 0) + uses, reading=reading)
            for word, uses in counted.items()
        ],
        update_conflicts=True,
        unique_fields=["word"],
        update_fields=["uses", "reading"],
        batch_size=500,
    )
