"""What waits for staff, counted on the admin's first page, each with a link to the list of it."""

from typing import Any

from django.db.models import Model, QuerySet
from django.urls import reverse
from wagtail.admin.site_summary import SummaryItem
from wagtail.permissions import policy_registry

# Nobody needs to know exactly how many more.
MOST_COUNTED = 1_000


class WaitingItem(SummaryItem):
    """So many rows, for those who may act on them; rooms say which.

    :cvar model: whose policy decides, asked for `action`.
    :cvar url_name: the list that shows them when asked with `query`.
    """

    template_name = "cms/admin/waiting_item.html"
    icon_name = ""
    model: type[Model]
    action = "view"
    words_for_one = words = ""
    url_name = query = ""

    def is_shown(self) -> bool:
        policy = policy_registry.get_by_type(self.model)
        return bool(policy.user_has_permission(self.request.user, self.action))

    def rows(self) -> QuerySet[Any]:
        """Return what is counted."""
        raise NotImplementedError

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:  # noqa: ARG002
        count = self.rows().order_by()[: MOST_COUNTED + 1].count()
        return {
            "count": min(count, MOST_COUNTED),
            "is_more": count > MOST_COUNTED,
            "words": self.words_for_one if count == 1 else self.words,
            "icon_name": self.icon_name,
            "url": f"{reverse(self.url_name)}{self.query}",
        }
