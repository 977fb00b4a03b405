"""What the site history says of a row."""

from django.db.models import Model
from wagtail.models import ModelLogEntry


def history_of(row: Model) -> list[tuple[str, str]]:
    """Return what was done with it and by whom, the oldest first."""
    entries = ModelLogEntry.objects.for_instance(row).order_by("pk")
    return [(entry.message, str(entry.user)) for entry in entries]
