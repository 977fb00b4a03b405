"""A reader writes a comment: what is taken, what is asked first, what is refused."""

import logging
from typing import Any

from django.test import Client
import pytest
import time_machine

from blog.comments import posting
from blog.comments.forms import ReportForm
from blog.models import (
    ArticlePage,
    Comment,
    CommentSettings,
    CommentStatus,
    PostingCount,
    PrivateQuestion,
    ReplySubscription,
)
from blog.spam import akismet, networks
from outbox.models import OutboundMail
from tests.blog.comments.factories import (
    AT,
    ORIGIN,
    TEXT,
    CommentFactory,
    moderator,
    send,
    staff,
    stamp_in,
    typed,
)
from tests.blog.factories import ArticlePageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> ArticlePage:
    page: ArticlePage = ArticlePageFactory(slug="first")
    return page


@time_machine.travel(AT, tick=False)
def test_a_comment_waits_and_its_writer_is_thanked_and_sees_it(
    client: Client, article: ArticlePage
) -> None:
    answer = send(client, article)

    assert answer.status_code == 303
    assert answer["Location"] == f"/comments/{article.pk}/thanks/"
    comment = Comment.objects.get()
    assert (comment.status, comment.name, comment.text) == ("WAITING", "Ana", TEXT)
    assert (comment.posted_at, comment.thread_at) == (AT, AT)
    page = client.get(answer["Location"])
    assert "Awaiting review" in page.content.decode()
    assert TEXT in page.content.decode()
    assert "ana@example.com" not in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert TEXT not in Client().get(answer["Location"]).content.decode()
    assert TEXT not in client.get(article.url).content.decode()


@time_machine.travel(AT, tick=False)
def test_the_article_s_own_part_shows_what_waits_and_brings_a_stamp(
    client: Client, article: ArticlePage
) -> None:
    send(client, article)

    mine = client.get(f"/comments/{article.pk}/mine/")
    others = Client().get(f"/comments/{article.pk}/mine/")

    assert TEXT in mine.content.decode()
    assert TEXT not in others.content.decode()
    assert stamp_in(others) != stamp_in(mine)
    assert mine["Cache-Control"] == "private, no-store"


def test_without_scripts_a_comment_is_checked_once_and_then_taken(
    client: Client, article: ArticlePage
) -> None:
    with time_machine.travel(AT, tick=False) as clock:
        checked = send(client, article, stamp="")
        assert checked.status_code == 200
        assert "not sent yet" in checked.content.decode()
        assert TEXT in checked.content.decode()
        assert Comment.objects.count() == 0
        stamp = stamp_in(checked)
        hasty = send(client, article, stamp=stamp)
        assert hasty.status_code == 422
        assert "very quick" in hasty.content.decode()
        assert Comment.objects.count() == 0
        clock.shift(5)

        sent = send(client, article, stamp=stamp)

    assert sent.status_code == 303
    assert Comment.objects.get().status == CommentStatus.WAITING


def test_errors_are_summed_up_and_everything_typed_is_kept(
    client: Client, article: ArticlePage
) -> None:
    answer = send(client, article, name="", email="not an address")

    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="error-summary" role="alert" tabindex="-1" data-focus' in html
    assert "Enter a name." in html
    assert 'href="#comment-email"' in html
    assert TEXT in html
    assert "not an address" in html
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("between", [" ", "\t", "\u200b", "\u200d", "\u202e \u202c"])
@pytest.mark.parametrize("field", ["name", "text"])
def test_a_card_number_is_refused_and_not_stored(
    client: Client, article: ArticlePage, field: str, between: str
) -> None:
    """R44, whatever stands between the digits that nobody sees or that we take out."""
    answer = send(client, article, **{field: "mine is " + between.join(["4242"] * 4)})

    assert answer.status_code == 422
    assert "payment card" in answer.content.decode()
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("between", [" ", "\t", "\u200b", "\u200d"])
def test_no_card_number_comes_with_a_report(between: str) -> None:
    form = ReportForm({"reason": "OTHER", "note": between.join(["4242"] * 4)})

    assert "payment card" in str(form.errors["note"])


def test_what_fills_in_the_hidden_field_is_told_so(client: Client, article: ArticlePage) -> None:
    answer = send(client, article, homepage="http://x.example")

    assert answer.status_code == 422
    assert "catches robots" in answer.content.decode()
    assert Comment.objects.count() == 0


