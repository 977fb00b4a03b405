"""R34: a thousand scripted posts, of every sort that a shop meets; at most five reach the queue."""

import datetime as dt
import random
from collections.abc import Iterator

from django.test import Client
from django.utils import timezone
import pytest
import time_machine

from blog.comments import stamps
from blog.models import ArticlePage, Comment, CommentStatus
from blog.spam import examples
from tests.blog.comments.factories import AT, ORIGIN, TEXT, stamp_in, typed
from tests.blog.factories import ArticlePageFactory

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once("every layer of the filter has tests of its own on both databases"),
]

FIRST = ("Great", "Nice", "Amazing", "Helpful", "Excellent", "Superb", "Wonderful", "Cool")
SECOND = ("post", "article", "blog", "content", "website", "information", "weblog", "page")
OFFERS = (
    "cheap followers", "casino bonus", "instant loan approval", "SEO backlinks", "viagra online",
    "crypto profit guaranteed", "replica watches", "essay writing service", "keto pills discount",
)  # fmt: skip
CALLS = (
    "visit my website", "click here", "order now", "contact us on WhatsApp", "join our Telegram",
    "check out my site", "buy now", "claim your free prize",
)  # fmt: skip


@pytest.fixture
def article() -> ArticlePage:
    page: ArticlePage = ArticlePageFactory(slug="first")
    return page


def _spun(luck: random.Random) -> str:
    """Write a comment as spinning software does: no two alike, all of one sort."""
    return (
        f"{luck.choice(FIRST)} {luck.choice(SECOND)}! {luck.choice(OFFERS)}, {luck.choice(OFFERS)},"
        f" {luck.choice(CALLS)} {luck.randrange(10**6)}"
    )


def _bots(article: ArticlePage) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield a thousand posts: the address they come from, and the form they fill in."""
    luck = random.Random(4)
    bought = stamps.make(article_id=article.pk, at=timezone.now() - dt.timedelta(minutes=2))
    for number in range(1_000):
        far = f"{luck.randrange(1, 223)}.{luck.randrange(256)}.{luck.randrange(256)}.{number % 254}"
        sort, form = luck_of_bots(article, luck, number, bought)[number % 10]
        address = f"198.51.100.{number % 254}" if sort == "one network" else far
        yield address, {"name": f"Bot {number}", "email": f"bot{number}@example.net", **form}


def luck_of_bots(
    article: ArticlePage, luck: random.Random, number: int, bought: str
) -> tuple[tuple[str, dict[str, str]], ...]:
    """Return what each sort of robot would post; all but the first four are patient."""
    fresh = stamps.make(article_id=article.pk, at=timezone.now())
    links = " ".join(f"http://site{luck.randrange(10**6)}.example/" for _ in range(3))
    return (
        ("no look at the form", {"text": f"{TEXT} {number}", "stamp": ""}),
        ("every field", {"text": f"{TEXT} {number}", "homepage": "http://bot.example"}),
        ("one stamp for ever", {"text": f"{TEXT} {number}", "stamp": bought}),
        ("at once", {"text": f"{TEXT} {number}", "stamp": fresh}),
        ("links", {"text": f"So true. {links}"}),
        ("markup", {"text": f"So <a href='http://b{number}.example'>true</a>"}),
        ("same words", {"text": "I really enjoyed it and will tell all of my friends."}),
        ("one network", {"text": f"Reader {number} thinks brushes are good on Mondays."}),
        ("spun words", {"text": _spun(luck)}),
        ("spun words", {"text": _spun(luck)}),
    )


def test_of_a_thousand_bots_at_most_five_reach_the_queue_and_none_the_page(
    article: ArticlePage,
) -> None:
    client = Client()
    answers = []
    with time_machine.travel(AT, tick=False) as clock:
        for address, form in _bots(article):
            answers.append(
                client.post(
                    f"/comments/{article.pk}/",
                    typed(article, **form),
                    headers=ORIGIN,
                    REMOTE_ADDR=address,
                ).status_code
            )
            clock.shift(0.3)

    waiting = Comment.objects.filter(status=CommentStatus.WAITING).count()
    assert waiting <= 5, list(Comment.objects.waiting().values_list("text", flat=True))
    assert Comment.objects.filter(status=CommentStatus.APPROVED).count() == 0
    assert set(answers) == {200, 303, 422, 429}
    assert "Bot" not in Client().get(article.url).content.decode()


def test_readers_get_through_while_that_goes_on(article: ArticlePage) -> None:
    """The negative control: what keeps robots out lets people in."""
    sent = 0
    with time_machine.travel(AT, tick=False) as clock:
        for number, text in enumerate(examples.APPROVED[::2]):
            client = Client()
            fields = {"name": f"Reader {number}", "email": f"reader{number}@example.org"}
            checked = client.post(
                f"/comments/{article.pk}/",
                typed(article, stamp="", text=f"{text} ({number})", **fields),
                headers=ORIGIN,
            )
            clock.shift(8)
            answer = client.post(
                f"/comments/{article.pk}/",
                typed(
                    article,
                    stamp=stamp_in(checked),
                    text=f"{text} ({number})",
                    post_anyway="1",
                    **fields,
                ),
                headers=ORIGIN,
                REMOTE_ADDR=f"203.0.{number}.7",
            )
            sent += answer.status_code == 303

    assert sent == len(examples.APPROVED[::2])
    assert Comment.objects.waiting().count() == sent
