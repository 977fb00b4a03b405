"""What readers said on the old site is said here: by whom, when, in answer to whom."""

import datetime as dt
import json
from typing import Any

import pytest

from blog.models import ArticlePage, Comment, CommentStatus, ImportedComment, ReplySubscription
from freshness.models import Change
from outbox.models import OutboundMail
from tests.blog.wordpress.conftest import Run
from tests.blog.wordpress.everything import THREAD
from tests.blog.wordpress.exports import OldComment, OldPost

pytestmark = pytest.mark.django_db


def brought() -> dict[int, Comment]:
    """The comments that were brought in, by their numbers on the old site."""
    rows = ImportedComment.objects.select_related("comment", "comment__parent")
    return {row.number: row.comment for row in rows if row.comment}


def named(told: dict[str, Any]) -> str:
    return json.dumps(told["items"], ensure_ascii=False)


def test_comments_keep_who_said_what_when_and_in_which_state(run: Run) -> None:
    told = run([OldPost(1, slug="a", comments=THREAD)])
    found = brought()

    assert told["counts"]["comments added"] == 8
    assert sorted(found) == [1, 2, 3, 4, 8, 9, 10, 11]
    first = found[1]
    assert (first.name, first.email, first.text) == (
        "Mira", "mira@example.com", "A first comment 😀",
    )  # fmt: skip
    assert first.article_id == ArticlePage.objects.get(slug="a").pk
    assert first.posted_at == dt.datetime(2024, 3, 5, 10, tzinfo=dt.UTC)
    assert {number: row.status for number, row in found.items() if number in {1, 4}} == {
        1: CommentStatus.APPROVED,
        4: CommentStatus.WAITING,
    }


def test_talks_have_one_level_of_answers(run: Run) -> None:
    told = run([OldPost(1, slug="a", comments=THREAD)])
    found = brought()

    assert found[2].parent == found[3].parent == found[1]
    assert found[3].thread_at == found[1].posted_at
    assert found[8].parent is None
    assert "answer to an answer now stands below the first" in named(told)
    assert "answer to a comment that stays behind begins a talk" in named(told)


def test_what_stays_behind_is_named(run: Run) -> None:
    told = run([OldPost(1, slug="a", comments=THREAD)])

    kinds = told["not_carried"]
    assert kinds["comment that was spam"] == kinds["comment that was trash"] == 1
    assert kinds["pingback of another site"] == 1
    assert "Some site: A pingback" in named(told)


def test_markup_becomes_words_and_links_keep_where_they_led(run: Run) -> None:
    text = (
        'One.<br>Two <a href="https://a.example/x" onclick="alert(1)">there</a>\n\n'
        '<script>alert(2)</script><p>Three</p><a href="javascript:alert(3)">four</a> &lt;b&gt;'
    )
    run([OldPost(1, slug="a", comments=[OldComment(1, text=text)])])

    assert brought()[1].text == "One.\nTwo there (https://a.example/x)\n\nThree\n\nfour <b>"


def test_authors_who_were_signed_in_answer_as_the_clinic(run: Run) -> None:
    thread = [
        OldComment(1),
        OldComment(2, parent=1, author="Ada", email="ada@old.example", user=1),
        OldComment(3, parent=1, author="A stranger", email="ada@old.example"),
        OldComment(4, parent=1, author="A subscriber", user=77),
    ]
    run([OldPost(1, slug="a", comments=thread)])

    found = brought()
    assert [found[number].is_from_staff for number in (1, 2, 3, 4)] == [False, True, False, False]


def test_an_answer_of_the_clinic_that_makes_a_claim_waits_and_is_named(run: Run) -> None:
    claim = "Our serum regrows hair in a month."
    thread = [
        OldComment(1, text=claim),
        OldComment(2, parent=1, author="Ada", user=1, text=claim),
        OldComment(3, parent=1, author="Ada", user=1, text="Wait two days."),
    ]
    told = run([OldPost(1, slug="a", comments=thread)])

    found = brought()
    assert [found[number].status for number in (1, 2, 3)] == [
        CommentStatus.APPROVED,
        CommentStatus.WAITING,
        CommentStatus.APPROVED,
    ]
    assert told["not_carried"]["answer of the clinic waits, for it makes a claim"] == 1
    assert "regrows hair" in named(told)


def test_two_comments_of_one_number_are_one_comment_and_a_note(run: Run) -> None:
    told = run(
        [
            OldPost(
                1, slug="a", comments=[OldComment(7, text="First"), OldComment(7, text="Twin")]
            ),
            OldPost(2, slug="b", comments=[OldComment(7, text="Elsewhere")]),
        ]
    )

    assert [comment.text for comment in Comment.objects.all()] == ["First"]
    assert told["not_carried"]["comment with the number of another one"] == 2
    for words in ("Twin", "Elsewhere"):
        assert words in named(told)


