"""Work out, off the request, which articles a reader may want next: by topic, tag and words."""

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.html import strip_tags

from blog.models import ArticleLikeness, ArticlePage
from freshness.changes import changed

KEPT = 6
WORDS_KEPT = 60
# Of each topic, and of all: who is compared with an article.
_COMPARED = 150
_PER_RUN = 50
_WORD = re.compile(r"[^\W\d_]{4,}")
_SAME_TOPIC, _SAME_TAG = 1.0, 0.5
# Words that most sentences have say nothing about what an article is about.
_COMMON = frozenset(
    """
    about after again also always because been before being between both could does each even
    every from have here into just less like many more most much never only other over same
    should some such than that their them then there these they this those through under until
    very want well were what when where which while with without would your yours
    """.split()  # noqa: SIM905 (a list of so many would be a page long)
)


@dataclass(frozen=True, slots=True)
class Traits:
    """What an article is compared by."""

    pk: int
    topics: frozenset[int]
    tags: frozenset[int]
    words: Mapping[str, float]


def work(*, at: dt.datetime, limit: int = _PER_RUN) -> int:
    """Compare some of the published articles that changed since they were; return how many."""
    due = ArticlePage.objects.live().filter(likeness__reckoned_at=None, likeness__isnull=False)
    articles = list(due.newest_first()[:limit])
    for article in articles:
        compare(article, at=at)
    return len(articles)


def compare(article: ArticlePage, *, at: dt.datetime) -> None:
    """Note an article's words and what is like it, and let those articles lead back."""
    with transaction.atomic():
        ArticleLikeness.objects.update_or_create(
            article=article, defaults={"words": words_of(article), "reckoned_at": at}
        )
        for other in _note_closest(article.pk):
            _note_closest(other)


def words_of(article: ArticlePage) -> dict[str, int]:
    """Count the words that say most: those of the title thrice, of the introduction twice."""
    body = strip_tags(" ".join(article.body.stream_block.get_searchable_content(article.body)))
    counted = Counter(_words(f"{article.title} " * 3 + f"{article.intro} " * 2 + body))
    return dict(counted.most_common(WORDS_KEPT))


def _words(text: str) -> list[str]:
    return [word for word in _WORD.findall(text.lower()) if word not in _COMMON]


def _note_closest(pk: int) -> list[int]:
    """Compare one article with those of its topics and with the newest; return the closest."""
    topics = list(ArticlePage.topics.through.objects.filter(articlepage=pk).values_list("topic"))
    ids = {pk, *_newest(Q(topics__in=[topic for (topic,) in topics])), *_newest(Q())}
    traits = _traits(ids)
    if pk not in traits:
        return []
    mine = traits.pop(pk)
    rarity = _rarity([mine, *traits.values()])
    scored = {other.pk: _likeness(mine, other, rarity) for other in traits.values()}
    best = sorted(scored, key=lambda each: (-scored[each], -each))[:KEPT]
    closest = [each for each in best if scored[each] > 0]
    noted = ArticleLikeness.objects.filter(pk=pk).exclude(others=closest)
    if noted.update(others=closest):
        changed(ArticleLikeness.tag(pk))
    return closest


def _newest(among: Q) -> list[int]:
    found = ArticlePage.objects.live().filter(among).newest_first()
    return list(found.values_list("pk", flat=True)[:_COMPARED])


def _traits(ids: set[int]) -> dict[int, Traits]:
    """Read what articles are compared by; three queries."""
    topics = _by_article(
        ArticlePage.topics.through.objects.filter(articlepage__in=ids).values_list(
            "articlepage", "topic"
        )
    )
    tags = _by_article(
        ArticlePage.tags.through.objects.filter(content_object__in=ids).values_list(
            "content_object", "tag"
        )
    )
    return {
        row.pk: Traits(
            row.pk,
            frozenset(topics.get(row.pk, ())),
            frozenset(tags.get(row.pk, ())),
            {word: 1 + math.log(count) for word, count in row.words.items()},
        )
        for row in ArticleLikeness.objects.filter(pk__in=ids, article__live=True)
    }


def _by_article(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for article, other in pairs:
        found.setdefault(article, []).append(other)
    return found


def _rarity(all_traits: Sequence[Traits]) -> dict[str, float]:
    """Say how much a word tells: one that all articles use tells little."""
    used = Counter(word for traits in all_traits for word in traits.words)
    return {word: math.log(1.1 * len(all_traits) / count) for word, count in used.items()}


def _likeness(mine: Traits, other: Traits, rarity: Mapping[str, float]) -> float:
    """Add what two articles share: topics, tags, and the angle between their words."""
    score = _SAME_TOPIC * len(mine.topics & other.topics) + _SAME_TAG * len(mine.tags & other.tags)
    return score + _cosine(_weighed(mine, rarity), _weighed(other, rarity))


def _weighed(traits: Traits, rarity: Mapping[str, float]) -> dict[str, float]:
    return {word: weight * rarity[word] for word, weight in traits.words.items()}


def _cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    shared = sum(weight * other[word] for word, weight in one.items() if word in other)
    lengths = math.hypot(*one.values()) * math.hypot(*other.values())
    return shared / lengths if lengths else 0.0
