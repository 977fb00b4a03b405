"""What editors of an article count on: it saves itself, keeps their remarks, and is previewed."""

from typing import Any

from django.test import Client
from django.urls import reverse
from wagtail.models import Comment
from wagtail.test.utils.form_data import rich_text, streamfield
import pytest

from blog.models import ArticlePage
from blog.review import requests
from tests.blog.clinic import NOON, Clinic, reload
from tests.blog.test_review_gate import form_of, staff

pytestmark = pytest.mark.django_db


def edit_url(page: ArticlePage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def save_by_itself(client: Client, page: ArticlePage, **fields: Any) -> Any:
    """Post what the editor does while somebody types."""
    typed = form_of(page, **fields)
    return client.post(edit_url(page), typed, headers={"accept": "application/json"})


def test_what_is_typed_is_saved_by_itself_into_one_version(clinic: Clinic) -> None:
    page, client = clinic.draft(), staff(clinic)
    assert "data-w-autosave-interval-value" in client.get(edit_url(page)).content.decode()
    before = page.revisions.count()

    first = save_by_itself(client, page, intro="Half a sen").json()
    second = save_by_itself(
        client, page, intro="A whole sentence.", overwrite_revision_id=first["revision_id"]
    ).json()

    assert first["success"]
    assert second["revision_id"] == first["revision_id"]
    assert page.revisions.count() == before + 1
    assert reload(page).get_latest_revision_as_object().intro == "A whole sentence."
    assert "A whole sentence." in client.get(edit_url(page)).content.decode()


def test_an_unfinished_article_is_saved_as_well(clinic: Clinic) -> None:
    page = clinic.draft()

    answer = save_by_itself(staff(clinic), page, intro="", author="")

    assert answer.status_code == 200
    assert reload(page).get_latest_revision_as_object().intro == ""


def test_a_number_whose_source_is_still_to_come_is_saved_and_not_published(clinic: Clinic) -> None:
    page, client = clinic.draft(), staff(clinic)
    source = {"title": "Itch", "publisher": "", "url": "", "year": ""}
    typed = form_of(
        page,
        body=streamfield([("text", rich_text("<p>It helps [1, 2].</p>"))]),
        sources=streamfield([("source", source)]),
    )

    client.post(edit_url(page), typed)
    published = client.post(edit_url(page), typed | {"action-publish": "1"})

    kept = reload(page).get_latest_revision_as_object()
    assert "It helps [1, 2]." in str(kept.body)
    assert "The text refers to [2]: add that source." in published.content.decode()
    with pytest.raises(requests.NotFinished, match="sources"):
        requests.request_review(
            page_id=page.pk, reviewer_id=clinic.reviewer.pk, by=clinic.marketer, at=NOON
        )


def test_what_somebody_else_saved_meanwhile_is_not_overwritten(clinic: Clinic) -> None:
    page = clinic.draft()
    loaded = page.get_latest_revision()
    clinic.edit(page, by=clinic.other, intro="Katrin was faster.")

    answer = save_by_itself(
        staff(clinic),
        page,
        intro="Typed on an older version.",
        loaded_revision_id=loaded.pk,
        loaded_revision_created_at=loaded.created_at.isoformat(),
    )

    assert answer.status_code == 400
    assert reload(page).get_latest_revision_as_object().intro == "Katrin was faster."


def test_a_remark_of_one_editor_is_kept_and_shown_to_the_other(clinic: Clinic) -> None:
    page = clinic.draft()
    remark: dict[str, Any] = {
        "text": "Is lukewarm a number?",
        "contentpath": "intro",
        "position": "",
        "id": "",
    }
    remark |= {"resolved": "", "DELETE": "", "replies": _formset([])}

    save_by_itself(staff(clinic), page, comments=_formset([remark]))

    [kept] = Comment.objects.filter(page=page.pk)
    assert (kept.text, kept.user, kept.contentpath) == (
        "Is lukewarm a number?",
        clinic.marketer,
        "intro",
    )
    other = Client()
    other.force_login(clinic.other)
    shown = other.get(edit_url(page)).context["edit_handler"].form.serialize_comments(clinic.other)
    assert [each["text"] for each in shown["comments"]] == ["Is lukewarm a number?"]


def test_an_article_is_previewed_as_typed_as_wide_as_a_phone_and_a_desk(clinic: Clinic) -> None:
    page, client = clinic.draft(), staff(clinic)
    assert {"mobile": 375, "desktop": 1280}.items() <= {
        size["name"]: size["device_width"] for size in page.preview_sizes
    }.items()
    editor = client.get(edit_url(page)).content.decode()
    assert 'data-device-width="375"' in editor
    assert 'data-device-width="1280"' in editor
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])

    typed = form_of(page, intro="Not saved yet.", takes_comments="on")
    assert client.post(preview, typed).json()["is_valid"]

    html = client.get(preview).content.decode()
    assert "Not saved yet." in html
    assert "Write a comment" in html
    assert reverse("comments:mine", args=[page.pk]) not in html
    assert reload(page).get_latest_revision_as_object().intro == "In short."


def _formset(rows: list[dict[str, Any]]) -> dict[str, Any]:
    numbers = {"TOTAL_FORMS": len(rows), "INITIAL_FORMS": 0, "MAX_NUM_FORMS": 1_000}
    return {str(number): row for number, row in enumerate(rows)} | numbers
