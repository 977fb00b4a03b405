"""What a comment's own words say about it, before a person reads it.

Every rule runs in time proportional to the text, which the form has limited already.
"""

import datetime as dt
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

from blog.models import Comment, CommentStatus
from blog.spam import words

# What goes straight to spam; the rest waits for a moderator.
SPAM_FROM = 0.9
MOST_LINKS = 2
SAME_WORDS_WITHIN = dt.timedelta(days=30)
# "Thank you!" may be said by two people.
SHORTEST_DUPLICATE = 25

_ENDINGS = "com|net|org|info|biz|ru|xyz|top|shop|online|site|club|io|me"
_LINK = re.compile(
    rf"https?://|www\.[a-z0-9-]|\b[a-z0-9-]{{2,40}}\.(?:{_ENDINGS})\b", re.IGNORECASE
)
_MARKUP = re.compile(
    r"<\s*a\s|<\s*/?\s*(?:script|iframe|img|svg|object|embed)\b|\[/?(?:url|link)", re.IGNORECASE
)
_NOT_WORDS = re.compile(r"[\W_]+")


@dataclass
class Verdict:
    """What is to become of a comment, and why."""

    score: float
    reasons: list[str] = field(default_factory=list)
    is_spam: bool = False

    @property
    def status(self) -> CommentStatus:
        return CommentStatus.SPAM if self.is_spam else CommentStatus.WAITING


def fingerprint(text: str) -> str:
    """Name a text by its words alone: blanks, case, accents and punctuation make no difference."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    squeezed = _NOT_WORDS.sub("", "".join(c for c in plain if not unicodedata.combining(c)))
    return hashlib.blake2b(squeezed.encode(errors="replace"), digest_size=16).hexdigest()


def links_in(text: str) -> int:
    """Count what leads somewhere else."""
    return sum(1 for _ in _LINK.finditer(text))


def judge(*, name: str, text: str, at: dt.datetime) -> Verdict:
    """Weigh a comment by markup, links, repetition and words; two queries."""
    verdict = Verdict(score=words.score(f"{name} {text}"))
    links = links_in(text) + links_in(name)
    if _MARKUP.search(text) or _MARKUP.search(name):
        _is_spam(verdict, "markup that leads elsewhere")
    if links > MOST_LINKS or links_in(name):
        _is_spam(verdict, f"{links} links")
    elif links:
        verdict.score = 1 - (1 - verdict.score) * 0.6**links
        verdict.reasons.append(f"{links} link{'s' if links > 1 else ''}")
    if _was_said_before(text, at=at):
        _is_spam(verdict, "the same words as another comment")
    if verdict.score >= SPAM_FROM and not verdict.is_spam:
        _is_spam(verdict, "words that were spam before")
    return verdict


def _is_spam(verdict: Verdict, reason: str) -> None:
    verdict.is_spam = True
    verdict.score = max(verdict.score, 0.99)
    verdict.reasons.append(reason)


def _was_said_before(text: str, *, at: dt.datetime) -> bool:
    if len(text) < SHORTEST_DUPLICATE:
        return False
    same = Comment.objects.filter(
        fingerprint=fingerprint(text), posted_at__gt=at - SAME_WORDS_WITHIN, is_from_staff=False
    )
    return same.exists()
