"""What waits for staff about reviews, on the admin's first page."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from wagtail.admin.ui.components import Component
from wagtail.permissions import policy_registry

from blog.models import ReviewRequest
from blog.review import due

_SHOWN = 6


class ReviewsPanel(Component):
    """Articles that are to be reviewed, and what waits for the answer of whoever looks."""

    name = "clinical-reviews"
    template_name = "blog/admin/home_panel.html"
    order = 150

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        user = parent_context["request"].user
        policy = policy_registry.get_by_type(ReviewRequest)
        if not policy.user_has_permission(user, "view"):
            return {"asked": [], "due": []}
        asked = ReviewRequest.objects.answerable(timezone.now()).filter(reviewer__user=user)
        found = due.now_due(timezone.localdate())
        return {
            "asked": list(asked.select_related("page", "requested_by")[:_SHOWN]),
            "due": list(found[:_SHOWN]),
            "due_count": found.count(),
            "due_url": reverse("reviews:due"),
        }
