"""What search engines are told about an article."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

from cms.structured_data import Thing, absolute, organisation

if TYPE_CHECKING:
    from blog.models import ArticlePage, Person


def article(page: "ArticlePage", request: HttpRequest, guide_url: str) -> Thing:
    """The page in schema.org's words, see https://schema.org/Article."""
    data: Thing = {
        "@type": "Article",
        "headline": page.title,
        "description": page.search_description or page.intro,
        "mainEntityOfPage": page.get_full_url(request),
        "publisher": organisation(),
    }
    if page.author is not None:
        data["author"] = person(page.author, guide_url)
    if page.hero_image is not None:
        data["image"] = [page.shared_picture_url or absolute(page.hero_image.file.url)]
    if page.first_published_at:
        data["datePublished"] = page.first_published_at.isoformat()
    if page.last_published_at:
        data["dateModified"] = page.last_published_at.isoformat()
    citations = [source.value["title"] for source in page.sources]
    if citations:
        data["citation"] = citations
    return data


def review(page: "ArticlePage", request: HttpRequest, guide_url: str) -> list[Thing]:
    """Say who has reviewed the page and when, see https://schema.org/MedicalWebPage."""
    if page.reviewer is None or page.last_reviewed_on is None:
        return []
    url = page.get_full_url(request)
    return [
        {
            "@type": "MedicalWebPage",
            "@id": url,
            "url": url,
            "name": page.title,
            "lastReviewed": page.last_reviewed_on.isoformat(),
            "reviewedBy": person(page.reviewer, guide_url),
        }
    ]


def person(someone: "Person", guide_url: str) -> Thing:
    """Name an author or reviewer, see https://schema.org/Person."""
    told: Thing = {
        "@type": "Person",
        "name": someone.name,
        "url": absolute(f"{guide_url}people/{someone.slug}/"),
        "jobTitle": someone.role,
        "hasCredential": someone.credentials,
        "identifier": someone.registration_number,
    }
    return {word: value for word, value in told.items() if value}


def profile(someone: "Person", guide_url: str) -> Thing:
    """Somebody's own page, see https://schema.org/ProfilePage."""
    return {"@type": "ProfilePage", "mainEntity": person(someone, guide_url)}
