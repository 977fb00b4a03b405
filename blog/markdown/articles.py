"""One article as a Markdown document, with its facts as front matter."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from wagtail.documents import get_document_model
from wagtail.models import Page

from blog.markdown import forms, words
from blog.markdown.front_matter import Value, front_matter
from blog.markdown.words import Surroundings
from blog.models import ArticlePage, Person
from blog.named import named_in
from cms.models import CustomImage
from cms.structured_data import absolute

_LINK = re.compile(r"<a\b[^<>]*>")
_TO_PAGE = re.compile(r'\blinktype="(page|document)"')
_ID = re.compile(r'\bid="(\d{1,18})"')


def document(page: ArticlePage, around: Surroundings, *, further: dict[str, Value]) -> str:
    """An article from its front matter to its sources.

    :param further: facts that only the caller knows, after those of the article.
    """
    title = f"# {words.line(page.title)}"
    picture = page.hero_image
    parts = [
        front_matter({**facts(page, around), **further}),
        title,
        words.line(page.intro),
        words.picture(picture.default_alt_text, around.picture(picture)) if picture else "",
        forms.body(page.body, around),
        forms.sources(page.sources),
    ]
    return words.joined(parts) + "\n"


def facts(page: ArticlePage, around: Surroundings) -> dict[str, Value]:
    """What is known of an article beside its text."""
    chosen = [link.page_id for link in page.related_pages.all()]
    return {
        "title": page.title,
        "slug": page.slug,
        "address": page.full_url or "",
        "description": page.search_description or page.intro,
        "author": _person(page.author),
        "clinical_reviewer": _person(page.reviewer),
        "last_reviewed_on": page.last_reviewed_on,
        "next_review_on": page.next_review_on,
        "first_published_at": page.first_published_at,
        "last_published_at": page.last_published_at,
        "topics": [topic.name for topic in page.topics.all()],
        "tags": sorted(tag.name for tag in page.tags.all()),
        "reading_minutes": page.reading_minutes,
        "related": [around.pages[pk] for pk in chosen if pk in around.pages],
    }


def surroundings(page: ArticlePage, picture: Callable[[CustomImage], str]) -> Surroundings:
    """Find the addresses of all that an article leads to; one query for pages, one for documents.

    :param picture: where the file of a picture is.
    """
    linked: dict[str, set[int]] = {"page": set(), "document": set()}
    for kind, number in _links(page.body.get_prep_value()):
        linked[kind].add(number)
    linked["page"] |= {link.page_id for link in page.related_pages.all()}
    named = named_in(page.body)
    linked["page"] |= {*named.sold, *named.treatments}
    pages = list(Page.objects.live().filter(pk__in=linked["page"]))
    documents = get_document_model().objects.filter(pk__in=linked["document"])
    return Surroundings(
        picture=picture,
        pages={each.pk: absolute(each.get_url() or "") for each in pages},
        documents={each.pk: absolute(each.url) for each in documents},
        titles={each.pk: each.title for each in pages},
    )


def _links(value: Any) -> Iterator[tuple[str, int]]:
    """Yield what the rich text of a stored value leads to, and its id."""
    if isinstance(value, str):
        for tag in _LINK.findall(value):
            kind, number = _TO_PAGE.search(tag), _ID.search(tag)
            if kind and number:
                yield kind[1], int(number[1])
    elif isinstance(value, dict):
        for part in value.values():
            yield from _links(part)
    elif isinstance(value, list):
        for part in value:
            yield from _links(part)


def _person(person: Person | None) -> dict[str, str]:
    if person is None:
        return {}
    known = {
        "name": person.name,
        "credentials": person.credentials,
        "role": person.role,
        "registration_number": person.registration_number,
    }
    return {name: value for name, value in known.items() if value}
