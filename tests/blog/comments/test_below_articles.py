"""Comments as an article's page shows them, and how soon they appear and go."""

import datetime as dt
import json
import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
import pytest
import time_machine

from accounts.models import User
from blog import forgetting
from blog.comments import moderation, subscriptions, threads
from blog.models import (
    ArticlePage,
    Comment,
    CommentSettings,
    PrivateQuestion,
    ReplySubscription,
)
from blog.private_questions import WORDS
from freshness.models import Change
from outbox import mail
from outbox.models import MailStatus, OutboundMail
from outbox.personal_data import NOBODYS_ADDRESS
from tests.blog.comments.factories import AT, CommentFactory, moderator
from tests.blog.factories import ArticlePageFactory

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def article() -> ArticlePage:
    page: ArticlePage = ArticlePageFactory(slug="first")
    return page


@pytest.fixture
def mo() -> User:
    return moderator()


def shown(client: Client, article: ArticlePage, query: str = "") -> list[str]:
    """Return the anchors of the comments on a page, in their order."""
    html = client.get(f"{article.url}{query}").content.decode()
    return re.findall(r'<li class="comment[^"]*" id="comment-(\d+)"', html)


def test_the_newest_talk_is_first_and_answers_follow_what_they_answer(
    client: Client, article: ArticlePage
) -> None:
    old = CommentFactory(article=article)
    new = CommentFactory(article=article, posted_at=AT + HOUR)
    second = CommentFactory(article=article, parent=old, posted_at=AT + 3 * HOUR)
    first = CommentFactory(article=article, parent=old, posted_at=AT + 2 * HOUR)
    CommentFactory(article=article, waiting=True)
    CommentFactory(article=article, spam=True)
    CommentFactory()

    assert shown(client, article) == [str(each.pk) for each in (new, old, first, second)]


def test_a_talk_goes_with_the_comment_that_began_it(
    client: Client, article: ArticlePage, mo: User
) -> None:
    root = CommentFactory(article=article)
    CommentFactory(article=article, parent=root)

    moderation.reject(comment_id=root.pk, by=mo, at=AT)

    assert shown(client, article) == []


def test_no_address_is_in_a_page_and_no_markup_works(client: Client, article: ArticlePage) -> None:
    CommentFactory(
        article=article,
        name="<b>Eve</b>",
        email="secret@example.com",
        text='<img src=x onerror=alert(1)>\n\nsee https://x.example/a?b=1&c="2 (https://y.example).',
    )

    html = client.get(article.url).content.decode()

    assert "secret@example.com" not in html
    assert "<img src=x" not in html
    assert "&lt;b&gt;Eve&lt;/b&gt;" in html
    assert (
        '<a href="https://x.example/a?b=1&amp;c=" rel="nofollow ugc noopener noreferrer">' in html
    )
    assert '<a href="https://y.example" rel="nofollow ugc' in html


def test_staff_are_marked_and_data_for_machines_counts(
    client: Client, article: ArticlePage
) -> None:
    root = CommentFactory(article=article)
    CommentFactory(article=article, parent=root, is_from_staff=True, email="", name="Maren")

    html = client.get(article.url).content.decode()

    assert "Galea team" in html
    assert "2 comments" in html
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert json.loads(found[0])["@graph"][0]["commentCount"] == 2


def test_five_hundred_comments_come_in_pages_that_are_each_light(
    client: Client, article: ArticlePage
) -> None:
    rows = [
        CommentFactory.build(
            article=article,
            posted_at=AT + dt.timedelta(minutes=number),
            thread_at=AT + dt.timedelta(minutes=number),
            text="A long remark about brushes. " * 10,
        )
        for number in range(500)
    ]
    Comment.objects.bulk_create(rows)

    first, second = shown(client, article), shown(client, article, "?comments=2")
    html = client.get(article.url).content

    assert len(first) == len(second) == threads.PER_PAGE
    assert not set(first) & set(second)
    assert b'?comments=2#comments"' in html
    assert len(html) < 120_000
    assert shown(client, article, "?comments=13")
    for nonsense in ("14", "0", "x", "-1", "9" * 40, "²", ""):
        assert shown(client, article, f"?comments={nonsense}") == first


def test_comments_cost_a_page_two_queries_however_many_there_are(article: ArticlePage) -> None:
    threads.discussion(article, page=1, at=AT)
    for number in range(60):
        root = CommentFactory(article=article, posted_at=AT + dt.timedelta(minutes=number))
        CommentFactory(article=article, parent=root)

    with CaptureQueriesContext(connection) as queries:
        found = threads.discussion(article, page=1, at=AT)

    assert len(found.comments) == threads.PER_PAGE
    assert found.total == 120
    assert len(queries) == 2