def test_an_answer_to_a_comment_without_words_begins_a_talk_and_is_named(run: Run) -> None:
    thread = [OldComment(1, text="<p> </p>"), OldComment(2, parent=1, date="2024-03-06 10:00:00")]
    told = run([OldPost(1, slug="a", comments=thread)])

    answer = brought()[2]
    assert (answer.parent, answer.thread_at) == (None, answer.posted_at)
    assert told["not_carried"]["comment without words"] == 1
    assert "answer to a comment that stays behind begins a talk" in named(told)


def test_a_comment_without_an_address_or_date_is_kept_and_named(run: Run) -> None:
    told = run([OldPost(1, slug="a", comments=THREAD)])
    found = brought()

    assert found[9].email == "nobody@comment.invalid"
    assert found[11].posted_at == dt.datetime(2024, 3, 4, 8, 30, tzinfo=dt.UTC)
    assert told["not_carried"]["comment without an e-mail address"] == 1
    assert told["not_carried"]["comment without a date stands at the date of its post"] == 1


def test_words_beyond_what_a_comment_holds_are_named(run: Run) -> None:
    long = "word " * 1_200
    told = run([OldPost(1, slug="a", comments=[OldComment(1, text=long, author="A" * 90)])])
    comment = brought()[1]

    assert (len(comment.text), comment.name) == (5_000, "A" * 80)
    rest = next(
        note["detail"]
        for note in told["items"][0]["notes"]
        if note["kind"] == "comment that was too long; the rest of it"
    )
    assert (comment.text + rest).split() == long.split()


def test_nobody_is_told_of_what_was_said_long_ago(run: Run) -> None:
    run([OldPost(1, slug="a", comments=THREAD)])

    assert not OutboundMail.objects.exists()
    assert not ReplySubscription.objects.exists()


def test_a_second_run_doubles_nothing_and_brings_what_is_new(run: Run) -> None:
    run([OldPost(1, slug="a", comments=THREAD)])
    before = list(Comment.objects.order_by("pk").values())

    again = run([OldPost(1, slug="a", comments=THREAD)])
    assert list(Comment.objects.order_by("pk").values()) == before
    assert "comments added" not in again["counts"]

    later = [*THREAD, OldComment(20, text="Much later", parent=3)]
    run([OldPost(1, slug="a", comments=later)])
    assert brought()[20].parent == brought()[1]
    assert Comment.objects.count() == len(before) + 1


def test_a_comment_that_was_deleted_here_stays_deleted(run: Run) -> None:
    run([OldPost(1, slug="a", comments=[OldComment(1), OldComment(2)])])
    brought()[2].delete()

    run([OldPost(1, slug="a", comments=[OldComment(1), OldComment(2)])])

    assert list(brought()) == [1]
    assert ImportedComment.objects.get(number=2).comment is None


def test_an_answer_to_a_comment_that_was_deleted_here_is_named(run: Run) -> None:
    run([OldPost(1, slug="a", comments=[OldComment(1)])])
    brought()[1].delete()

    told = run([OldPost(1, slug="a", comments=[OldComment(1), OldComment(2, parent=1)])])

    assert not Comment.objects.exists()
    assert told["not_carried"]["answer to a comment that was deleted here"] == 1


def test_a_dry_run_counts_comments_and_writes_none(run: Run) -> None:
    told = run([OldPost(1, slug="a", comments=THREAD)], "--dry-run")

    assert told["counts"]["comments added"] == 8
    assert not Comment.objects.exists()
    assert not ImportedComment.objects.exists()


def test_whoever_keeps_the_article_s_page_is_told(run: Run) -> None:
    run([OldPost(1, slug="a", comments=THREAD)])

    article = ArticlePage.objects.get(slug="a")
    assert Change.objects.filter(tag=f"comments:{article.pk}").exists()


def test_comments_below_a_page_are_named_for_pages_have_none(run: Run) -> None:
    told = run([OldPost(1, slug="a", kind="page", comments=[OldComment(1)])])

    assert not Comment.objects.exists()
    assert "Mira: Thank you, this helped." in named(told)


@pytest.mark.parametrize("parents", [(2, 1), (1, 2), (3, 3)])
def test_comments_that_answer_each_other_in_a_circle_are_kept(
    run: Run, parents: tuple[int, int]
) -> None:
    thread = [OldComment(1, parent=parents[0]), OldComment(2, parent=parents[1])]
    run([OldPost(1, slug="a", comments=thread)])

    assert sorted(brought()) == [1, 2]
