"""All words that customers can read today, and what is wrong with them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.admin.utils import quote
from django.db import models
from django.urls import NoReverseMatch, reverse
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Page

from claims.checking import Found, check_row, subject_of
from claims.models import CheckedWords, ClaimOverride

# Wagtail's own rows that pages show; its forms are not ours, so that the report names them.
OTHERS = (
    "taggit.Tag",
    "wagtailcore.Site",
    "wagtaildocs.Document",
    "wagtailsearchpromotions.SearchPromotion",
)
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class LiveFinding:
    """One finding in what is live, with the reason of whoever allowed it."""

    title: str
    kind: str
    subject: str
    url: str
    found: Found
    allowed_by: str = ""
    reason: str = ""

    @property
    def can_be_reviewed(self) -> bool:
        """Tell whether it stands in one of our own rows, which a reviewer can allow it in."""
        return self.subject.partition(":")[0] not in {label.lower() for label in OTHERS}

    @property
    def is_open(self) -> bool:
        """Tell whether it blocks, and nobody has allowed it."""
        return self.found.finding.is_blocking and not self.allowed_by


def checked_models() -> list[type[models.Model]]:
    """The models besides pages whose rows are read."""
    ours = [model for model in apps.get_models() if issubclass(model, CheckedWords)]
    return [*ours, *(apps.get_model(label) for label in OTHERS)]


def live_findings() -> Iterator[LiveFinding]:
    """Yield what is wrong with everything that customers can read, page by page."""
    allowed = {
        (one.subject, one.fingerprint): one
        for one in ClaimOverride.objects.only(
            "subject", "fingerprint", "reviewer_name", "reason"
        ).iterator()
    }
    finder = AdminURLFinder()
    for row in _live_rows():
        subject = subject_of(row)
        for found in check_row(row):
            override = allowed.get((subject, found.finding.fingerprint))
            yield LiveFinding(
                title=str(row),
                kind=str(row._meta.verbose_name).capitalize(),
                subject=subject,
                url=_edit_url(finder, row),
                found=found,
                allowed_by=override.reviewer_name if override else "",
                reason=override.reason if override else "",
            )


def _live_rows() -> Iterator[models.Model]:
    yield from Page.objects.live().filter(depth__gt=1).specific().iterator(chunk_size=_AT_ONCE)
    for model in checked_models():
        yield from _rows_of(model).iterator(chunk_size=_AT_ONCE)


def _rows_of(model: type[models.Model]) -> models.QuerySet[Any]:
    if issubclass(model, CheckedWords):
        return model.read_by_customers()
    return model._default_manager.all()


def _edit_url(finder: AdminURLFinder, row: models.Model) -> str:
    if isinstance(row, Page):
        return reverse("wagtailadmin_pages:edit", args=[quote(row.pk)])
    try:
        return finder.get_edit_url(row) or ""
    except NoReverseMatch:
        return ""
