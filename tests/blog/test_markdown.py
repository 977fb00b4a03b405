"""Articles as Markdown: what a reader of the page is told, a reader of the text is told too."""

import datetime as dt
import re
from typing import Any

import pytest
import yaml
from bs4 import BeautifulSoup
from markdown_it import MarkdownIt

from blog.markdown import Surroundings, document, forms, surroundings, words
from blog.markdown.front_matter import front_matter
from blog.models import ArticlePage
from cms.models import CustomImage
from tests.blog.factories import ArticlePageFactory, PersonFactory, TopicFactory
from tests.catalog.factories import ImageFactory

READER = MarkdownIt("commonmark", {"html": False}).enable("table")
NOWHERE = Surroundings(picture=lambda image: f"/pictures/{image.pk}.jpg")


def read(markdown: str) -> BeautifulSoup:
    return BeautifulSoup(READER.render(markdown), "html.parser")


def body(page: ArticlePage) -> str:
    return document(page, surroundings(page, lambda image: f"/p/{image.pk}.jpg"), further={})


def test_every_block_of_an_article_has_a_markdown_form() -> None:
    blocks = ArticlePage._meta.get_field("body").stream_block.child_blocks

    assert set(blocks) - set(forms.FORMS) == set()


@pytest.mark.parametrize(
    "text",
    [
        "*not bold* _nor this_ **nor that**",
        "# no heading",
        "- no list",
        "+ no list",
        "1. no list",
        "2024) no list",
        "> no quotation",
        "[no](link) ![no](picture)",
        "<b>no markup</b> <script>alert(1)</script>",
        "`no code` ``` no fence",
        "&amp; &lt; &#39; AT&T",
        "~~~ no fence, ~~not struck~~",
        "back\\slash \\* two",
        "---",
        "===",
        "https://example.com/a_b_c",
        "| no | table |",
        "snake_case and 5 * 3 = 15",
    ],
)
def test_plain_words_stay_plain_words(text: str) -> None:
    rendered = read(words.line(text))

    assert rendered.get_text().strip() == text
    assert [each.name for each in rendered.find_all(name=re.compile("."))] == ["p"]


def test_rich_text_keeps_its_marks() -> None:
    html = (
        "<h2>A head</h2><p>One <b>bold </b>and <i>soft</i> word,<br/>a <a href='/x (1)/'>link</a>, "
        "CO<sub>2</sub>.</p><ul><li>first</li><li>second<ol><li>inner</li></ol></li></ul><hr/>"
    )
    markdown = words.rich_text(html, NOWHERE)

    assert markdown == (
        "## A head\n\nOne **bold** and *soft* word,\\\na [link](/x%20%281%29/), CO<sub>2</sub>."
        "\n\n- first\n- second\n  1. inner\n\n---"
    )
    rendered = read(markdown)
    assert rendered.ul.li.find_next_sibling("li").ol.get_text().strip() == "inner"


@pytest.mark.django_db
def test_links_to_pages_lead_to_their_addresses_and_those_to_nothing_are_words() -> None:
    other = ArticlePageFactory.create(slug="other")
    hidden = ArticlePageFactory.create(slug="hidden", live=False)
    html = "".join(
        f'<p><a linktype="page" id="{pk}">{name}</a></p>'
        for pk, name in ((other.pk, "there"), (hidden.pk, "hidden"), (999_999, "gone"))
    )
    page = ArticlePageFactory.create(body=[("text", html)])

    rendered = read(body(page).split("---\n", 2)[2])

    links = {each.get_text(): each["href"] for each in rendered.find_all("a")}
    assert links == {"there": "http://localhost:8000/scalp-guide/other/"}
    assert "hidden" in rendered.get_text()
    assert "gone" in rendered.get_text()


@pytest.mark.django_db
def test_every_block_says_what_the_page_says() -> None:
    image = ImageFactory.create(alt="A | bottle", credit="Ada")
    page = ArticlePageFactory.create(body=everything(image))

    rendered = read(forms.body(page.body, NOWHERE))

    text = " ".join(rendered.get_text().split())
    for said in SAID:
        assert said in text
    assert rendered.img["alt"] == "Another bottle"
    assert rendered.img["src"] == f"/pictures/{image.pk}.jpg"
    assert [each.get_text() for each in rendered.table.find_all("th")] == ["pH", "Feels"]
    assert [each.get_text() for each in rendered.table.find_all("td")] == ["5.5", "mild | soft"]
    assert len(rendered.find_all("ol")[0].find_all("li", recursive=False)) == 2


@pytest.mark.django_db
def test_front_matter_names_the_facts_and_cannot_be_broken_out_of() -> None:
    page = ArticlePageFactory.create(
        title='A "title": --- \u2028 # {x}',
        author=PersonFactory.create(),
        reviewer=PersonFactory.create(reviewing=True),
        last_reviewed_on=dt.date(2026, 1, 2),
        topics=[TopicFactory.create()],
    )
    head = body(page).split("---\n", 2)[1]

    facts = yaml.safe_load(head)

    assert facts["title"] == page.title
    assert facts["author"] == {"name": "Ada Lindqvist", "role": "Writer"}
    assert facts["clinical_reviewer"]["name"] == "Dr Grace Okafor"
    assert facts["last_reviewed_on"] == dt.date(2026, 1, 2)
    assert facts["topics"] == ["Aftercare"]
    assert "next_review_on" not in facts


def test_front_matter_survives_any_text() -> None:
    nasty = "\x7f\x9f\u2028\ufeff\x00\x0b😀---\n\\u0041'\""

    written = front_matter({"a": nasty, "b": [nasty], "c": {"d": nasty}, "e": True, "f": 3})

    facts = yaml.safe_load(written.strip("-\n"))
    assert facts == {"a": nasty, "b": [nasty], "c": {"d": nasty}, "e": True, "f": 3}


def everything(image: CustomImage) -> list[tuple[str, Any]]:
    """One block of every kind of the first day."""
    rich = "<p>Rich <b>words</b>.</p>"
    table = {
        "columns": [{"type": "text", "heading": "pH"}, {"type": "text", "heading": "Feels"}],
        "rows": [{"values": ["5.5", "mild | soft"]}],
        "caption": "Two columns",
    }
    block = ArticlePage._meta.get_field("body").stream_block.child_blocks["table"]
    return [
        ("text", rich),
        ("figure", {"image": image, "alt": "Another bottle", "caption": "On a stone"}),
        (
            "steps",
            {
                "title": "Three steps",
                "steps": [{"title": "Wet", "text": rich}, {"title": "Wash", "text": ""}],
            },
        ),
        ("do_dont", {"title": "Today", "do": ["Rest a day"], "dont": ["Scratch it"]}),
        ("care_card", {"level": "urgent", "title": "Ring us", "text": rich}),
        ("callout", {"kind": "note", "title": "By the way", "text": rich}),
        ("faq", {"title": "Asked", "questions": [{"question": "Why?", "answer": rich}]}),
        ("quote", {"quote": "It calmed down.", "attribution": "Mira", "role": "customer"}),
        ("table", block.to_python(table)),
    ]


SAID = (
    "Rich words.", "On a stone", "Picture: Ada", "Three steps", "Wet", "Wash", "Today",
    "Rest a day", "Scratch it", "Urgent advice: Ring us", "By the way", "Asked", "Why?",
    "It calmed down.", "— Mira, customer", "5.5", "mild | soft", "Two columns",
)  # fmt: skip
