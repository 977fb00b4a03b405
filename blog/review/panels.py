"""What an editor sees of an article's review, above everything else."""

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from blog.models.reviews import ReviewRequest
from blog.review import gate
from blog.review.parts import parts_of

_SHOWN = 5


class ReviewPanel(Panel):
    """Says whether the draft may be published, who was asked and what they said."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "blog/admin/review_panel.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            if not page.pk:
                return context
            requests = ReviewRequest.objects.filter(page=page.pk).select_related("reviewer")
            latest = requests.first()
            return context | {
                "page": page,
                "approval": gate.approval_of(page),
                "latest": latest,
                "remarks_on_parts": _remarks(page, latest),
                "approvals": list(page.approvals.all()[:_SHOWN]),
                "ask_url": reverse("reviews:ask", args=[page.pk]),
                "list_url": f"{reverse('reviews:index')}?page_id={page.pk}",
            }


def _remarks(page: Any, latest: ReviewRequest | None) -> list[tuple[str, str]]:
    if latest is None:
        return []
    labels = {part.id: part.label for part in parts_of(page.body)}
    said = latest.remarks_on_parts.items()
    return [(labels.get(part, "A part that is gone"), text) for part, text in said]
