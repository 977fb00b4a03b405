"""Count what is looked for, so that staff can pin results and write synonyms; nobody is noted.

A term is only kept when it is made of words that the shop's own pages use, or when several
people have asked for it on one day: what one person alone types may be about that person.
"""

import datetime as dt

from django.conf import settings
from django.db.models import F
from django.utils.crypto import salted_hmac
from wagtail.contrib.search_promotions.models import Query, QueryDailyHits

from accounts import tries
from storefront.models import UnansweredTerm
from storefront.search import looking, pins, vocabulary
from storefront.search.wording import Asked

ASKED_BY_SEVERAL = 3
MOST_WORDS = 5
# Beyond so many different terms a day somebody is playing with us.
MOST_TERMS_A_DAY = 2_000
LONGEST_TERM = 200
_LONG_NUMBER = 4
_DAY = 24 * 60 * 60


def note(asked: Asked, *, on: dt.date) -> None:
    """Count a term for a day, unless it may be about a person; and whether it found nothing."""
    if not asked.words or len(asked.words) > MOST_WORDS or _may_be_personal(asked):
        return
    term = " ".join(asked.words)
    seen = 1
    if not vocabulary.current().knows(asked.words):
        seen = _seen_today(term, on)
        if seen < ASKED_BY_SEVERAL:
            return
    if QueryDailyHits.objects.filter(date=on).count() >= MOST_TERMS_A_DAY:
        return
    query, _ = Query.objects.get_or_create(query_string=term)
    day, is_new = QueryDailyHits.objects.get_or_create(query=query, date=on)
    times = seen if is_new else 1
    QueryDailyHits.objects.filter(pk=day.pk).update(hits=F("hits") + times)
    if not looking.look_up(asked).hits and not pins.for_search(asked):
        unanswered, _ = UnansweredTerm.objects.get_or_create(term=term[:LONGEST_TERM], on=on)
        UnansweredTerm.objects.filter(pk=unanswered.pk).update(times=F("times") + times)


def _may_be_personal(asked: Asked) -> bool:
    if "@" in asked.text:
        return True
    return any(word.isdigit() and len(word) > _LONG_NUMBER for word in asked.words)


def _seen_today(term: str, on: dt.date) -> int:
    """Count a term under a key that does not tell it, for a day."""
    digest = salted_hmac("search.asked", f"{on}:{term}", secret=settings.SECRET_KEY).hexdigest()
    key = f"search-asked:{digest}"
    return tries.count(key, seconds=_DAY)
