"""No way of publishing shows a claim that nobody has allowed, and an allowed one stays allowed."""

import datetime as dt
import io

from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from wagtail.models import Page, PageLogEntry
import pytest

from accounts.models import User
from claims import overrides
from claims.checking import ClaimsRefused, check_row
from claims.models import ClaimOverride
from cms.models import BasePage
from tests.catalog.factories import CategoryPageFactory, ProductPageFactory
from tests.claims.factories import CLAIM, NOON, REASON, reviewer, study

pytestmark = pytest.mark.django_db


def draft_with_claim(**facts: object) -> BasePage:
    """A category page that is no longer public, whose newest draft makes a claim."""
    page = CategoryPageFactory(**facts)
    page.unpublish()
    page.refresh_from_db()
    page.blurb = CLAIM
    page.save_revision()
    return page


def is_public(page: BasePage) -> bool:
    stored = type(page).objects.get(pk=page.pk)
    return stored.live and stored.blurb == CLAIM


def allow(page: BasePage, sentence: str = CLAIM, by: User | None = None) -> list[ClaimOverride]:
    by = by or User.objects.filter(email="vera@galea.example").first() or reviewer()
    return overrides.allow(row=page, sentence=sentence, reason=REASON, by=by, at=NOON)


def test_a_revision_with_a_claim_is_not_published_and_stays_a_draft() -> None:
    page = draft_with_claim()

    with pytest.raises(ClaimsRefused, match=r"Our wash regrows hair\."):
        page.latest_revision.publish()

    assert not is_public(page)


def test_a_live_page_keeps_what_it_says_when_a_claim_is_refused() -> None:
    page = CategoryPageFactory(blurb="Clean and calm.")
    page.blurb = CLAIM
    revision = page.save_revision()

    with pytest.raises(ClaimsRefused):
        revision.publish()

    assert type(page).objects.get(pk=page.pk).blurb == "Clean and calm."
    assert page.get_latest_revision_as_object().blurb == CLAIM


def test_a_page_that_is_saved_live_by_a_script_is_refused() -> None:
    page = draft_with_claim()
    page.live = True

    with pytest.raises(ClaimsRefused):
        page.save()

    assert not is_public(page)


def test_a_page_that_is_added_live_is_refused() -> None:
    parent = CategoryPageFactory().get_parent()
    before = Page.objects.count()

    with pytest.raises(ClaimsRefused):
        CategoryPageFactory(slug="bold", blurb=CLAIM, parent=parent)

    assert Page.objects.count() == before


def test_a_schedule_takes_what_is_refused_off_and_publishes_the_rest() -> None:
    refused, fine = draft_with_claim(slug="bold"), CategoryPageFactory(slug="fine", live=False)
    past = timezone.now() - dt.timedelta(minutes=2)
    revision = refused.latest_revision
    for one in (revision, fine.save_revision()):
        one.approved_go_live_at = past
        one.save()

    call_command("publish_scheduled", verbosity=0)

    assert not is_public(refused)
    assert type(fine).objects.get(pk=fine.pk).live
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None
    entry = PageLogEntry.objects.get(action="cms.held_back")
    assert entry.page_id == refused.pk
    assert CLAIM in entry.message


def test_planning_a_page_that_may_not_go_live_is_refused_at_once() -> None:
    page = draft_with_claim()
    page.go_live_at = timezone.now() + dt.timedelta(days=1)
    revision = page.save_revision()

    with pytest.raises(ClaimsRefused):
        revision.publish()

    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


def test_an_allowed_sentence_is_published_and_published_again() -> None:
    page = draft_with_claim()
    allow(page)

    page.latest_revision.publish()
    page.refresh_from_db()
    page.save_revision().publish()

    assert is_public(page)


def test_a_reason_falls_away_when_the_sentence_changes() -> None:
    page = draft_with_claim()
    allow(page)
    page.latest_revision.publish()
    page.refresh_from_db()
    page.blurb = "Our wash regrows hair fast."
    revision = page.save_revision()

    with pytest.raises(ClaimsRefused):
        revision.publish()

    assert is_public(page)


def test_a_reason_holds_for_no_other_page_and_for_no_copy() -> None:
    page = draft_with_claim()
    allow(page)
    page.latest_revision.publish()
    page.refresh_from_db()
    other = draft_with_claim(slug="other", title="Other")

    with pytest.raises(ClaimsRefused):
        other.latest_revision.publish()
    with pytest.raises(ClaimsRefused), transaction.atomic():
        page.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=True)

    assert not is_public(other)
    assert not Page.objects.filter(slug="copy").exists()


