"""What becomes of a page whose moment has come and which may not go live."""

import logging

from wagtail.log_actions import log
from wagtail.models import Revision

# How Wagtail's own command marks what it publishes at its moment.
BY_SCHEDULE = "wagtail.publish.scheduled"
HELD_BACK = "cms.held_back"
logger = logging.getLogger(__name__)


def take_off_schedule(revision: Revision, *, why: str) -> None:
    """Leave a revision as a draft that is not scheduled, with the reason in the page's history."""
    revision.approved_go_live_at = None
    revision.save(update_fields=["approved_go_live_at"])
    log(revision.content_object, HELD_BACK, revision=revision, data={"why": why})
    logger.warning("Page %s was due and is held back.", revision.object_id)
