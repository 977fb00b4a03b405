"""A film plays in its place after two clicks, and is a link to everybody else."""

import gzip
import re
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.test import Client
import pytest
from pytest_django import Settings

from blog import video_players
from blog.blocks import VideoBlock
from blog.models import ArticlePage
from blog.review import gate
from storefront import checks
from tests.blog.clinic import Clinic, reload
from tests.blog.factories import ArticlePageFactory
from tests.catalog.factories import ImageFactory

pytestmark = pytest.mark.django_db
YOUTUBE, VIMEO = "https://www.youtube-nocookie.com", "https://player.vimeo.com"
FILM = "https://www.youtube.com/watch?v=abcdefghijk"


def film(**facts: Any) -> tuple[str, dict[str, Any]]:
    """One video as an article stores it."""
    told = {"title": "Washing <gently>", "url": FILM, "minutes": 3, "summary": "How it is done."}
    told |= {"image": ImageFactory(), "has_captions": True, "transcript": "First & last word."}
    return "video", told | facts


@pytest.mark.parametrize(
    ("url", "src"),
    [
        (FILM, f"{YOUTUBE}/embed/abcdefghijk?autoplay=1&rel=0"),
        (
            "https://m.youtube.com/watch?t=5&v=abcdefghijk&a=b",
            f"{YOUTUBE}/embed/abcdefghijk?autoplay=1&rel=0",
        ),
        ("https://youtu.be/abc-efg_ijk?si=x", f"{YOUTUBE}/embed/abc-efg_ijk?autoplay=1&rel=0"),
        ("https://youtube.com/shorts/abcdefghijk", f"{YOUTUBE}/embed/abcdefghijk?autoplay=1&rel=0"),
        ("https://vimeo.com/76979871", f"{VIMEO}/video/76979871?autoplay=1&dnt=1"),
        ("https://player.vimeo.com/video/76979871", f"{VIMEO}/video/76979871?autoplay=1&dnt=1"),
    ],
)
def test_the_addresses_of_a_film_lead_to_its_player(url: str, src: str) -> None:
    player = video_players.player_of(url)

    assert player is not None
    assert player.src == src


@pytest.mark.parametrize(
    "url",
    [
        "http://www.youtube.com/watch?v=abcdefghijk",
        "https://www.youtube.com/@clinic",
        "https://www.youtube.com/watch?v=abc",
        "https://www.youtube.com/watch?v=abcdefghijk%22onload=",
        "https://youtube.com.example/watch?v=abcdefghijk",
        "https://example.com/?https://youtu.be/abcdefghijk",
        "https://vimeo.com/showcase/12",
        "https://vimeo.com/12/of-those-who-know-the-address",
        "javascript:https://youtu.be/abcdefghijk",
        "",
    ],
)
def test_any_other_address_has_no_player(url: str) -> None:
    assert video_players.player_of(url) is None


def test_an_article_asks_nobody_for_its_film_and_names_its_player_for_later(client: Client) -> None:
    article = ArticlePageFactory(body=[film()])

    answer = client.get(article.url)
    html = answer.content.decode()

    assert "<iframe" not in html
    assert f'href="{FILM}" rel="noopener noreferrer nofollow"' in html
    assert f'data-video="{YOUTUBE}/embed/abcdefghijk?autoplay=1&amp;rel=0"' in html
    assert 'data-title="Washing &lt;gently&gt;"' in html
    assert "<p>First &amp; last word.</p>" in html
    assert "css/video.css" in html
    assert "js/video.js" in html
    assert f"frame-src {YOUTUBE} {VIMEO}" in answer.headers["Content-Security-Policy"]


def test_an_article_without_a_film_loads_nothing_for_one(client: Client) -> None:
    html = client.get(ArticlePageFactory().url).content.decode()

    assert "video.css" not in html
    assert "video.js" not in html


def test_a_player_that_is_not_chosen_leaves_a_link_and_no_room_for_frames(
    client: Client, settings: Settings
) -> None:
    settings.VIDEO_PLAYERS = []
    article = ArticlePageFactory(body=[film()])

    answer = client.get(article.url)

    assert "data-video=" not in answer.content.decode()
    assert "The film plays on YouTube, in a tab of its own." in answer.content.decode()
    assert "frame-src" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/basket/", "/checkout/", "/account/login/", "/orders/x/"])
def test_no_film_plays_where_somebody_pays_or_signs_in(client: Client, path: str) -> None:
    assert "frame-src" not in client.get(path).headers["Content-Security-Policy"]


def test_the_editor_previews_a_film_under_the_same_policy(client: Client) -> None:
    article: ArticlePage = ArticlePageFactory(body=[film()])

    policy = article.make_preview_request(preview_mode="").headers["Content-Security-Policy"]

    assert f"frame-src 'self' {YOUTUBE} {VIMEO}" in policy


def test_a_film_that_cannot_be_followed_unheard_is_refused() -> None:
    _, silent = film(has_captions=False, transcript="")
    silent["image"] = silent["image"].pk
    block = VideoBlock()

    with pytest.raises(ValidationError) as refusal:
        block.clean(block.to_python(silent))

    assert "Write down what is said" in str(refusal.value.block_errors["transcript"])
    for enough in ({"has_captions": True}, {"transcript": "The film has no words."}):
        block.clean(block.to_python(silent | enough))


def test_what_is_said_in_a_film_stands_in_the_markdown_twin(client: Client) -> None:
    article = ArticlePageFactory(slug="film", body=[film(transcript="One.\nTwo.")])

    text = client.get(f"{article.url.rstrip('/')}.md").content.decode()

    assert "How it is done.\n\nOne.\n\nTwo." in text


def test_a_film_from_before_there_were_captions_keeps_its_approval(clinic: Clinic) -> None:
    kind, told = film()
    before = {name: told[name] for name in ("title", "url", "minutes", "summary")}
    article = clinic.published(body=[(kind, before | {"image": told["image"]})])

    again = reload(article)
    again.save()

    assert gate.approval_of(again) == article.approval
    again.body[0].value["transcript"] = "Another word."
    assert gate.approval_of(again) is None


def test_a_feed_shows_the_picture_and_asks_nothing(client: Client) -> None:
    ArticlePageFactory(body=[film()])

    item = client.get("/feeds/guide.json?full=1").json()["items"][0]["content_html"]

    assert f'href="{FILM}"' in item
    assert "Play it here" not in item


def test_a_player_that_nobody_knows_is_an_error(settings: Settings) -> None:
    settings.VIDEO_PLAYERS = ["youtube", "dailymotion"]

    assert [error.id for error in checks.check_video_players()] == ["storefront.E005"]


def test_an_article_with_a_film_stays_within_the_weight_of_style(client: Client) -> None:
    """15 kB on the wire, as on any page; a film's own sheet comes with films alone."""
    plain = _style_of(client, ArticlePageFactory(slug="plain"))
    filmed = _style_of(client, ArticlePageFactory(slug="filmed", body=[film()]))

    assert set(filmed) - set(plain) == {"css/video.css"}
    assert sum(filmed.values()) <= 15_000


def _style_of(client: Client, page: ArticlePage) -> dict[str, int]:
    """Return what each style sheet of a page weighs compressed, by its name."""
    html = client.get(page.url).content.decode()
    names = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', html)
    assert names
    found = {name: finders.find(name) for name in names}
    return {name: len(gzip.compress(Path(path).read_bytes())) for name, path in found.items()}
