"""A guide with a writer, a marketer and two professionals, for tests of clinical review."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from wagtail.models import Revision, Workflow, WorkflowTask

from accounts.models import User
from blog.models import Approval, ArticleIndexPage, ArticlePage, ClinicalReviewTask, Person
from blog.review import answers
from tests.catalog.factories import HomePageFactory

NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)
IN_A_YEAR = dt.date(2027, 3, 2)


@dataclass
class Clinic:
    """What a test of reviews needs."""

    guide: ArticleIndexPage
    marketer: User
    other: User
    author: Person
    reviewer: Person

    def draft(self, slug: str = "wash", **fields: Any) -> ArticlePage:
        """Write a draft that the marketer has saved."""
        facts: dict[str, Any] = {
            "title": slug.title(),
            "slug": slug,
            "intro": "In short.",
            "author": self.author,
            "owner": self.marketer,
            "live": False,
            "body": [("text", "<p>Rinse with lukewarm water.</p>")],
        }
        page: ArticlePage = self.guide.add_child(instance=ArticlePage(**(facts | fields)))
        page.save_revision(user=self.marketer)
        return page

    def approve(self, page: ArticlePage, *, at: dt.datetime = NOON) -> Approval:
        """Let the reviewer approve the newest draft."""
        page.refresh_from_db()
        return answers.record_review(
            revision=page.get_latest_revision(),
            reviewer=self.reviewer,
            next_review_on=IN_A_YEAR,
            at=at,
        )

    def published(self, slug: str = "wash", **fields: Any) -> ArticlePage:
        """Write, approve and publish."""
        page = self.draft(slug, **fields)
        self.approve(page)
        page.get_latest_revision().publish(user=self.marketer)
        return reload(page)

    def edit(self, page: ArticlePage, *, by: User | None = None, **fields: Any) -> Revision:
        """Save another draft of a page."""
        draft = reload(page).get_latest_revision_as_object()
        for name, value in (fields or {"intro": "Otherwise."}).items():
            setattr(draft, name, value)
        saved: Revision = draft.save_revision(user=by or self.marketer)
        return saved


def reload(page: ArticlePage) -> ArticlePage:
    """Read a page from the database again."""
    found: ArticlePage = ArticlePage.objects.get(pk=page.pk)
    return found


def open_clinic() -> Clinic:
    """Set the clinic up."""
    guide = HomePageFactory().add_child(
        instance=ArticleIndexPage(title="Scalp guide", slug="scalp-guide")
    )
    marketer = User.objects.create_superuser("maren@galea.example", name="Maren Holt")
    other = User.objects.create_superuser("katrin@galea.example", name="Katrin Vogel")
    writer = User.objects.create_user("tomasz@galea.example", name="Tomasz Lind")
    if not ClinicalReviewTask.objects.exists():
        task = ClinicalReviewTask.objects.create(name="Clinical review")
        workflow = Workflow.objects.create(name="Clinical review")
        WorkflowTask.objects.create(workflow=workflow, task=task)
    return Clinic(
        guide=guide,
        marketer=marketer,
        other=other,
        author=Person.objects.create(name="Tomasz Lind", slug="tomasz-lind", user=writer),
        reviewer=Person.objects.create(
            name="Dr. Ines Albrecht",
            slug="ines-albrecht",
            credentials="Dermatologist",
            registration_number="Berlin 00-4711",
            may_review=True,
            email="ines@practice.example",
        ),
    )
