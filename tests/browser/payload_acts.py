"""Attacks in every text of the guide and of its readers; for `tests.browser.backstage`."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from blog import newsletter_content
from blog.models import ArticleIndexPage, ArticlePage, IssueArticle, NewsletterIssue, Person, Topic
from blog.review import answers
from catalog.models import PackagePage, ProductPage
from cms.models import CustomImage
from cms.visible import public
from freshness.changes import SITE, changed
from tests.browser import reader_payload_acts

MARK = "payload-"
# So many stand on one page: none of them gets out of it, or the first one runs.
TOGETHER = 50


def fill_with_attacks(payloads: list[str]) -> dict[str, Any]:
    """Let every text of the guide be made of attacks; say where they are shown, and to whom."""
    groups = [payloads[at : at + TOGETHER] for at in range(0, len(payloads), TOGETHER)]
    person = Person.objects.create(name="Somebody", slug=f"{MARK}person")
    topic = Topic.objects.create(name="Something", slug=f"{MARK}topic", sort_order=99)
    articles = [_article(number, group, person, topic) for number, group in enumerate(groups)]
    _article(len(groups), groups[0], person, topic, has_cards=False)
    # The database of these tests minds no length; forms do.
    words = " ".join(groups[0])
    Person.objects.filter(pk=person.pk).update(
        name=words, role=words, credentials=words, registration_number=words, bio=words
    )
    Topic.objects.filter(pk=topic.pk).update(name=words, description=words)
    issue = _issue(articles, groups)
    mail = newsletter_content.to_nobody(newsletter_content.compose(issue)).html
    NewsletterIssue.objects.filter(pk=issue.pk).update(sent_html=mail, started_at=timezone.now())
    changed(SITE, "newsletter")
    reading = reader_payload_acts.fill(articles[0], groups, person)
    # What waits for a review is locked: an editor with fields has another article.
    first, second = articles[:2]
    return {
        "public": [
            *(str(page.url) for page in articles),
            reverse("blog:newsletter_issue", args=[issue.slug]),
            *reading.public,
        ],
        "manager": [
            f"/admin/pages/{ArticleIndexPage.objects.get().pk}/",
            f"/admin/pages/{first.pk}/history/",
            f"/admin/pages/{second.pk}/edit/",
            f"/admin/snippets/blog/newsletterissue/inspect/{issue.pk}/",
            *reading.manager,
        ],
        "clinician": reading.clinician,
        "mails": [mail, *reading.mails],
    }


def take_attacks_away() -> int:
    """Take everything away that `fill_with_attacks` has brought."""
    NewsletterIssue.objects.filter(slug__startswith=MARK).delete()
    reader_payload_acts.empty()
    pages = list(ArticlePage.objects.filter(slug__startswith=MARK))
    for page in pages:
        page.delete()
    Topic.objects.filter(slug__startswith=MARK).delete()
    Person.objects.filter(slug__startswith=MARK).delete()
    changed(SITE, "newsletter")
    return len(pages)


def _article(
    number: int, group: list[str], person: Person, topic: Topic, *, has_cards: bool = True
) -> ArticlePage:
    """Publish an article; one without cards leads to nothing, which a report names."""
    words, rich = " ".join(group), "".join(f"<p>{each}</p>" for each in group)
    url = f"https://example.com/{words}"
    page = ArticlePage(
        title=f"Attack {number}",
        slug=f"{MARK}{number}",
        intro="In short.",
        author=person,
        body=[*_body(words, rich), *(_cards(words) if has_cards else ())],
        sources=[("source", {"title": words, "publisher": words, "url": url, "year": 2024})],
        live=False,
    )
    ArticleIndexPage.objects.get().add_child(instance=page)
    page.topics.set([topic])
    page.save_revision()
    # The gate is passed by: what is asked here is what readers' browsers make of what is stored.
    at = timezone.now()
    approval = answers.let_through(page=page, reason="A test of attacks", at=at)
    texts = ("title", "draft_title", "intro", "seo_title", "search_description")
    ArticlePage.objects.filter(pk=page.pk).update(
        **dict.fromkeys(texts, words),
        first_published_at=at,
        last_published_at=at,
        approval=approval,
        live=True,
    )
    return ArticlePage.objects.get(pk=page.pk)


def _body(words: str, rich: str) -> list[tuple[str, Any]]:
    image = CustomImage.objects.order_by("pk").first()
    film = {"title": words, "url": f"https://example.com/{words}", "image": image, "minutes": 3}
    film |= {"summary": words, "has_captions": True, "transcript": words}
    return [
        ("text", rich),
        ("callout", {"kind": "note", "title": words, "text": rich}),
        ("steps", {"title": words, "steps": [{"title": words, "text": rich}]}),
        ("do_dont", {"title": words, "do": [words], "dont": [words]}),
        ("care_card", {"title": words, "text": rich, "level": "urgent"}),
        ("faq", {"title": words, "questions": [{"question": words, "answer": rich}]}),
        ("quote", {"quote": words, "attribution": words, "role": words}),
        ("figure", {"image": image, "alt": words, "caption": words}),
        ("video", film),
        ("table", _table(words)),
    ]


def _cards(words: str) -> list[tuple[str, Any]]:
    product = public(ProductPage.objects.order_by("path")).first()
    package = public(PackagePage.objects.order_by("path")).first()
    return [
        ("product_card", {"page": product, "note": words}),
        ("package_card", {"page": package, "note": words}),
    ]


def _table(words: str) -> dict[str, Any]:
    return {
        "caption": words,
        "columns": [{"type": "text", "heading": words}, {"type": "text", "heading": words}],
        "rows": [{"values": [words, words]}],
    }


def _issue(articles: list[ArticlePage], groups: list[list[str]]) -> NewsletterIssue:
    rich = "".join(f"<p>{each}</p>" for group in groups for each in group)
    issue = NewsletterIssue(subject="Attacks", slug=f"{MARK}issue", intro=rich, closing=rich)
    issue.articles.set(
        [
            IssueArticle(article=page, teaser=" ".join(group), sort_order=order)
            for order, (page, group) in enumerate(zip(articles, groups, strict=True))
        ]
    )
    issue.save()
    words = " ".join(groups[0])
    NewsletterIssue.objects.filter(pk=issue.pk).update(subject=words, preheader=words)
    # As it is when it is sent: what was stored, not what somebody tried to store.
    return NewsletterIssue.objects.get(pk=issue.pk)
