"""A scorer that learns: how likely words are spam, from what moderators decided.

Naive Bayes after Paul Graham's "A Plan for Spam" (2002): the words that tell most decide. A shop
that has decided nothing yet knows the examples that come with it.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction
from django.db.models import F

from blog.models import CommentStatus, SpamWord
from blog.spam import examples

ALL = ""
MOST_WORDS = 120
MOST_TELLING = 15
LONGEST = 24
# One decision about one word must not settle it.
_PRIOR = 0.5
_PRIOR_WEIGHT = 1.5
_LEAST, _MOST = 0.01, 0.99
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_HOST = re.compile(r"(?:https?://|www\.)([^\s/?#\"'<>]{1,80})", re.IGNORECASE)


@dataclass(frozen=True)
class Counts:
    """In how many comments of each sort a word stood."""

    spam: int = 0
    approved: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.spam + other.spam, self.approved + other.approved)


def words_of(text: str) -> list[str]:
    """Return the different words of a text, and the hosts that it leads to, in their order."""
    hosts = (f"host:{match[1].lower()}"[:40] for match in _HOST.finditer(text))
    plain = (match[0].casefold() for match in _WORD.finditer(text))
    wanted = (word for word in plain if 2 < len(word) <= LONGEST)
    return list(dict.fromkeys([*hosts, *wanted]))[:MOST_WORDS]


def score(text: str) -> float:
    """Say how likely a text is spam, from 0 to 1; one query."""
    words = words_of(text)
    known = _known([ALL, *words])
    total = known.get(ALL, Counts())
    chances = sorted(
        (_chance(known.get(word, Counts()), total) for word in words),
        key=lambda chance: -abs(chance - 0.5),
    )[:MOST_TELLING]
    odds = sum(math.log(chance) - math.log1p(-chance) for chance in chances)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


@transaction.atomic
def learn(text: str, *, as_status: str, instead_of: str = "") -> None:
    """Count the words of a comment towards a decision, and no longer towards an earlier one."""
    words = sorted([ALL, *words_of(text)])
    spam = _is(as_status, CommentStatus.SPAM) - _is(instead_of, CommentStatus.SPAM)
    good = _is(as_status, CommentStatus.APPROVED) - _is(instead_of, CommentStatus.APPROVED)
    if not spam and not good:
        return
    SpamWord.objects.bulk_create([SpamWord(word=word) for word in words], ignore_conflicts=True)
    rows = SpamWord.objects.filter(word__in=words)
    # Everybody takes the rows in one order, so that nobody waits for somebody who waits for them.
    list(rows.order_by("word").select_for_update().values_list("pk", flat=True))
    rows.update(in_spam=F("in_spam") + spam, in_approved=F("in_approved") + good)


def unlearn(text: str, *, was: str) -> None:
    """Forget a comment's words as if it had never been decided on."""
    learn(text, as_status="", instead_of=was)
    SpamWord.objects.filter(word__in=words_of(text), in_spam__lte=0, in_approved__lte=0).delete()


def _is(status: str, wanted: CommentStatus) -> int:
    return int(status == wanted)


def _known(words: list[str]) -> dict[str, Counts]:
    base = _base()
    found = {word: base[word] for word in words if word in base}
    rows = SpamWord.objects.filter(word__in=words).values_list("word", "in_spam", "in_approved")
    for word, spam, approved in rows:
        learned = Counts(max(0, spam), max(0, approved))
        found[word] = found.get(word, Counts()) + learned
    return found


def _chance(counts: Counts, total: Counts) -> float:
    """How likely a comment with this word is spam, leaning to neither side on little evidence."""
    in_spam = counts.spam / max(1, total.spam)
    in_approved = counts.approved / max(1, total.approved)
    seen = counts.spam + counts.approved
    if not seen:
        return _PRIOR
    plain = in_spam / (in_spam + in_approved)
    leaning = (_PRIOR_WEIGHT * _PRIOR + seen * plain) / (_PRIOR_WEIGHT + seen)
    return min(_MOST, max(_LEAST, leaning))


@lru_cache(maxsize=1)
def _base() -> Mapping[str, Counts]:
    spam, approved = _counted(examples.SPAM), _counted(examples.APPROVED)
    known = {word: Counts(spam[word], approved[word]) for word in {*spam, *approved}}
    return {**known, ALL: Counts(len(examples.SPAM), len(examples.APPROVED))}


def _counted(texts: Iterable[str]) -> Counter[str]:
    return Counter(word for text in texts for word in words_of(text))
