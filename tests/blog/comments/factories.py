"""Comments to test with, and the way a reader sends one."""

import datetime as dt
import re
from typing import Any

from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
import factory

from accounts.models import User
from blog.comments import stamps
from blog.models import ArticlePage, Comment, CommentStatus
from tests.accounts.factories import UserFactory
from tests.blog.factories import ArticlePageFactory

AT = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
ORIGIN = {"Origin": "http://testserver"}
TEXT = "How long should I wait before I colour my hair again?"


class CommentFactory(factory.django.DjangoModelFactory):
    """A public comment; `waiting` and `spam` are what they say."""

    article = factory.SubFactory(ArticlePageFactory)
    name = factory.Sequence(lambda n: f"Reader {n}")
    email = factory.Sequence(lambda n: f"reader-{n}@example.com")
    text = factory.Sequence(lambda n: f"What do you think of brush number {n}?")
    status = CommentStatus.APPROVED
    posted_at = AT
    thread_at = factory.LazyAttribute(
        lambda new: new.parent.thread_at if new.parent else new.posted_at
    )
    parent = None

    class Meta:
        model = Comment

    class Params:
        waiting = factory.Trait(status=CommentStatus.WAITING)
        spam = factory.Trait(status=CommentStatus.SPAM)


def moderator(**fields: Any) -> User:
    """Somebody who may enter the admin and decide on comments."""
    return staff("view_comment", "moderate_comment", **fields)


def staff(*codenames: str, **fields: Any) -> User:
    """Somebody who may enter the admin and do these things of the blog."""
    user = UserFactory(is_staff=True, **fields)
    user.user_permissions.add(
        Permission.objects.get(codename="access_admin"),
        *Permission.objects.filter(codename__in=codenames, content_type__app_label="blog"),
    )
    return user


def typed(article: ArticlePage, **fields: str) -> dict[str, str]:
    """A form that was opened a minute ago and filled in well."""
    opened = timezone.now() - dt.timedelta(minutes=1)
    return {
        "name": "Ana",
        "email": "ana@example.com",
        "text": TEXT,
        "homepage": "",
        "stamp": stamps.make(article_id=article.pk, at=opened),
        **fields,
    }


def send(
    client: Client, article: ArticlePage, *, address: str = "203.0.113.7", **fields: str
) -> HttpResponse:
    """Send a comment as a browser does."""
    answer: Any = client.post(
        f"/comments/{article.pk}/",
        typed(article, **fields),
        headers=ORIGIN,
        REMOTE_ADDR=address,
    )
    response: HttpResponse = answer
    return response


def stamp_in(response: HttpResponse) -> str:
    """Return the stamp of the form on a page."""
    found = re.search(r'name="stamp" value="([^"]+)"', response.content.decode())
    assert found, response.content.decode()[:2000]
    return found[1]
