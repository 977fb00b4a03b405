import json
from typing import Any

from django.core.exceptions import ValidationError
import pytest

from blog.article_body import marks_in, render
from blog.models import ArticlePage
from tests.blog.factories import ArticlePageFactory
from tests.catalog.factories import ProductPageFactory

pytestmark = pytest.mark.django_db


def written(body: list[Any], sources: int = 2) -> Any:
    return render(ArticlePage(body=body).body, {}, sources=sources)


def test_headings_can_be_led_to_and_no_two_share_an_address() -> None:
    body = written(
        [
            ("text", "<h2>What it is</h2><p>Skin.</p><h2>What it is</h2><h2>Sources</h2>"),
            ("steps", {"title": "How to <wash>", "steps": [{"title": "One", "text": ""}]}),
            ("care_card", {"title": "See a doctor", "text": "<p>Soon.</p>", "level": "urgent"}),
        ]
    )

    assert [(part.id, part.title) for part in body.contents] == [
        ("what-it-is", "What it is"),
        ("what-it-is-2", "What it is"),
        ("sources-2", "Sources"),
        ("how-to-wash", "How to <wash>"),
    ]
    assert '<h2 id="how-to-wash">How to &lt;wash&gt;</h2>' in body.html


def test_two_parts_are_too_few_for_a_list_of_contents() -> None:
    assert written([("text", "<h2>One</h2><h2>Two</h2>")]).contents == []


def test_a_mark_leads_to_its_source_and_is_led_back_to() -> None:
    body = written([("text", "<p>It stings. [1] And itches [1, 2].</p>")])

    assert body.html.count('href="#source-1"') == 2
    assert 'href="#source-2" id="mention-2-1" aria-label="Source 2">[2]</a>' in body.html
    assert body.mentions == {1: 2, 2: 1}


@pytest.mark.parametrize(
    "text",
    [
        "<p>Nobody said [3].</p>",
        "<p>Nobody said [0].</p>",
        '<p><a href="https://example.org/[1]">see [1]</a></p>',
        "<p>[one] and [1a]</p>",
    ],
)
def test_what_names_no_source_or_stands_in_a_link_stays_as_typed(text: str) -> None:
    body = written([("text", text)])

    assert "source-" not in body.html
    assert body.mentions == {}


def test_marks_are_found_in_what_is_stored() -> None:
    assert marks_in("<p>One [1], two [2,&nbsp;3] [ 4 ]</p>") == {1}
    assert marks_in(json.dumps({"text": "<p>It may ease [2, 7].</p>"})) == {2, 7}


def test_a_reference_to_a_source_that_is_not_listed_is_refused() -> None:
    source = ("source", {"title": "Dandruff", "publisher": "NHS", "url": "", "year": None})
    page = ArticlePage(body=[("text", "<p>It itches [2].</p>")], sources=[source], title="Itch")

    with pytest.raises(ValidationError, match=r"refers to \[2\]"):
        page.clean()

    page.sources = []
    page.clean()


def test_a_link_to_a_page_that_is_not_published_leaves_its_words(client: Any) -> None:
    gone = ProductPageFactory(slug="gone", title="Gone", live=False)
    there = ProductPageFactory(slug="there", title="There")
    text = (
        f'<p><a linktype="page" id="{gone.pk}">old</a> '
        f'<a linktype="page" id="{there.pk}">new</a></p>'
    )
    article = ArticlePageFactory(body=[("text", text)])

    html = client.get(article.url).content.decode()

    assert "<a>old</a>" in html
    assert f'<a href="{there.url}">new</a>' in html