def test_a_link_finds_a_comment_on_whatever_page_it_stands(
    client: Client, article: ArticlePage
) -> None:
    comments = [
        CommentFactory(article=article, posted_at=AT + dt.timedelta(minutes=number))
        for number in range(threads.PER_PAGE + 1)
    ]
    oldest, waiting = comments[0], CommentFactory(article=article, waiting=True)

    answer = client.get(f"/comments/find/{oldest.pk}/")

    assert answer["Location"] == f"{article.url}?comments=2#comment-{oldest.pk}"
    assert client.get(f"/comments/find/{waiting.pk}/").status_code == 404


# --- Freshness --------------------------------------------------------------------------------


def _changes() -> list[str]:
    return list(Change.objects.filter(tag__startswith="comments:").values_list("tag", flat=True))


def test_what_readers_see_is_news_and_what_they_do_not_is_none(mo: User) -> None:
    comment = CommentFactory(waiting=True)
    tag = f"comments:{comment.article_id}"

    moderation.mark_spam(comment_id=comment.pk, by=mo, at=AT)
    assert _changes() == []
    moderation.approve(comment_id=comment.pk, by=mo, at=AT)
    assert _changes() == [tag]
    moderation.reply(comment_id=comment.pk, text="Thanks.", by=mo, at=AT)
    assert _changes() == [tag] * 2
    moderation.reject(comment_id=comment.pk, by=mo, at=AT)

    assert _changes() == [tag] * 3


def test_time_closes_comments_and_the_page_knows_when(client: Client, article: ArticlePage) -> None:
    CommentSettings.objects.create(close_after_days=10)
    end = article.first_published_at + dt.timedelta(days=10)

    with time_machine.travel(end - HOUR, tick=False):
        assert "comment-form" in client.get(article.url).content.decode()
    with time_machine.travel(end, tick=False):
        assert "comment-form" not in client.get(article.url).content.decode()


# --- Forgetting -------------------------------------------------------------------------------


def test_what_nobody_needs_is_forgotten() -> None:
    now = timezone.now()
    old = now - dt.timedelta(days=100)
    public = CommentFactory(posted_at=old)
    CommentFactory(posted_at=old, spam=True)
    CommentFactory(posted_at=old, status="REJECTED", decided_at=old)
    fresh = CommentFactory(posted_at=old, status="REJECTED", decided_at=now)
    ReplySubscription.objects.create(comment=public, asked_at=old)
    for asked_at in (old, now):
        PrivateQuestion.objects.create(
            name="A",
            email="a@example.com",
            sealed_text=WORDS.seal("x"),
            submission_key=f"{asked_at}",
            consent_text="Yes",
            asked_at=asked_at,
        )

    forgetting.forget_old(at=now)

    assert set(Comment.objects.all()) == {public, fresh}
    assert ReplySubscription.objects.count() == 0
    assert PrivateQuestion.objects.get().asked_at == now


def test_mails_about_replies_name_nobody_whose_wish_or_comment_is_forgotten() -> None:
    now = timezone.now()
    old = now - dt.timedelta(days=31)
    public, other, kept = CommentFactory.create_batch(3, posted_at=old)
    spam = CommentFactory(posted_at=old, spam=True)
    answer = CommentFactory(posted_at=old, parent=spam, article=spam.article)
    for comment in (public, spam, answer, kept):
        subscriptions.ask(comment, at=now if comment == kept else old)
    mail.resend(
        mail_id=_sent("comment_confirm_replies", public.email, at=old), by=moderator(), at=old
    )
    subscriptions.ask(other, at=old)
    wish = ReplySubscription.objects.get(comment=other)
    subscriptions.confirm(subscription_id=wish.pk, at=now)
    OutboundMail.objects.update(status=MailStatus.SENT, sent_at=old)

    forgetting.forget_old(at=now)

    mails = OutboundMail.objects.exclude(to=NOBODYS_ADDRESS)
    assert set(mails.values_list("to", flat=True)) == {other.email, kept.email}
    assert OutboundMail.objects.filter(to=NOBODYS_ADDRESS).count() == 4


def _sent(event: str, to: str, *, at: dt.datetime) -> int:
    OutboundMail.objects.update(status=MailStatus.SENT, sent_at=at)
    return OutboundMail.objects.get(event=event, to=to).pk
