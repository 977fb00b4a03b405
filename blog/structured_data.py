"""What search engines are told about an article."""

from typing import TYPE_CHECKING, Any

from django.http import HttpRequest

from cms.structured_data import absolute, organisation

if TYPE_CHECKING:
    from blog.models import ArticlePage


def article(page: "ArticlePage", request: HttpRequest) -> dict[str, Any]:
    """The page in schema.org's words, see https://schema.org/Article."""
    data: dict[str, Any] = {
        "@type": "Article",
        "headline": page.title,
        "description": page.search_description or page.intro,
        "mainEntityOfPage": page.get_full_url(request),
        "author": _person(page.author_name, page.author_role),
        "publisher": organisation(),
    }
    if page.hero_image is not None:
        data["image"] = [page.shared_picture_url or absolute(page.hero_image.file.url)]
    if page.first_published_at:
        data["datePublished"] = page.first_published_at.isoformat()
    if page.last_published_at:
        data["dateModified"] = page.last_published_at.isoformat()
    if page.reviewer_name:
        data["editor"] = _person(page.reviewer_name, page.reviewer_role)
    citations = [source.value["title"] for source in page.sources]
    if citations:
        data["citation"] = citations
    return data


def _person(name: str, role: str) -> dict[str, str]:
    person = {"@type": "Person", "name": name}
    return {**person, "jobTitle": role} if role else person
