"""What a page carries that nobody may read before a professional has approved it."""

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest
from django.utils import timezone
from wagtail.models import Revision, Workflow
from wagtail.url_routing import RouteResult

from blog.models.people import Person
from blog.models.reviews import Approval, ClinicalReviewTask
from blog.review import gate
from blog.review.page_form import ReviewedPageForm
from cms.models import BasePage
from freshness.answers import shows

logger = logging.getLogger(__name__)

# How Wagtail's own command marks what it publishes at its moment.
_BY_SCHEDULE = "wagtail.publish.scheduled"


class ReviewedPage(BasePage):
    """A page behind the gate: what is live stands on an approval of exactly that.

    `review.gate` alone writes these fields; no form and no revision decides on them.
    """

    approval = models.ForeignKey(
        Approval, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    reviewer = models.ForeignKey(
        Person,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="reviewed_articles",
        verbose_name="clinical reviewer",
    )
    last_reviewed_on = models.DateField(null=True, editable=False)
    next_review_on = models.DateField(null=True, editable=False)

    base_form_class = ReviewedPageForm

    # Set while the editor keeps a draft, which may lack what a published page needs.
    is_being_drafted = False

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the page.

        :raises NotApproved: if it would be live and nobody has approved what it says.
        """
        fields = gate.check(self, update_fields=kwargs.get("update_fields"))
        if fields is not None:
            kwargs["update_fields"] = fields
        super().save(*args, **kwargs)

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> None:
        """Publish or schedule a revision.

        The schedule's own run leaves one that is not approved any more as it was, so that the
        others still go live; `review.schedule` tells whoever planned it.

        :raises NotApproved: if nobody has approved what the revision says.
        """
        draft = revision.as_object()
        if gate.may_be_published(draft):
            super().publish(revision, *args, **kwargs)
        elif kwargs.get("log_action") == _BY_SCHEDULE:
            logger.warning("Page %s is due but not approved; it was not published.", self.pk)
        else:
            raise gate.NotApproved(draft.title)

    def get_workflow(self) -> Workflow | None:
        """The workflow of this part of the site, if a clinical review is part of it, or ours."""
        chosen: Workflow | None = super().get_workflow()
        if chosen is not None and ClinicalReviewTask.is_part_of(chosen):
            return chosen
        return ClinicalReviewTask.usual_workflow() or chosen

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Answer only with what stands on an approval, whatever else says that it is live.

        :raises Http404: if it stands on none.
        """
        if self.live and not self.may_be_read and not path_components:
            raise Http404
        return super().route(request, path_components)

    @property
    def may_be_read(self) -> bool:
        """Whether an approval stands behind what is live; what is not is shown to nobody."""
        return self.approval_id is not None or not settings.ARTICLES_NEED_REVIEW

    @property
    def is_review_overdue(self) -> bool:
        """Whether the day on which it was to be reviewed again has passed."""
        return self.next_review_on is not None and timezone.localdate() > self.next_review_on

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Note that the page says something else once its next review is overdue."""
        if self.next_review_on is not None and not self.is_review_overdue:
            first_day = self.next_review_on + dt.timedelta(days=1)
            midnight = dt.datetime.combine(first_day, dt.time.min)
            shows(until=timezone.make_aware(midnight))
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return context