@time_machine.travel(AT, tick=False)
def test_sending_twice_stores_one(client: Client, article: ArticlePage) -> None:
    fields = typed(article)
    for _ in range(2):
        answer = client.post(f"/comments/{article.pk}/", fields, headers=ORIGIN)
        assert answer.status_code == 303
    send(client, article)

    assert Comment.objects.count() == 1


@time_machine.travel(AT, tick=False)
def test_the_fourth_of_one_address_must_wait_and_keeps_its_words(
    client: Client, article: ArticlePage
) -> None:
    for number in range(3):
        send(client, article, text=f"Question number {number} about brushes?")

    answer = send(client, article, text="And a fourth question about brushes?")

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "And a fourth question" in answer.content.decode()
    assert Comment.objects.count() == 3


@time_machine.travel(AT, tick=False)
def test_a_reply_joins_the_talk_whatever_level_it_answers(
    client: Client, article: ArticlePage
) -> None:
    root = CommentFactory(article=article)
    reply = CommentFactory(article=article, parent=root)
    form = client.get(f"/comments/{article.pk}/?to={reply.pk}").content.decode()
    assert f'name="to" value="{reply.pk}"' in form

    send(client, article, to=str(reply.pk))

    sent = Comment.objects.waiting().get()
    assert sent.parent == root
    assert sent.thread_at == root.thread_at


@pytest.mark.parametrize("to", ["0", "x", "-1", "9" * 30, "²"])
def test_a_reply_to_nothing_stands_alone(client: Client, article: ArticlePage, to: str) -> None:
    assert client.get(f"/comments/{article.pk}/", {"to": to}).status_code == 200
    assert send(client, article, to=to).status_code == 303

    assert Comment.objects.get().parent is None


def test_a_reply_to_a_comment_elsewhere_is_none_to_it(client: Client, article: ArticlePage) -> None:
    elsewhere = CommentFactory()

    with pytest.raises(posting.NothingToReplyTo):
        posting.post(
            article=article,
            draft=posting.Draft("A", "a@example.com", "Hello there", "k", parent_id=elsewhere.pk),
            sender=posting.Sender(networks.Origin("a", "n")),
            at=AT,
        )
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("how", ["article", "shop", "days"])
def test_closed_comments_take_none(client: Client, article: ArticlePage, how: str) -> None:
    if how == "article":
        ArticlePage.objects.update(takes_comments=False)
    CommentSettings.objects.create(
        readers_may_comment=how != "shop", close_after_days=30 if how == "days" else None
    )

    answer = send(client, article)

    assert answer.status_code == 422
    assert "Comments are closed" in answer.content.decode()
    assert Comment.objects.count() == 0
    page = client.get(article.url).content.decode()
    assert "Comments on this article are closed." in page
    assert "comment-form" not in page


def test_an_article_that_nobody_may_read_takes_none(client: Client, article: ArticlePage) -> None:
    article.unpublish()

    for path in ("", "thanks/", "mine/"):
        assert client.get(f"/comments/{article.pk}/{path}").status_code == 404
    assert send(client, article).status_code == 404
    assert Comment.objects.count() == 0


HEALTH = "I have psoriasis and my scalp is bleeding, can I come?"


@time_machine.travel(AT, tick=False)
def test_what_tells_of_health_is_offered_the_private_way_first(
    client: Client, article: ArticlePage
) -> None:
    reader = staff("view_privatequestion")
    offer = send(client, article, text=HEALTH)
    assert offer.status_code == 200
    assert HEALTH in offer.content.decode()
    assert Comment.objects.count() == PrivateQuestion.objects.count() == 0
    fields = {"name": "Ana", "email": "Ana@example.com", "text": HEALTH, "stamp": stamp_in(offer)}

    refused = client.post(f"/comments/{article.pk}/private/", fields, headers=ORIGIN)
    assert refused.status_code == 422
    assert "Please agree" in refused.content.decode()
    assert HEALTH in refused.content.decode()
    for _ in range(2):
        sent = client.post(
            f"/comments/{article.pk}/private/", {**fields, "consent": "on"}, headers=ORIGIN
        )
        assert sent.status_code == 303

    question = PrivateQuestion.objects.get()
    assert question.email == "ana@example.com"
    assert "psoriasis" not in question.sealed_text
    assert Comment.objects.count() == 0
    [mail] = OutboundMail.objects.all()
    assert mail.to == reader.email
    assert mail.context == {"question": question.pk}
    assert "with the clinic" in client.get(sent["Location"]).content.decode()


