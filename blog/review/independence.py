"""Four eyes: whoever approves an article has neither written nor last edited it."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from wagtail.models import Revision

from accounts.models import User
from blog.models import ArticlePage, Person
from blog.review.content_hash import content_hash


class NotIndependent(PermissionDenied):
    """The reviewer had a hand in what is to be reviewed."""

    def __init__(self, name: str, part: str) -> None:
        super().__init__(f"{name} {part} and cannot review it. Choose another professional.")


@dataclass(frozen=True)
class Hands:
    """Everybody who had a hand in one content."""

    author_ids: frozenset[int]
    user_ids: frozenset[int]
    emails: frozenset[str]


def hands_in(page: ArticlePage, revision: Revision) -> Hands:
    """Return who wrote a draft and who made it say what it says.

    Saving once more what another has written does not make them another's: everybody counts who
    saved this content, back to whoever first did.
    """
    authors = Person.objects.filter(pk=page.author_id)
    user_ids = {page.owner_id, *authors.values_list("user_id", flat=True)}
    digest = content_hash(page)
    earlier = page.revisions.filter(created_at__lte=revision.created_at).order_by("-created_at")
    for saved in earlier.iterator(chunk_size=20):
        if content_hash(saved.as_object()) != digest:
            break
        user_ids.add(saved.user_id)
    user_ids.discard(None)
    emails = [
        *authors.values_list("email", flat=True),
        *User.objects.filter(pk__in=user_ids).values_list("email", flat=True),
    ]
    return Hands(
        author_ids=frozenset(author.pk for author in authors),
        user_ids=frozenset(user_ids),
        emails=frozenset(email.casefold() for email in emails if email),
    )


def refuse_if_involved(hands: Hands, reviewer: Person, *, by: User | None = None) -> None:
    """Make sure that a reviewer, and the account they answer from, had no hand in a content.

    :raises NotIndependent: if they had.
    """
    if reviewer.pk in hands.author_ids:
        raise NotIndependent(reviewer.name, "is the author of this article")
    users = {reviewer.user_id, by.pk if by else None} - {None}
    emails = {reviewer.email.casefold()} | ({by.email.casefold()} if by else set())
    if users & hands.user_ids or (emails - {""}) & hands.emails:
        raise NotIndependent(reviewer.name, "has written or edited this article")
