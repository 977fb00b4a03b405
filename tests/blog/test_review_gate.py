"""No way of publishing lets through what nobody has approved."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.registry import action_registry
from wagtail.actions.revert_to_page_revision import RevertToPageRevisionAction
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction
from wagtail.models import Locale, Page, TaskState, WorkflowState
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield
import pytest
from pytest_django import Settings

from blog.models import Approval, ArticlePage
from blog.review import answers, gate, schedule
from blog.review.content_hash import content_hash
from outbox.models import OutboundMail
from storefront import jobs
from tests.blog.clinic import IN_A_YEAR, NOON, Clinic, reload
from tests.catalog.factories import ImageFactory

pytestmark = pytest.mark.django_db


def form_of(page: ArticlePage, **changes: Any) -> dict[str, Any]:
    """What the editor posts for an article."""
    fields: dict[str, Any] = {
        "title": page.title,
        "slug": page.slug,
        "intro": page.intro,
        "hero_image": "",
        "author": page.author_id,
        "body": streamfield([("text", rich_text("<p>Rinse with lukewarm water.</p>"))]),
        "sources": streamfield([]),
        "read_next": streamfield([]),
        "related_pages": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MAX_NUM_FORMS": 6},
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MAX_NUM_FORMS": 0},
        "search_description": "",
        "seo_title": "",
        "social_image": "",
        "tags": "",
    }
    return nested_form_data(fields | changes)


def staff(clinic: Clinic) -> Client:
    client = Client()
    client.force_login(clinic.marketer)
    return client


def assert_unread(page: ArticlePage) -> None:
    """Nothing of the page is live, and no reader gets it."""
    stored = reload(page)
    assert stored.live is False
    assert stored.approval is None
    assert Client().get(f"/scalp-guide/{page.slug}/").status_code == 404


def test_an_approved_article_is_published_with_its_review(clinic: Clinic) -> None:
    page = clinic.published()

    assert page.live is True
    assert page.approval == Approval.objects.get()
    assert page.approval.content_hash == content_hash(page)
    assert page.reviewer == clinic.reviewer
    assert (page.last_reviewed_on, page.next_review_on) == (dt.date(2026, 3, 2), IN_A_YEAR)
    assert Client().get("/scalp-guide/wash/").status_code == 200


def test_the_newest_revision_is_not_published_unapproved(clinic: Clinic) -> None:
    page = clinic.draft()

    with pytest.raises(gate.NotApproved):
        page.get_latest_revision().publish(user=clinic.marketer)

    assert_unread(page)


def test_wagtail_s_own_action_is_not_a_way_round(clinic: Clinic) -> None:
    page = clinic.draft()

    with pytest.raises(PermissionDenied):
        PublishPageRevisionAction(page.get_latest_revision()).execute(skip_permission_checks=True)

    assert_unread(page)


def test_what_wagtail_s_api_would_call_is_no_way_round(clinic: Clinic) -> None:
    """No address of the shop leads to that API; these are its acts, were it ever let in."""
    page = clinic.published()
    edited = reload(page)
    edited.intro = "Not approved."
    new = ArticlePage(title="New", slug="new", intro="In short.", author=clinic.author)
    form_class = ArticlePage.get_edit_handler().get_form_class()
    form = form_class(
        form_of(new), instance=new, parent_page=clinic.guide, for_user=clinic.marketer
    )
    assert form.is_valid(), form.errors

    create = action_registry.get_action_class(ArticlePage, "create")
    edit = action_registry.get_action_class(ArticlePage, "edit")
    with pytest.raises(gate.NotApproved):
        create(new, clinic.guide, user=clinic.marketer, form=form, publish=True).execute()
    with pytest.raises(gate.NotApproved):
        edit(edited, user=clinic.marketer, publish=True).execute()

    assert not ArticlePage.objects.filter(slug="new", live=True).exists()
    assert reload(page).intro == "In short."


def test_taking_an_older_revision_back_publishes_nothing(clinic: Clinic) -> None:
    page = clinic.draft(intro="Never approved.")
    first = page.get_latest_revision()
    clinic.edit(page, intro="In short.")
    clinic.approve(page)
    reload(page).get_latest_revision().publish(user=clinic.marketer)

    back = RevertToPageRevisionAction(reload(page), first, user=clinic.marketer).execute()
    with pytest.raises(gate.NotApproved):
        back.publish(user=clinic.marketer)

    assert reload(page).intro == "In short."


def test_an_edit_drops_the_approval(clinic: Clinic) -> None:
    page = clinic.published()
    edited = clinic.edit(page, intro="Otherwise.")

    with pytest.raises(gate.NotApproved):
        edited.publish(user=clinic.marketer)

    assert reload(page).intro == "In short."


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Washing"},
        {"intro": "Otherwise."},
        {"body": [("text", "<p>Rinse with hot water.</p>")]},
        {"sources": [("source", {"title": "Scalp care", "year": 2024})]},
        {"search_description": "Cures everything."},
        {"seo_title": "Regrowth"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_a_reader_is_told_is_bound(clinic: Clinic, change: dict[str, Any]) -> None:
    page = clinic.published()

    edited = clinic.edit(page, **change)

    assert content_hash(edited.as_object()) != content_hash(page)


def test_who_wrote_it_is_bound(clinic: Clinic) -> None:
    page = clinic.published()

    edited = clinic.edit(page, author=clinic.reviewer)

    assert content_hash(edited.as_object()) != content_hash(page)


def test_a_picture_s_words_are_bound(clinic: Clinic) -> None:
    image = ImageFactory(alt="A basin")
    page = clinic.published(hero_image=image)
    before = content_hash(page)

    image.alt = "Hair that grows again"
    image.save()

    assert content_hash(page) != before


def test_what_is_no_word_of_the_article_is_not_bound(clinic: Clinic) -> None:
    page = clinic.published()
    draft = page.get_latest_revision_as_object()
    draft.slug = "washing"
    draft.go_live_at = timezone.now() + dt.timedelta(days=1)
    draft.show_in_menus = True

    assert content_hash(draft) == content_hash(page)


def test_the_same_words_have_the_same_hash_after_every_round_trip(clinic: Clinic) -> None:
    image = ImageFactory()
    page = clinic.draft(
        hero_image=image,
        body=[
            ("text", '<p data-block-key="a">Rinse &amp; wait.</p>'),
            ("figure", {"image": image, "alt": "A basin", "caption": ""}),
        ],
        sources=[("source", {"title": "Scalp care"})],
    )
    again = page.save_revision(user=clinic.marketer).as_object()

    hashes = {content_hash(each) for each in (page, reload(page), again)}

    assert len(hashes) == 1


def test_saving_a_page_as_live_is_no_way_round(clinic: Clinic) -> None:
    page = clinic.draft()
    page.live = True

    with pytest.raises(gate.NotApproved):
        page.save()
    with pytest.raises(gate.NotApproved):
        page.save(update_fields=["live"])
    with pytest.raises(gate.NotApproved):
        clinic.guide.add_child(
            instance=ArticlePage(title="New", slug="new", intro="x", author=clinic.author)
        )

    assert_unread(page)
    assert not ArticlePage.objects.filter(slug="new").exists()


def test_a_live_page_is_not_rewritten_field_by_field(clinic: Clinic) -> None:
    page = clinic.published()
    page.intro = "Cures everything."

    with pytest.raises(gate.NotApproved):
        page.save(update_fields=["intro"])
    with pytest.raises(gate.NotApproved):
        page.save()

    assert reload(page).intro == "In short."


def test_a_field_that_is_no_word_is_stored_alone(clinic: Clinic) -> None:
    page = clinic.published()
    page.intro = "Cures everything."
    page.show_in_menus = True

    page.save(update_fields=["show_in_menus"])

    stored = reload(page)
    assert (stored.show_in_menus, stored.intro) == (True, "In short.")


@pytest.mark.parametrize(
    "act",
    [
        lambda page: Page.objects.filter(pk=page.pk).update(live=True),
        lambda page: Page(**{**base_fields(page), "live": True}).save(clean=False),
    ],
    ids=["update", "base page"],
)
def test_what_is_called_live_past_the_gate_is_shown_to_nobody(
    clinic: Clinic, act: Callable[[ArticlePage], object]
) -> None:
    page = clinic.draft()

    act(page)

    assert reload(page).live is True
    assert Client().get("/scalp-guide/wash/").status_code == 404
    assert list(ArticlePage.objects.readable()) == []
    assert b"Wash" not in Client().get("/scalp-guide/").content


def base_fields(page: ArticlePage) -> dict[str, Any]:
    stored = Page.objects.get(pk=page.pk)
    return {field.attname: getattr(stored, field.attname) for field in Page._meta.local_fields}


def test_the_editor_saves_and_says_why_it_does_not_publish(clinic: Clinic) -> None:
    page = clinic.draft()

    answer = staff(clinic).post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        form_of(page, intro="Typed just now.", **{"action-publish": "1"}),
        follow=True,
    )

    assert "has no clinical approval" in answer.content.decode()
    assert reload(page).get_latest_revision_as_object().intro == "Typed just now."
    assert_unread(page)


def test_the_editor_publishes_what_is_approved(clinic: Clinic) -> None:
    page = clinic.draft()
    clinic.approve(page)

    staff(clinic).post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        form_of(page, **{"action-publish": "1"}),
    )

    assert reload(page).live is True


def test_the_editor_s_last_keystrokes_are_not_approved_with_the_rest(clinic: Clinic) -> None:
    page = clinic.draft()
    clinic.approve(page)

    staff(clinic).post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        form_of(page, intro="One word more.", **{"action-publish": "1"}),
    )

    assert_unread(page)


def test_a_new_article_is_not_published_as_it_is_created(clinic: Clinic) -> None:
    page = ArticlePage(title="New", slug="new", intro="In short.", author=clinic.author)

    staff(clinic).post(
        reverse("wagtailadmin_pages:add", args=["blog", "articlepage", clinic.guide.pk]),
        form_of(page, **{"action-publish": "1"}),
    )

    assert_unread(ArticlePage.objects.get(slug="new"))


def test_an_older_revision_is_not_published_unapproved(clinic: Clinic) -> None:
    page = clinic.draft(intro="Never approved.")
    first = page.get_latest_revision()
    clinic.edit(page, intro="In short.")
    clinic.approve(page)
    reload(page).get_latest_revision().publish(user=clinic.marketer)

    with pytest.raises(gate.NotApproved):
        first.publish(user=clinic.marketer, previous_revision=first)
    staff(clinic).post(
        reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, first.pk]),
        form_of(page, intro="Never approved.", **{"action-publish": "1"}),
    )

    assert reload(page).intro == "In short."


def test_an_older_revision_that_was_approved_may_come_back(clinic: Clinic) -> None:
    page = clinic.published()
    first = page.live_revision
    clinic.edit(page, intro="Longer.")
    clinic.approve(page)
    reload(page).get_latest_revision().publish()

    first.publish()

    assert reload(page).intro == "In short."


def test_what_is_not_approved_is_not_scheduled(clinic: Clinic) -> None:
    page = clinic.draft()
    revision = clinic.edit(page, go_live_at=timezone.now() + dt.timedelta(hours=1))

    with pytest.raises(gate.NotApproved):
        revision.publish(user=clinic.marketer)

    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


def planned(clinic: Clinic) -> ArticlePage:
    """An approved article whose moment has just passed."""
    page = clinic.draft()
    revision = clinic.edit(page, go_live_at=timezone.now() + dt.timedelta(hours=1))
    clinic.approve(page)
    revision.publish(user=clinic.marketer)
    past = timezone.now() - dt.timedelta(minutes=1)
    revision.approved_go_live_at = past
    revision.content["go_live_at"] = past.isoformat()
    revision.save()
    return page


def test_a_scheduled_article_goes_live_by_itself(clinic: Clinic) -> None:
    page = planned(clinic)

    jobs._publish_scheduled(timezone.now())

    assert reload(page).live is True
    assert Client().get("/scalp-guide/wash/").status_code == 200


def test_the_schedule_does_not_publish_what_was_changed_meanwhile(clinic: Clinic) -> None:
    page = planned(clinic)
    revision = reload(page).scheduled_revision
    revision.content["intro"] = "Cures everything."
    revision.save()
    other = planned_other(clinic)

    jobs._publish_scheduled(timezone.now())

    assert_unread(page)
    assert reload(other).live is True
    assert reload(page).scheduled_revision is None
    told = OutboundMail.objects.get(event="review_held_back")
    assert told.to == "maren@galea.example"


def planned_other(clinic: Clinic) -> ArticlePage:
    page = clinic.draft("other", go_live_at=timezone.now() - dt.timedelta(minutes=1))
    clinic.approve(page)
    revision = page.get_latest_revision()
    revision.approved_go_live_at = timezone.now() - dt.timedelta(seconds=30)
    revision.save()
    return page


def test_wagtail_s_command_alone_does_not_publish_it_either_nor_stop_at_it(
    clinic: Clinic,
) -> None:
    page = planned(clinic)
    revision = reload(page).scheduled_revision
    revision.content["intro"] = "Cures everything."
    revision.save()
    other = planned_other(clinic)

    call_command("publish_scheduled", verbosity=0)

    assert_unread(page)
    assert reload(other).live is True


def test_a_draft_written_after_the_approval_leaves_the_planned_version_alone(
    clinic: Clinic,
) -> None:
    page = planned(clinic)
    clinic.edit(page, intro="Not approved.")

    assert schedule.hold_back(at=timezone.now()) == 0
    call_command("publish_scheduled", verbosity=0)

    assert reload(page).intro == "In short."


def test_the_end_of_a_workflow_publishes_no_article(clinic: Clinic) -> None:
    page = clinic.draft()
    workflow = page.get_workflow()
    state = workflow.start(page, clinic.marketer)

    state.current_task_state.specific.approve(user=clinic.other)

    assert WorkflowState.objects.get().status == WorkflowState.STATUS_APPROVED
    assert_unread(page)


def test_a_workflow_button_pressed_by_hand_publishes_nothing(clinic: Clinic) -> None:
    page = clinic.draft()
    page.get_workflow().start(page, clinic.marketer)

    staff(clinic).post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        form_of(page, **{"action-workflow-action": "1", "workflow-action-name": "approve"}),
    )
    staff(clinic).post(
        reverse(
            "wagtailadmin_pages:workflow_action",
            args=[page.pk, "approve", TaskState.objects.get().pk],
        )
    )

    assert TaskState.objects.get().status == TaskState.STATUS_IN_PROGRESS
    assert_unread(page)


def test_other_pages_are_still_published_when_their_workflow_ends(clinic: Clinic) -> None:
    from storefront.models import ContentPage  # noqa: PLC0415

    page = clinic.guide.get_parent().add_child(
        instance=ContentPage(title="Terms", slug="terms", live=False)
    )
    page.save_revision()

    state = reload_workflow(clinic).start(page, clinic.marketer)
    state.current_task_state.specific.approve(user=clinic.other)

    assert ContentPage.objects.get().live is True


def reload_workflow(clinic: Clinic) -> Any:
    return clinic.draft("workflow").get_workflow()


def test_a_copy_says_what_was_approved_or_is_not_live(clinic: Clinic) -> None:
    page = clinic.published()

    same = page.copy(update_attrs={"slug": "same"}, keep_live=True)
    with pytest.raises(gate.NotApproved):
        page.copy(update_attrs={"slug": "other", "title": "Regrowth"}, keep_live=True)
    draft = page.copy(update_attrs={"slug": "draft", "title": "Regrowth"}, keep_live=False)

    assert reload(same).approval == page.approval
    assert not ArticlePage.objects.filter(slug="other").exists()
    assert reload(draft).live is False


def test_a_copy_of_a_draft_does_not_publish_the_draft(clinic: Clinic) -> None:
    page = clinic.published()
    clinic.edit(page, intro="Not approved.")

    copied = reload(page).copy(update_attrs={"slug": "copy"}, keep_live=True)

    assert reload(copied).intro == "In short."
    with pytest.raises(gate.NotApproved):
        reload(copied).get_latest_revision().publish()


def test_the_copy_screen_explains_itself(clinic: Clinic) -> None:
    page = clinic.published()
    form = {
        "new_title": "Regrowth",
        "new_slug": "regrowth",
        "new_parent_page": clinic.guide.pk,
        "publish_copies": "on",
    }

    answer = staff(clinic).post(
        reverse("wagtailadmin_pages:copy", args=[page.pk]), form, follow=True
    )

    assert "under its new title the copy has no clinical approval" in answer.content.decode()
    assert ArticlePage.objects.count() == 1


def test_an_alias_shows_what_its_source_shows(clinic: Clinic) -> None:
    page = clinic.published()
    alias = page.create_alias(update_slug="alias")
    of_draft = clinic.draft("draft").create_alias(update_slug="alias-of-draft")

    clinic.edit(page, intro="Not approved.")
    with pytest.raises(gate.NotApproved):
        reload(page).get_latest_revision().publish()

    assert reload(alias).intro == "In short."
    assert reload(alias).approval == page.approval
    assert_unread(of_draft)


def test_an_alias_follows_an_approved_change(clinic: Clinic) -> None:
    page = clinic.published()
    alias = page.create_alias(update_slug="alias")
    clinic.edit(page, intro="Longer.")
    second = clinic.approve(page)

    reload(page).get_latest_revision().publish()

    assert (reload(alias).intro, reload(alias).approval) == ("Longer.", second)


def test_an_alias_updated_with_other_words_is_refused(clinic: Clinic) -> None:
    page = clinic.published()
    alias = page.create_alias(update_slug="alias")
    edited = clinic.edit(page, intro="Not approved.")

    with pytest.raises(gate.NotApproved):
        page.update_aliases(revision=edited, _content=edited.content)

    assert reload(alias).intro == "In short."


def test_an_alias_that_becomes_an_article_of_its_own_needs_approval_for_other_words(
    clinic: Clinic,
) -> None:
    page = clinic.published()
    alias = page.create_alias(update_slug="alias")

    staff(clinic).post(reverse("wagtailadmin_pages:convert_alias", args=[alias.pk]))
    own = reload(alias)

    assert (own.alias_of_id, own.live, own.approval) == (None, True, page.approval)
    with pytest.raises(gate.NotApproved):
        clinic.edit(own, intro="Not approved.").publish(user=clinic.marketer)
    assert reload(own).intro == "In short."


def test_a_translation_is_a_draft_and_needs_its_own_approval(
    clinic: Clinic, settings: Settings
) -> None:
    settings.WAGTAIL_I18N_ENABLED = True
    german = Locale.objects.create(language_code="de")
    page = clinic.published()

    translated = page.copy_for_translation(german, copy_parents=True)
    mirrored = clinic.draft("second").copy_for_translation(german, alias=True, copy_parents=True)
    edited = clinic.edit(translated, title="Waschen")

    assert reload(translated).live is False
    assert reload(mirrored).live is False
    with pytest.raises(gate.NotApproved):
        edited.publish()


def test_many_at_once_are_published_only_if_all_are_approved(clinic: Clinic) -> None:
    approved, refused = clinic.draft("approved"), clinic.draft("refused")
    clinic.approve(approved)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    query = f"?next=/admin/&id={approved.pk}&id={refused.pk}"

    answer = staff(clinic).post(f"{url}{query}", {"include_descendants": ""}, follow=True)

    assert "Without clinical approval: Refused" in answer.content.decode()
    assert_unread(approved)
    assert_unread(refused)


def test_publishing_the_guide_with_all_beneath_it_is_no_way_round(clinic: Clinic) -> None:
    page = clinic.draft()
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    staff(clinic).post(f"{url}?next=/admin/&id={clinic.guide.pk}", {"include_descendants": "on"})
    with pytest.raises(gate.NotApproved):
        PublishBulkAction.execute_action([clinic.guide], include_descendants=True)

    assert_unread(page)


def test_taking_an_article_back_and_publishing_it_again_needs_no_new_review(
    clinic: Clinic,
) -> None:
    page = clinic.published()

    page.unpublish()
    assert_unread(page)
    reload(page).get_latest_revision().publish()

    assert reload(page).approval == Approval.objects.get()


def test_a_new_review_of_the_same_words_is_told_at_once(clinic: Clinic) -> None:
    page = clinic.published()
    alias = page.create_alias(update_slug="alias")

    answers.record_review(
        revision=page.get_latest_revision(),
        reviewer=clinic.reviewer,
        next_review_on=dt.date(2028, 1, 1),
        at=NOON + dt.timedelta(days=300),
    )

    for each in (page, alias):
        assert reload(each).next_review_on == dt.date(2028, 1, 1)
        assert reload(each).last_reviewed_on == dt.date(2026, 12, 27)


def test_what_is_let_through_names_no_reviewer(clinic: Clinic) -> None:
    page = clinic.draft()

    answers.let_through(page=page, reason="Opening hours.", by=clinic.marketer, at=NOON)
    page.get_latest_revision().publish()

    stored = reload(page)
    assert (stored.live, stored.reviewer, stored.last_reviewed_on) == (True, None, None)
    assert stored.approval.reason == "Opening hours."


def test_nothing_is_let_through_without_a_reason(clinic: Clinic) -> None:
    page = clinic.draft()

    with pytest.raises(answers.NoReason):
        answers.let_through(page=page, reason=" ", by=clinic.marketer, at=NOON)

    assert Approval.objects.count() == 0
