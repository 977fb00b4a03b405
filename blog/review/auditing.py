"""Whether what readers see is what was approved: every live article, read again."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from blog.models import ArticlePage
from blog.review import answers, gate
from blog.review.content_hash import content_hash

_AT_ONCE = 200


@dataclass(frozen=True)
class Finding:
    """A live article that does not stand on an approval of what it says."""

    page: ArticlePage
    why: str


def findings() -> Iterator[Finding]:
    """Yield live articles without an approval, and those that say something else by now.

    A picture whose words were changed, or a script that wrote past the gate, is found here.
    """
    live = ArticlePage.objects.filter(live=True).select_related("approval").order_by("pk")
    for page in live.iterator(chunk_size=_AT_ONCE):
        if page.approval is None:
            yield Finding(page, "has no approval and is shown to nobody")
        elif page.approval.content_hash != content_hash(page):
            yield Finding(page, "does not say what was approved")


def let_all_through(*, reason: str, at: dt.datetime) -> int:
    """Let everything that `findings` yields be read as it is; return how many there were.

    :raises NoReason: if no reason is given.
    """
    found = [finding.page for finding in findings()]
    for page in found:
        gate.stand_on(page, answers.let_through(page=page, reason=reason, at=at))
        page.save(update_fields=gate.OF_THE_APPROVAL, clean=False)
    return len(found)