@time_machine.travel(AT, tick=False)
def test_it_can_be_posted_all_the_same(client: Client, article: ArticlePage) -> None:
    answer = send(client, article, text=HEALTH, post_anyway="1")

    assert answer.status_code == 303
    assert Comment.objects.get().text == HEALTH


@time_machine.travel(AT, tick=False)
def test_spam_looks_to_its_sender_like_any_other(client: Client, article: ArticlePage) -> None:
    moderator()

    answer = send(client, article, text='Nice post <a href="http://x.example">casino</a>')

    assert answer.status_code == 303
    assert Comment.objects.get().status == CommentStatus.SPAM
    assert "Awaiting review" in client.get(answer["Location"]).content.decode()
    assert OutboundMail.objects.count() == 0


@time_machine.travel(AT, tick=False)
def test_moderators_hear_of_a_comment_once_each_and_spare_the_address(
    client: Client, article: ArticlePage
) -> None:
    people = {moderator().email, moderator().email}
    staff("view_comment")

    send(client, article)

    mails = list(OutboundMail.objects.all())
    assert {mail.to for mail in mails} == people
    assert len(mails) == 2
    assert "ana@example.com" not in str([mail.context for mail in mails])


@time_machine.travel(AT, tick=False)
def test_whoever_wants_to_hear_of_replies_is_asked_first(
    client: Client, article: ArticlePage
) -> None:
    send(client, article, wants_replies="on")

    subscription = ReplySubscription.objects.get()
    assert subscription.confirmed_at is None
    assert OutboundMail.objects.get(event="comment_confirm_replies").to == "ana@example.com"


@time_machine.travel(AT, tick=False)
def test_a_name_of_the_clinic_is_noticed(client: Client, article: ArticlePage) -> None:
    moderator(name="Dr Ines Albrecht")

    send(client, article, name="dr ines albrecht")

    assert Comment.objects.get().spam_reasons == ["uses the name of somebody of the clinic"]


@time_machine.travel(AT, tick=False)
def test_signs_that_nobody_sees_are_taken_out(client: Client, article: ArticlePage) -> None:
    send(client, article, name="An\u202ea\u200b  B", text="Line\u202e one\r\n\r\nline two 👩‍⚕️")

    comment = Comment.objects.get()
    assert (comment.name, comment.text) == ("Ana B", "Line one\n\nline two 👩‍⚕️")


@time_machine.travel(AT, tick=False)
def test_no_word_of_a_comment_and_no_address_gets_into_the_log(
    client: Client, article: ArticlePage, caplog: pytest.LogCaptureFixture
) -> None:
    """R42."""
    caplog.set_level(logging.DEBUG)
    canary = "Canaryword about brushes?"

    send(client, article, text=canary, email="canary-address@example.com")
    send(client, article, text="I have Canaryword psoriasis", email="canary-address@example.com")

    ours = [record for record in caplog.records if not record.name.startswith("django.db")]
    logged = " ".join(record.getMessage() for record in ours)
    assert "Canaryword" not in logged
    assert "canary-address" not in logged
    assert "203.0.113.7" not in str(list(Comment.objects.values()))
    assert "203.0.113.7" not in str(list(PostingCount.objects.values()))


@pytest.mark.parametrize("cookie", ["", "x", "1.2:bad", "é", "9" * 4000])
def test_a_forged_cookie_shows_nobody_s_comments(
    client: Client, article: ArticlePage, cookie: str
) -> None:
    CommentFactory(article=article, waiting=True, text=TEXT)
    client.cookies["galea_comments"] = cookie

    assert TEXT not in client.get(f"/comments/{article.pk}/mine/").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("opinion", "status"), [(True, "SPAM"), (False, "WAITING"), (None, "WAITING")]
)
def test_akismet_s_opinion_decides_between_queue_and_spam(
    client: Client,
    article: ArticlePage,
    monkeypatch: pytest.MonkeyPatch,
    opinion: bool | None,
    status: str,
) -> None:
    asked: list[Any] = []

    def is_spam(what: Any) -> bool | None:
        asked.append(what)
        return opinion

    monkeypatch.setattr(akismet, "is_spam", is_spam)

    send(client, article)

    assert Comment.objects.get().status == status
    assert asked[0].address == "203.0.113.7"
