"""Who was asked to review an article, what they answered, and what may therefore be read."""

import datetime as dt
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from wagtail.locks import WorkflowLock
from wagtail.models import Task, TaskState, Workflow

from blog.models.people import Person

HASH_LENGTH = 64


class ReviewStatus(models.TextChoices):
    WAITING = "WAITING", "waiting for an answer"
    APPROVED = "APPROVED", "approved"
    CHANGES_ASKED = "CHANGES_ASKED", "changes asked for"
    WITHDRAWN = "WITHDRAWN", "withdrawn"


class ApprovalKind(models.TextChoices):
    REVIEWED = "REVIEWED", "reviewed"
    LET_THROUGH = "LET_THROUGH", "let through without review"


class Approval(models.Model):
    """That one content may be read, and who says so; never updated, never deleted.

    `content_hash` is what was approved. Page and revision say where it stood then; they may be
    deleted later, and the name on it may marry: what was true at the time is kept here.
    """

    kind = models.CharField(max_length=12, choices=ApprovalKind, default=ApprovalKind.REVIEWED)
    page = models.ForeignKey(
        "wagtailcore.Page",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="approvals",
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision",
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )
    page_title = models.CharField(max_length=255)
    content_hash = models.CharField(max_length=HASH_LENGTH, db_index=True)
    reviewer = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="approvals"
    )
    reviewer_name = models.CharField(max_length=120, blank=True)
    reviewer_credentials = models.CharField(max_length=255, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The account it was given from; none when it came by a link.",
    )
    reason = models.TextField(blank=True, help_text="Why it may be read without a review.")
    approved_at = models.DateTimeField()
    next_review_on = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["-approved_at", "-pk"]
        permissions: ClassVar = [
            ("give_review", "Can review articles clinically"),
            ("ask_for_review", "Can ask for clinical reviews"),
            ("let_through", "Can publish an article without clinical review, for a reason"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=ApprovalKind.values), name="approval_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=ApprovalKind.LET_THROUGH)
                | (Q(reviewer__isnull=False, next_review_on__isnull=False) & ~Q(reviewer_name="")),
                name="approval_after_review_names_reviewer_and_next",
            ),
            models.CheckConstraint(
                condition=Q(kind=ApprovalKind.REVIEWED) | ~Q(reason=""),
                name="approval_without_review_has_a_reason",
            ),
            models.CheckConstraint(condition=~Q(content_hash=""), name="approval_names_a_content"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.page_title} ({self.pk})"

    @property
    def is_review(self) -> bool:
        """Whether a professional has read it."""
        return self.kind == ApprovalKind.REVIEWED


class ReviewRequestQuerySet(models.QuerySet["ReviewRequest"]):
    def waiting(self) -> "ReviewRequestQuerySet":
        return self.filter(status=ReviewStatus.WAITING)

    def answerable(self, at: dt.datetime) -> "ReviewRequestQuerySet":
        """Those whose link still leads somewhere."""
        return self.waiting().filter(expires_at__gt=at)

    def withdraw(self) -> int:
        """Take back those that nobody has answered; return how many."""
        return self.waiting().update(status=ReviewStatus.WITHDRAWN)


class ReviewRequest(models.Model):
    """One professional asked about one content; answered through a link, or from their account."""

    page = models.ForeignKey(
        "blog.ArticlePage", on_delete=models.CASCADE, related_name="review_requests"
    )
    revision = models.ForeignKey("wagtailcore.Revision", on_delete=models.CASCADE, related_name="+")
    content_hash = models.CharField(max_length=HASH_LENGTH)
    reviewer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="review_requests")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    message = models.TextField(blank=True, max_length=2000)
    status = models.CharField(
        max_length=14, choices=ReviewStatus, default=ReviewStatus.WAITING, db_index=True
    )
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    # The link is made of this and of the secret key, so the database alone opens nothing.
    nonce = models.CharField(max_length=32)
    token_digest = models.CharField(max_length=HASH_LENGTH, unique=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    signed_as = models.CharField(max_length=120, blank=True)
    remarks = models.TextField(blank=True)
    remarks_on_parts = models.JSONField(
        default=dict, blank=True, help_text="What was said about single blocks, by their ids."
    )
    approval = models.OneToOneField(
        Approval, null=True, blank=True, on_delete=models.PROTECT, related_name="request"
    )

    objects = ReviewRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "clinical review"
        ordering: ClassVar = ["-requested_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(status__in=ReviewStatus.values), name="review_request_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status=ReviewStatus.APPROVED, approval__isnull=False)
                | (~Q(status=ReviewStatus.APPROVED) & Q(approval__isnull=True)),
                name="review_request_approved_has_its_approval",
            ),
            models.UniqueConstraint(
                fields=["page"],
                condition=Q(status=ReviewStatus.WAITING),
                name="review_request_one_waiting_per_page",
            ),
        ]

    def __str__(self) -> str:
        return f"Clinical review {self.pk}"

    @property
    def is_waiting(self) -> bool:
        return self.status == ReviewStatus.WAITING


class ClinicalReviewTaskState(TaskState):
    """Where an article stands in the workflow while a professional reads it."""

    def cancel(self, *args: Any, **kwargs: Any) -> "ClinicalReviewTaskState":
        """End the task; what was asked of somebody is taken back with it."""
        ReviewRequest.objects.filter(page=self.workflow_state.object_id).withdraw()
        cancelled: ClinicalReviewTaskState = super().cancel(*args, **kwargs)
        return cancelled


class ReviewLock(WorkflowLock):
    """Says why nobody can edit the article, in our own words."""

    def get_message(self, user: Any) -> str:  # noqa: ARG002
        return "A professional is asked to review this very version. Nobody can edit it meanwhile."

    def get_description(self, user: Any, can_lock: bool = False) -> str:  # noqa: ARG002
        return "Nobody can edit the article until the review is answered or withdrawn"


class ClinicalReviewTask(Task):
    """Holds an article still until a named professional has answered.

    It offers no buttons of its own: only an answer to a `ReviewRequest` ends it.
    """

    task_state_class = ClinicalReviewTaskState
    lock_class = ReviewLock

    class Meta:
        verbose_name = "clinical review task"

    def locked_for_user(self, obj: Any, user: Any) -> bool:  # noqa: ARG002
        """Nobody may edit what somebody is reading; taking the request back unlocks it."""
        return True

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:  # noqa: ARG002
        return bool(user.has_perm("blog.give_review"))

    def get_task_states_user_can_moderate(self, user: Any, **_kwargs: Any) -> Any:
        """Return what waits for this person's own answer."""
        asked = ReviewRequest.objects.waiting().filter(reviewer__user=user)
        return self.task_states.filter(
            status=TaskState.STATUS_IN_PROGRESS,
            workflow_state__object_id__in=[str(pk) for pk in asked.values_list("page", flat=True)],
        )

    @classmethod
    def is_part_of(cls, workflow: Workflow) -> bool:
        """Tell whether a workflow has such a task."""
        found: bool = cls.objects.filter(active=True, workflow_tasks__workflow=workflow).exists()
        return found

    @classmethod
    def usual_workflow(cls) -> Workflow | None:
        """Return the first workflow with such a task; the shop comes with one."""
        tasks = cls.objects.filter(active=True)
        workflows = Workflow.objects.active().filter(workflow_tasks__task__in=tasks)
        found: Workflow | None = workflows.order_by("pk").first()
        return found

    @classmethod
    def get_description(cls) -> str:
        return "A named professional other than the writer reads and approves this very version"