def test_a_copy_that_is_a_draft_and_an_alias_of_an_allowed_page_are_let_be() -> None:
    page = draft_with_claim()
    allow(page)
    page.latest_revision.publish()
    page.refresh_from_db()

    copy = page.copy(update_attrs={"slug": "copy", "title": "Copy"}, keep_live=False)
    alias = page.create_alias(update_slug="alias")

    assert not copy.live
    assert alias.live


def test_drafts_of_live_pages_are_kept_whatever_they_say() -> None:
    page = CategoryPageFactory()
    page.blurb = CLAIM

    page.save_revision()

    assert page.get_latest_revision_as_object().blurb == CLAIM


def test_a_page_that_was_public_under_older_rules_can_still_be_ordered(
    settings: pytest.FixtureRequest,
) -> None:
    settings.CLAIM_PACKS = []
    page = draft_with_claim()
    page.latest_revision.publish()
    page.refresh_from_db()
    settings.CLAIM_PACKS = ["eu_uk", "us_fda"]

    page.show_in_menus = True
    page.save()

    page.refresh_from_db()
    assert page.show_in_menus
    page.benefit = page.blurb = f"{CLAIM} It also cures dandruff."
    with pytest.raises(ClaimsRefused):
        page.save()


def test_texts_of_rows_that_are_part_of_a_page_are_read_too() -> None:
    page = ProductPageFactory(
        live=False, key_ingredients=[("ingredient", {"name": "Oat", "purpose": CLAIM})]
    )
    sentences = {found.finding.sentence for found in check_row(page)}

    assert CLAIM in sentences


def test_allowing_twice_does_it_once_and_names_every_rule_that_blocks() -> None:
    page = draft_with_claim()

    first, second = allow(page), allow(page)

    assert [one.pk for one in first] == [one.pk for one in second]
    assert sorted(one.rule for one in first) == ["eu_uk.growth", "us_fda.growth"]
    assert {(one.reviewer_name, one.reason) for one in first} == {("Dr Vera Lindqvist", REASON)}
    assert ClaimOverride.objects.count() == 2


@pytest.mark.parametrize(
    ("sentence", "reason", "refusal"),
    [
        (CLAIM, "Fine.", overrides.ReasonMissing),
        ("Leaves hair soft.", REASON, overrides.NothingToAllow),
    ],
)
def test_a_reason_that_says_nothing_and_a_sentence_that_needs_none_are_refused(
    sentence: str, reason: str, refusal: type[Exception]
) -> None:
    page = draft_with_claim()

    with pytest.raises(refusal):
        overrides.allow(row=page, sentence=sentence, reason=reason, by=reviewer(), at=NOON)

    assert not ClaimOverride.objects.exists()


def test_nobody_without_the_permission_or_without_a_name_allows_anything() -> None:
    page = draft_with_claim()
    writer = User.objects.create_user("m@galea.example", "x", name="Marta", is_staff=True)

    with pytest.raises(overrides.NotAReviewer):
        allow(page, by=writer)
    with pytest.raises(overrides.ReasonMissing):
        allow(page, by=reviewer(name=" "))

    assert not ClaimOverride.objects.exists()


def test_the_database_refuses_to_change_or_delete_a_reason() -> None:
    (one, _) = allow(draft_with_claim())

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        ClaimOverride.objects.filter(pk=one.pk).update(reason="Another")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        ClaimOverride.objects.filter(pk=one.pk).delete()

    assert ClaimOverride.objects.get(pk=one.pk).reason == REASON


def test_a_page_that_cites_evidence_on_record_is_published_until_the_evidence_ends() -> None:
    entry = study(subjects="Wash", covers="proof")
    page = CategoryPageFactory(live=False, blurb="Clinically tested to feel soft (GAL-2026-01).")
    page.save_revision().publish()
    page.refresh_from_db()

    entry.valid_until = dt.date(2020, 1, 1)
    entry.save()

    assert page.live
    page.blurb = "Clinically tested to feel very soft (GAL-2026-01)."
    revision = page.save_revision()
    with pytest.raises(ClaimsRefused, match="good until 1 January 2020"):
        revision.publish()


def test_the_command_fails_while_something_live_blocks_and_names_it(
    settings: pytest.FixtureRequest,
) -> None:
    settings.CLAIM_PACKS = []
    page = draft_with_claim()
    page.latest_revision.publish()
    settings.CLAIM_PACKS = ["eu_uk"]
    out = io.StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("check_claims", stdout=out)
    assert ended.value.code == 1
    assert f"blocking: Wash (catalog.categorypage:{page.pk}), Blurb: “{CLAIM}”" in out.getvalue()

    allow(page)
    out = io.StringIO()
    call_command("check_claims", stdout=out)
    assert out.getvalue().strip() == "1 findings, 0 of them blocking."
