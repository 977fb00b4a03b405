import datetime as dt

from django.test import Client
import pytest

from blog import likeness
from blog.models import ArticleLikeness, ArticlePage
from freshness.models import Change
from tests.blog.factories import ArticlePageFactory, TopicFactory

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def write(slug: str, day: int, words: str = "", **facts: object) -> ArticlePage:
    at = dt.datetime(2026, 1, day, tzinfo=dt.UTC)
    page: ArticlePage = ArticlePageFactory(
        slug=slug, first_published_at=at, body=[("text", f"<p>{words}</p>")], **facts
    )
    return page


def reckon() -> None:
    while likeness.work(at=NOON):
        pass


def test_the_articles_before_and_after_are_those_by_date() -> None:
    for slug, day in (("second", 2), ("first", 1), ("fourth", 4), ("third", 3)):
        write(slug, day)
    write("hidden", 3, live=False)

    context = Client().get("/scalp-guide/third/").context

    assert context["previous_article"].url == "/scalp-guide/second/"
    assert context["following_article"].url == "/scalp-guide/fourth/"


def test_of_one_moment_the_number_decides_and_the_ends_lead_nowhere() -> None:
    pages = [write(f"same-{number}", 1) for number in range(3)]

    contexts = [Client().get(page.url).context for page in pages]

    turning = [
        (context["previous_article"] and context["previous_article"].title,
         context["following_article"] and context["following_article"].title)
        for context in contexts
    ]  # fmt: skip
    assert turning == [(None, "Same-1"), ("Same-0", "Same-2"), ("Same-1", None)]


def test_what_was_chosen_by_hand_is_read_next_first() -> None:
    near = write("near", 1, "sunburn shade hat")
    far = write("far", 2, "brush bristle comb")
    page = write("mine", 3, "sunburn shade hat", read_next=[("article", far.pk)])
    reckon()

    context = Client().get(page.url).context

    assert [card.title for card in context["read_next"]] == ["Far", "Near"]
    assert near.pk in ArticleLikeness.objects.get(pk=page.pk).others


def test_likeness_goes_by_topic_before_words_and_leads_both_ways() -> None:
    topic = TopicFactory()
    same_topic = write("topic", 1, "brush bristle comb")
    same_words = write("words", 2, "sunburn shade hat cream")
    other = write("other", 3, "nothing alike whatsoever")
    mine = write("mine", 4, "sunburn shade hat cream")
    for page in (same_topic, mine):
        page.topics = [topic]
        page.save()
    reckon()

    closest = ArticleLikeness.objects.get(pk=mine.pk).others
    assert closest == [same_topic.pk, same_words.pk, other.pk]
    assert ArticleLikeness.objects.get(pk=same_words.pk).others[0] == mine.pk


def test_an_article_is_compared_again_once_it_was_saved_and_says_what_changed() -> None:
    one = write("one", 1, "sunburn shade")
    two = write("two", 2, "brush bristle")
    for number in range(7):
        write(f"more-{number}", 3, "brush bristle")
    reckon()
    assert likeness.work(at=NOON) == 0
    Change.objects.all().delete()

    two.body = [("text", "<p>sunburn shade</p>")]
    two.save()
    Change.objects.all().delete()

    assert likeness.work(at=NOON) == 1
    tags = set(Change.objects.values_list("tag", flat=True))
    assert {ArticleLikeness.tag(page.pk) for page in (one, two)} <= tags
    assert ArticleLikeness.objects.get(pk=one.pk).others[0] == two.pk


def test_an_article_that_is_taken_back_is_no_longer_read_next() -> None:
    page, other = write("one", 1, "sunburn shade"), write("two", 2, "sunburn shade")
    write("three", 3, "brush bristle")
    reckon()
    other.unpublish()

    titles = [card.title for card in Client().get(page.url).context["read_next"]]
    assert titles == ["Three"]
