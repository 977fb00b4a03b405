"""What happens when a workflow has gone well; Wagtail loads this before any model."""

from typing import Any

from wagtail.workflows import publish_workflow_state


def finish(workflow_state: Any, user: Any = None) -> None:
    """Publish the page, unless it is an article: its marketer publishes or schedules it.

    An approval says that it may be read, not when.
    """
    if workflow_state.content_type.model == "articlepage":
        return
    publish_workflow_state(workflow_state, user=user)
