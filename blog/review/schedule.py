"""Before the schedule runs: articles that are due but not approved any more are held back."""

import datetime as dt

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Revision

from blog.review import gate, mails


def hold_back(*, at: dt.datetime) -> int:
    """Cancel the schedule of what may not be published and tell who planned it; say how many."""
    due = Revision.page_revisions.filter(
        approved_go_live_at__lte=at,
        content_type__app_label="blog",
        content_type__model="articlepage",
    )
    held = 0
    for revision in due.select_related("user"):
        draft = revision.as_object()
        if gate.may_be_published(draft):
            continue
        with transaction.atomic():
            revision.approved_go_live_at = None
            revision.save(update_fields=["approved_go_live_at"])
            log(instance=draft, action="blog.review.held_back", revision=revision)
            planner = revision.user or draft.owner
            if planner is not None:
                mails.tell_held_back(draft, revision_id=revision.pk, to=planner.email, at=at)
        held += 1
    return held
