"""Five hundred attacks as the guide's texts: feeds, JSON-LD and Markdown keep them words."""

import json
import re
from xml.etree import ElementTree as ET

import pytest

from blog import feeds
from blog.markdown import words
from cms import rich_text
from cms.structured_data import script
from tests.blog.newsletter.factories import NOON
from tests.browser.xss_payloads import PAYLOADS, WANTED

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
SPOKEN = [feeds.speakable(each) for each in PAYLOADS]


@pytest.fixture(scope="module")
def feed() -> feeds.Feed:
    """A feed whose every text is an attack."""
    entries = [
        feeds.Entry(
            id=f"https://shop.example/#{number}",
            url="https://shop.example/",
            title=text,
            summary=text,
            html=text,
            author=text,
            categories=(text,),
            published_at=NOON,
            updated_at=NOON,
            picture=None,
        )
        for number, text in enumerate(SPOKEN)
    ]
    page = "https://shop.example/"
    return feeds.Feed(SPOKEN[0], SPOKEN[1], page_url=page, feed_url=page, entries=entries)


def test_rss_gives_back_every_attack_as_words(feed: feeds.Feed) -> None:
    text, kind = feeds.rss(feed)
    items = list(ET.fromstring(text).iter("item"))  # noqa: S314 - our own answer

    assert kind.startswith("application/rss+xml")
    assert len(items) == WANTED
    for name in ("title", "description", "category", CONTENT):
        assert _read(items, name) == _as_xml(SPOKEN)


def test_atom_gives_back_every_attack_as_words(feed: feeds.Feed) -> None:
    text, kind = feeds.atom(feed)
    entries = list(ET.fromstring(text).iter(f"{ATOM}entry"))  # noqa: S314 - our own answer

    assert kind.startswith("application/atom+xml")
    for name in ("title", "summary", "content"):
        assert _read(entries, f"{ATOM}{name}") == _as_xml(SPOKEN)


def test_the_json_feed_gives_back_every_attack_as_words(feed: feeds.Feed) -> None:
    text, kind = feeds.json_feed(feed)

    assert kind.startswith("application/feed+json")
    assert [item["title"] for item in json.loads(text)["items"]] == SPOKEN


def test_no_attack_ends_the_script_that_search_engines_read() -> None:
    html = str(script([{"headline": each} for each in PAYLOADS]))
    inside = html.removeprefix('<script type="application/ld+json">').removesuffix("</script>")

    assert not re.search("[<>&]", inside)
    assert [thing["headline"] for thing in json.loads(inside)["@graph"]] == list(PAYLOADS)


@pytest.mark.parametrize("form", [words.line, words.escaped, words.cell])
def test_no_attack_is_a_mark_in_a_markdown_twin(form: object) -> None:
    assert callable(form)
    written = [form(each) for each in PAYLOADS]

    # An odd number of backslashes before it makes a mark a letter.
    loose = re.compile(r"(?<!\\)(?:\\\\)*[<>\[\]`*_]")
    assert [each for each in written if loose.search(each)] == []
    assert not any(re.search(r"(?<!\\)&#?\w+;", each) for each in written)


def test_rich_text_keeps_no_attack_that_could_run() -> None:
    kept = [rich_text.clean(f"<p>{each}</p>") for each in PAYLOADS]

    tags = {name for html in kept for name in re.findall(r"<(\w+)", html)}
    attributes = {
        name for html in kept for tag in re.findall(r"<\w[^>]*>", html)
        for name in re.findall(r"\s([\w-]+)=", tag)
    }  # fmt: skip
    assert tags <= {"p", "a", "li"}
    assert attributes <= {"href"}
    assert not any(re.search(r"href=\"\s*(?:javascript|data):", html, re.I) for html in kept)


def test_rich_text_that_was_cleaned_stays_as_it_is() -> None:
    together = "".join(f"<p>{each}</p>" for each in PAYLOADS)
    cleaned = [rich_text.clean(each) for each in (*PAYLOADS, together)]

    assert [each for each in cleaned if rich_text.clean(each) != each] == []


def _read(items: list[ET.Element], name: str) -> list[str]:
    return [item.findtext(name) or "" for item in items]


def _as_xml(texts: list[str]) -> list[str]:
    """What a reader of XML makes of texts: each kind of line break is one."""
    return [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
