"""The demo's clinical reviews: of every article, and two drafts that are on their way."""

import datetime as dt

from wagtail.models import Page

from accounts.models import User
from blog.models import ArticleIndexPage, ArticlePage, Person
from blog.review import answers, requests
from storefront.demo import content, pages, people, pictures, tree

REVIEWED_AGAIN_AFTER = 365


def approve(page: ArticlePage, facts: content.Facts, *, by: User, at: dt.datetime) -> None:
    """Let the article's reviewer approve it before it was published, and since then again."""
    revision = page.save_revision(user=by)
    again_after = dt.timedelta(days=facts.get("reviewed_again_after_days", REVIEWED_AGAIN_AFTER))
    for days_ago in sorted({facts["published_days_ago"], facts["reviewed_days_ago"]}, reverse=True):
        reviewed_at = at - dt.timedelta(days=days_ago, hours=1)
        answers.record_review(
            revision=revision,
            reviewer=Person.objects.get(slug=facts["reviewer"]),
            next_review_on=(reviewed_at + again_after).date(),
            at=reviewed_at,
        )


def seed(at: dt.datetime) -> None:
    """Add the drafts: one waits for an answer, one has come back with remarks."""
    index = ArticleIndexPage.objects.get()
    images = pictures.by_title()
    for document in content.documents("drafts"):
        _add_draft(index, document, pages.new_article(document.facts, images), at)


def _add_draft(
    index: ArticleIndexPage, document: content.Document, page: ArticlePage, at: dt.datetime
) -> None:
    facts, by = document.facts, people.marketer()
    page.body = tree.body(document.text)
    page.owner = by
    index.add_child(instance=page)
    page.save_revision(user=by)
    asked_at = at - dt.timedelta(days=facts["asked_days_ago"])
    Page.objects.filter(pk=page.pk).update(latest_revision_created_at=asked_at)
    page.revisions.update(created_at=asked_at)
    reviewer = Person.objects.get(slug=facts["reviewer"])
    request = requests.request_review(
        page_id=page.pk, reviewer_id=reviewer.pk, message=facts["message"], by=by, at=asked_at
    )
    if "remarks" in facts:
        answer = answers.Answer(signed_as=reviewer.name, remarks=facts["remarks"])
        answers.ask_for_changes(
            request_id=request.pk, answer=answer, at=asked_at + dt.timedelta(hours=5)
        )
