"""Read public texts by the rules of this shop: its packs, its evidence, its reviewers' reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from claims.engine import Finding, check
from claims.evidence_codes import Proofs, cites
from claims.models.evidence import Evidence
from claims.models.overrides import ClaimOverride
from claims.packs import Book, book
from claims.texts import pieces_of, text_fields


class ClaimsRefused(PermissionDenied):
    """A page says what it may not say, and no reviewer has given a reason for it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with the field that it is in."""

    label: str
    finding: Finding


def book_in_use() -> Book:
    """The rules that this shop reads its texts by."""
    return book(tuple(settings.CLAIM_PACKS))


def check_text(text: str, *, about: str = "") -> list[Finding]:
    """Return what is wrong with a text today.

    :param about: what it is about, such as a page's title, for the scope of evidence.
    """
    return check(text, book_in_use(), _proofs(about) if cites(text) else None)


def check_row(row: models.Model, parts: Iterable[models.Model] | None = None) -> list[Found]:
    """Return what is wrong with the public texts of a row, each sentence and rule once."""
    found: dict[str, Found] = {}
    about = str(row)
    for piece in pieces_of(row, parts):
        for finding in check_text(piece.text, about=about):
            found.setdefault(finding.fingerprint, Found(piece.label, finding))
    return list(found.values())


def open_findings(row: models.Model, parts: Iterable[models.Model] | None = None) -> list[Found]:
    """Return the blocking findings of a row that no reviewer has allowed."""
    return not_allowed(row, check_row(row, parts))


def not_allowed(row: models.Model, found: Sequence[Found]) -> list[Found]:
    """Leave of some findings those that block and that no reviewer has allowed in this row."""
    blocking = [one for one in found if one.finding.is_blocking]
    if not blocking or not _key_of(row):
        return blocking
    overrides = ClaimOverride.objects.filter(subject=subject_of(row))
    allowed = set(overrides.values_list("fingerprint", flat=True))
    return [one for one in blocking if one.finding.fingerprint not in allowed]


def subject_of(row: models.Model) -> str:
    """Name a row for good; an alias is the page that it mirrors."""
    return f"{row._meta.label_lower}:{_key_of(row)}"


def review_url(row: models.Model) -> str:
    """The admin's screen with what blocks a row, and the reasons given so far."""
    return reverse("claims:review", args=[subject_of(row)])


def refuse_claims(page: Page) -> None:
    """Refuse a page with a sentence that blocks and that no reviewer has allowed.

    :raises ClaimsRefused: naming the sentences.
    """
    _refuse(page, open_findings(page))


def refuse_new_claims(page: Page, update_fields: Iterable[str] | None = None) -> None:
    """Refuse to let a page go live, or change while it is, with a sentence that blocks.

    Called where a page is saved, which every way of publishing comes to but the sheet import: that
    writes in bulk, and asks `new_findings` while it checks the sheet.

    :raises ClaimsRefused: naming the sentences.
    """
    if page.live and _writes_words(page, update_fields):
        _refuse(page, new_findings(page))


def new_findings(page: Page) -> list[Found]:
    """Return the open findings of a page that visitors cannot read on it already.

    A sentence that was public before, under older rules, does not keep a page from being moved or
    ordered.
    """
    found = open_findings(page)
    if found and (before := _as_stored(page)) is not None:
        known = {one.finding.fingerprint for one in check_row(before)}
        found = [one for one in found if one.finding.fingerprint not in known]
    return found


def explain(found: Found) -> str:
    """Say in one paragraph what is wrong with a sentence, by which rule, and what would do."""
    finding = found.finding
    note = f" {finding.note}" if finding.note else ""
    return (
        f"{found.label}: “{finding.sentence}” {finding.rule.title} ({finding.rule.source}).{note} "
        f"Kinder: “{finding.rule.kinder}”"
    )


def _key_of(row: models.Model) -> Any:
    return getattr(row, "alias_of_id", None) or row.pk


def _refuse(page: Page, refused: Sequence[Found]) -> None:
    if refused:
        told = " ".join(explain(one) for one in refused)
        raise ClaimsRefused(f"“{page.title}” was not published. {told}")


def _proofs(about: str) -> Proofs:
    register = {entry.code: entry.proof() for entry in Evidence.objects.all()}
    return Proofs(register, timezone.localdate(), about)


def _writes_words(page: Page, update_fields: Iterable[str] | None) -> bool:
    if update_fields is None:
        return True
    words = {field.name for field in text_fields(type(page))} - {"draft_title", "path", "url_path"}
    return bool({"live", *words} & set(update_fields))


def _as_stored(page: Page) -> Any:
    """The page as visitors see it now; none while they do not."""
    if page.pk is None or page._state.adding:
        return None
    return type(page)._default_manager.filter(pk=page.pk, live=True).first()
